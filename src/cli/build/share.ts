import type { Compilation } from "../../compile.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Artefact } from "../../emit/artefact.js";
import { type HostPlan, stageHost } from "../../emit/write.js";
import type { HostView } from "../../model/host-view.js";
import { type BuiltHost, type CompiledHosts, compileHosts } from "./compile-hosts.js";
import type { BuildMemory } from "./memory.js";
import type { Progress } from "./progress.js";
import type { HostQueue } from "./queue.js";

/** What one thread did of a build: the hosts that it took from the queue, staged. */
export interface Share extends CompiledHosts {
  readonly plans: readonly HostPlan[];
}

/** How a thread builds its share. */
export interface ShareOptions {
  /** Whether plans have stamps. */
  readonly stamped: boolean;
  /** What this thread remembers of earlier builds. */
  readonly memory?: BuildMemory | undefined;
}

/** Compiles and stages hosts of a queue until it is empty. */
export async function buildShare(
  compilation: Compilation,
  folder: string,
  queue: HostQueue,
  progress: Progress,
  { stamped, memory }: ShareOptions,
): Promise<Share> {
  const plans: HostPlan[] = [];
  const take = (host: string, artefacts: Iterable<Artefact>): readonly Diagnostic[] => {
    const [plan, failures] = stageHost(folder, host, artefacts, stamped);
    if (plan !== undefined) plans.push(plan);
    return failures;
  };
  const unchanged = (view: HostView): BuiltHost | undefined => {
    const known = memory?.unchanged(folder, view, compilation.release.name);
    if (known !== undefined) plans.push(known.plan);
    return known?.built;
  };
  const compiled = await compileHosts(compilation, queue, progress, take, unchanged);
  return { ...compiled, plans };
}
