import type { Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import type { Artefact } from "../../emit/artefact.js";
import { printParts } from "../../emit/layout.js";
import type { HostPart } from "../../ir/host-state.js";
import { type Counts, countPart, sumCounts } from "./counts.js";
import type { Progress } from "./progress.js";

/** A host of a build, once its artefacts were taken. */
export interface BuiltHost {
  readonly name: string;
  readonly counts: Counts;
}

/**
 * Compiles hosts one by one and hands over the artefacts of each; nothing of a host is kept but its counts.
 *
 * Errors: those of every host and of `take`; from the first on, hosts are only looked through for more.
 */
export function compileHosts(
  compilation: Compilation,
  names: readonly string[],
  progress: Progress,
  take: (host: string, artefacts: Iterable<Artefact>) => readonly Diagnostic[],
): { readonly hosts: readonly BuiltHost[]; readonly diagnostics: readonly Diagnostic[] } {
  const hosts: BuiltHost[] = [];
  const diagnostics: Diagnostic[] = [];
  names.forEach((name, index) => {
    progress.at(index, name);
    const [host, found] = compilation.hostInParts(name);
    diagnostics.push(...found);
    if (host === undefined || hasErrors(diagnostics)) return;
    const counts: Counts[] = [];
    diagnostics.push(...take(name, printParts(name, counted(host.parts, counts))), ...host.lowered());
    hosts.push({ name, counts: sumCounts(counts) });
  });
  progress.end();
  return { hosts, diagnostics };
}

function* counted(parts: Iterable<HostPart>, counts: Counts[]): Generator<HostPart, void> {
  for (const part of parts) {
    counts.push(countPart(part));
    yield part;
  }
}
