import type { Compilation } from "../../compile.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";

/**
 * Lets the hosts of other shards choose, too, without compiling them: the shard that writes what is the whole tree's has to know.
 *
 * Answers what there is to say of their choices, by host.
 */
export function chooseForOthers(compilation: Compilation, selected: readonly string[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const own = new Set(selected);
  const remarks = new Map<string, readonly Diagnostic[]>();
  for (const host of compilation.hosts) {
    if (own.has(host)) continue;
    const [, found] = compilation.hostInParts(host);
    if (found.length > 0) remarks.set(host, found);
  }
  return remarks;
}
