import type { Compilation } from "../../compile.js";
import { type HostPlan, stageHost } from "../../emit/write.js";
import { type CompiledHosts, compileHosts, type KnownHosts, type TakeHost } from "./compile-hosts.js";
import type { BuildMemory } from "./memory.js";
import type { Progress } from "./progress.js";
import type { HostQueue } from "./queue.js";

/** What one thread did of a build: the hosts that it took from the queue, staged. */
export interface Share extends CompiledHosts {
  readonly plans: readonly HostPlan[];
}

/** How a thread builds its share. */
export interface ShareOptions {
  /** Whether plans tell what the files are. */
  readonly recorded: boolean;
  /** What this thread remembers of earlier builds. */
  readonly memory?: BuildMemory | undefined;
  /** What takes a host's artefacts; by default they are staged. */
  readonly stage?: typeof stageHost;
}

/** Compiles and stages hosts of a queue until it is empty. */
export async function buildShare(
  compilation: Compilation,
  folder: string,
  queue: HostQueue,
  progress: Progress,
  { recorded, memory, stage = stageHost }: ShareOptions,
): Promise<Share> {
  const plans: HostPlan[] = [];
  const take: TakeHost = (host, artefacts, kept) => {
    const [plan, failures] = stage(folder, host, artefacts, { recorded, known: memory?.filesOf(host), kept });
    if (plan !== undefined) plans.push(plan);
    return failures;
  };
  const known: KnownHosts | undefined = memory && {
    host(name) {
      const kept = memory.keep(compilation, name);
      if (kept === undefined || "parts" in kept) return kept;
      plans.push(kept.plan);
      return kept.built;
    },
    meet: (host, resolved) => memory.meet(host, resolved),
    part: (host, plan) => memory.part(host, plan),
    editedPart: (host, plan) => memory.editedPart(host, plan),
    hasBridges: (host, bridges) => memory.hasBridges(host, bridges),
  };
  const compiled = await compileHosts(compilation, queue, progress, take, { known, detailed: recorded });
  return { ...compiled, plans };
}
