import type { Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import type { Artefact } from "../../emit/artefact.js";
import { printParts } from "../../emit/layout.js";
import type { HostPart } from "../../ir/host-state.js";
import { lowerParts } from "../../lower/lower.js";
import { type Counts, countPart, sumCounts } from "./counts.js";
import type { HostView } from "../../model/host-view.js";
import type { Progress } from "./progress.js";
import type { HostQueue } from "./queue.js";

/** A host of a build, once its artefacts were taken. */
export interface BuiltHost {
  readonly name: string;
  readonly counts: Counts;
}

/** What one thread made of the hosts that it took from a queue. */
export interface CompiledHosts {
  readonly hosts: readonly BuiltHost[];
  /** What there is to say of hosts' choices, by host. */
  readonly remarks: ReadonlyMap<string, readonly Diagnostic[]>;
  /** What `take` could not do. */
  readonly failures: readonly Diagnostic[];
}

/**
 * Compiles the hosts of a queue one by one and hands over the artefacts of each; nothing of a host is kept but its counts.
 *
 * Hosts that `unchanged` knows are not compiled.
 * Errors: those of every host and of `take`; from the first on, hosts are only looked through for more.
 */
export async function compileHosts(
  compilation: Compilation,
  queue: HostQueue,
  progress: Progress,
  take: (host: string, artefacts: Iterable<Artefact>) => readonly Diagnostic[],
  unchanged: (view: HostView) => BuiltHost | undefined = () => undefined,
): Promise<CompiledHosts> {
  const hosts: BuiltHost[] = [];
  const remarks = new Map<string, readonly Diagnostic[]>();
  const failures: Diagnostic[] = [];
  for (let name = queue.take(); name !== undefined; name = queue.take()) {
    progress.at(queue.taken - 1, name);
    const [host, found] = compilation.hostInParts(name);
    if (found.length > 0) remarks.set(name, found);
    if (hasErrors(found)) queue.fail();
    if (host === undefined || queue.hasFailed) continue;
    const kept = unchanged(host.view);
    if (kept !== undefined) {
      hosts.push(kept);
      continue;
    }
    const counts: Counts[] = [];
    const refused = take(name, printParts(name, counted(lowerParts(host.parts), counts)));
    failures.push(...refused);
    if (hasErrors(refused)) queue.fail();
    else hosts.push({ name, counts: sumCounts(counts) });
    // Lets the helpers' messages in.
    await new Promise(setImmediate);
  }
  progress.end();
  return { hosts, remarks, failures };
}

/** Everything that there is to say of hosts. */
export function diagnosticsOf({ remarks, failures }: Pick<CompiledHosts, "remarks" | "failures">): readonly Diagnostic[] {
  return [...[...remarks.values()].flat(), ...failures];
}

function* counted(parts: Iterable<HostPart>, counts: Counts[]): Generator<HostPart, void> {
  for (const part of parts) {
    counts.push(countPart(part));
    yield part;
  }
}
