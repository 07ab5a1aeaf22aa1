import type { Compilation } from "../../compile.js";
import { type HostPlan, stageHost } from "../../emit/write.js";
import { type CompiledHosts, compileHosts } from "./compile-hosts.js";
import type { Progress } from "./progress.js";
import type { HostQueue } from "./queue.js";

/** What one thread did of a build: the hosts that it took from the queue, staged. */
export interface Share extends CompiledHosts {
  readonly plans: readonly HostPlan[];
}

/** Compiles and stages hosts of a queue until it is empty. */
export async function buildShare(compilation: Compilation, folder: string, queue: HostQueue, progress: Progress): Promise<Share> {
  const plans: HostPlan[] = [];
  const compiled = await compileHosts(compilation, queue, progress, (host, artefacts) => {
    const [plan, failures] = stageHost(folder, host, artefacts);
    if (plan !== undefined) plans.push(plan);
    return failures;
  });
  return { ...compiled, plans };
}
