import type { Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import type { Artefact } from "../../emit/artefact.js";
import { printArtefacts } from "../../emit/layout.js";
import { type Counts, countState } from "./counts.js";
import type { Progress } from "./progress.js";

/** A host of a build, once its artefacts were taken. */
export interface BuiltHost {
  readonly name: string;
  readonly counts: Counts;
}

/**
 * Compiles hosts one by one and hands over the artefacts of each; nothing of a host is kept but its counts.
 *
 * Errors: those of every host and of `take`; a host that has some is not handed over.
 */
export function compileHosts(
  compilation: Compilation,
  names: readonly string[],
  progress: Progress,
  take: (host: string, artefacts: readonly Artefact[]) => readonly Diagnostic[],
): { readonly hosts: readonly BuiltHost[]; readonly diagnostics: readonly Diagnostic[] } {
  const hosts: BuiltHost[] = [];
  const diagnostics: Diagnostic[] = [];
  names.forEach((name, index) => {
    progress.at(index, name);
    const [compiled, found] = compilation.host(name);
    diagnostics.push(...found);
    if (compiled === undefined) return;
    hosts.push({ name, counts: countState(compiled.state) });
    if (!hasErrors(diagnostics)) diagnostics.push(...take(name, printArtefacts(compiled.state)));
  });
  progress.end();
  return { hosts, diagnostics };
}
