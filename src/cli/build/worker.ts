import { getEnvironmentData } from "node:worker_threads";
import { defined } from "../../base/invariant.js";
import { compile, type Compilation } from "../../compile.js";
import { type Allocation, lockOfSections, parseLock } from "../../resolve/index.js";
import type { SourceText } from "../../source/span.js";
import { dutyName, type HelperDuty } from "./duty.js";
import { HostQueue } from "./queue.js";
import { buildShare, type Share } from "./share.js";

/** What a helper is to do once the main thread has opened the tree. Plain data. */
export interface HelperJob {
  readonly folder: string;
  readonly hosts: readonly string[];
  /** Memory of the main thread's queue. */
  readonly shared: SharedArrayBuffer;
  /** Whether plans tell what the files are. */
  readonly recorded: boolean;
}

/** What a helper did. Plain data. */
export interface HelperOutcome extends Omit<Share, "remarks"> {
  readonly allocations: ReadonlyMap<string, readonly Allocation[]>;
  /** Hosts of whose choices there is something to say: only the main thread knows where in the topology. */
  readonly remarked: readonly string[];
}

/** Made while the main thread checks and resolves the same topology. */
const prepared = attempt(() => prepare(getEnvironmentData(dutyName) as unknown as HelperDuty));

/** Takes hosts from the main thread's queue until it is empty. */
export async function help({ folder, hosts, shared, recorded }: HelperJob): Promise<HelperOutcome> {
  const own = defined(prepared(), "compilation");
  const queue = new HostQueue(hosts, shared);
  const silent = { at: () => undefined, end: () => undefined };
  const { remarks, ...share } = await buildShare(own, folder, queue, silent, { recorded });
  return { ...share, allocations: own.allocationsByHost(), remarked: [...remarks.keys()] };
}

/** Does work at once; what it threw is thrown when somebody asks for the outcome. Nobody does for a topology with errors, which the main thread finds. */
function attempt<T>(work: () => T): () => T {
  try {
    const outcome = work();
    return () => outcome;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function prepare({ value, path, lockPath, lockText, lockSections, release }: HelperDuty): Compilation | undefined {
  const source: SourceText = { path, text: "" };
  const nowhere = { span: { source, start: 0, end: 0 }, exact: false };
  const document = { source, inputs: [source], value, locate: () => nowhere };
  const lock =
    lockText === undefined ? undefined : lockSections === undefined ? parseLock(lockText)[0] : lockOfSections(lockText, lockSections);
  return compile({ document, value, lockPath, lock, lockText }, { release, checkedElsewhere: true })[0];
}
