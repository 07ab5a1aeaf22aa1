import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setEnvironmentData } from "node:worker_threads";
import type Tinypool from "tinypool";
import { importModule } from "../../base/import-module.js";
import type { Compilation, Loaded } from "../../compile.js";
import { sectionsOfLock } from "../../resolve/index.js";
import { dutyName, type HelperDuty } from "./duty.js";
import { roomyMegabytes } from "../thread/roomy-thread.js";
import type { BuildRequest } from "./options.js";
import type { Share } from "./share.js";
import { keepHeapsSmall } from "../thrift.js";
import type { HelperJob, HelperOutcome } from "./worker.js";

/** Servers of the hosts to build from which helpers pay: each has to check and resolve the whole topology first. */
const serversForHelpers = 400;

/** As {@link serversForHelpers}, where this thread has built the topology before. */
const serversForHelpersAgain = 4000;

/** More helpers than these would wait for the disk, each with a topology in memory. */
const mostHelpers = 7;

/** Where the bundler puts `worker.ts`; it is not there where dvrc runs from its sources. */
const workerFile = join(import.meta.dirname, "../build-worker.mjs");

/** Threads that share a build with the main one. */
export interface Helpers {
  /** Lets them take hosts from the queue; theirs is what the outcome has. */
  join(job: HelperJob): Promise<readonly HelperOutcome[]>;
  /** Ends them, whatever they do. */
  end(): Promise<void>;
}

/**
 * Starts helpers where there is enough to do: they check and resolve the topology while this thread does.
 *
 * Undefined for a small topology, one processor, and `--jobs 1`.
 */
export async function startHelpers(loaded: Loaded, request: BuildRequest, names: readonly string[]): Promise<Helpers | undefined> {
  const servers = Object.keys(loaded.value.servers ?? {}).length;
  const share = (servers * names.length) / Object.keys(loaded.value.hosts).length;
  const enough = request.again === true ? serversForHelpersAgain : serversForHelpers;
  const wanted = request.jobs ?? (share < enough ? 1 : availableParallelism());
  const threads = Math.min(wanted - 1, names.length - 1, mostHelpers);
  if (threads < 1 || !existsSync(workerFile)) return undefined;
  const { default: Pool } = (await importModule("tinypool")) as { readonly default: typeof Tinypool };
  const { document, value, lockPath, lock, lockText } = loaded;
  const lockSections = lock === undefined ? undefined : sectionsOfLock(lock);
  const duty: HelperDuty = { value, path: document.source.path, lockPath, lockText, lockSections, release: request.release };
  keepHeapsSmall(servers);
  setEnvironmentData(dutyName, duty);
  const pool: Tinypool = new Pool({
    filename: workerFile,
    name: "help",
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: { maxYoungGenerationSizeMb: roomyMegabytes },
  });
  setEnvironmentData(dutyName, undefined);
  return {
    async join(job) {
      // Those that are ready already say so first.
      await new Promise(setImmediate);
      return Promise.all(Array.from({ length: threads }, () => pool.run(job) as Promise<HelperOutcome>));
    },
    end: () => pool.destroy(),
  };
}

/** A build's shares as one, as if this thread had done it all: in the order of the hosts, whoever was faster. */
export function joinShares(own: Share, outcomes: readonly HelperOutcome[], compilation: Compilation, names: readonly string[]): Share {
  const remarks = new Map(own.remarks);
  for (const { remarked, allocations } of outcomes) {
    for (const [host, list] of allocations) compilation.adoptHost(host, list);
    for (const host of remarked) remarks.set(host, compilation.hostInParts(host)[1]);
  }
  const shares = [own, ...outcomes];
  const rank = new Map(names.map((name, index) => [name, index]));
  const rankOf = (host: string): number => rank.get(host) ?? names.length;
  return {
    hosts: shares.flatMap(({ hosts }) => hosts).sort((a, b) => rankOf(a.name) - rankOf(b.name)),
    plans: shares.flatMap(({ plans }) => plans).sort((a, b) => rankOf(a.host) - rankOf(b.host)),
    remarks,
    failures: shares.flatMap(({ failures }) => failures),
  };
}
