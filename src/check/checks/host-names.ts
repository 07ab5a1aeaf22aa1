import { longestFileName, unsafeCharacter } from "../../base/safe-name.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";

/** Files that the artefact tree has beside the hosts' folders. */
const reserved = new Set(["manifest.json", "allocations.txt"]);

/** Hosts become folders of the artefact tree: their names must be safe as file names, and stay apart where letter case does not count. */
export function* checkHostNames({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const folded = new Map<string, string>();
  for (const { name, pointer } of topology.hosts.values()) {
    const reason = flawOf(name);
    if (reason !== undefined) yield report("bad-host-name", { host: name, reason }, at(pointer, "key"));
    const fold = name.toLowerCase();
    const first = folded.get(fold);
    if (first === undefined) folded.set(fold, name);
    else {
      const other = topology.hosts.get(first)?.pointer ?? pointer;
      const related = [{ at: at(other, "key"), message: `"${first}" is declared here.` }];
      yield report("colliding-host-names", { first, second: name }, at(pointer, "key"), { related });
    }
  }
}

function flawOf(name: string): string | undefined {
  if (name === "." || name === "..") return "it means another folder";
  const unsafe = unsafeCharacter(name);
  if (unsafe !== undefined) return `it ${unsafe.leading ? "begins with" : "contains"} "${unsafe.character}"`;
  if (name.length > longestFileName) return `it is longer than ${longestFileName} bytes`;
  if (reserved.has(name.toLowerCase())) return "the artefact tree has a file of that name";
  return undefined;
}
