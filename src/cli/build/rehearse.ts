import { resolve } from "node:path";
import { compile, type Loaded } from "../../compile.js";
import { readTreeManifest, type stageHost } from "../../emit/write.js";
import type { Context } from "../context.js";
import { locateTopology } from "../locate-topology.js";
import { openLoaded } from "../open-topology.js";
import { allocationTexts } from "./allocation-rows.js";
import { selectHosts } from "./hosts.js";
import { lockChange } from "./lock-file.js";
import type { BuildMemory } from "./memory.js";
import type { BuildRequest } from "./options.js";
import { HostQueue } from "./queue.js";
import { buildShare } from "./share.js";

/** Servers of a topology from which it is worth rehearsing, and from which one build is rehearsal enough, and takes seconds. */
const fewestToRehearse = 400;
const mostToRehearse = 4000;

/**
 * Builds a topology with a server less than there is, but for writing it, for nothing but speed: V8 compiles well what it has seen run a few
 * times. Between two hosts it ends where the real build is wanted.
 *
 * A TypeScript topology is somebody's code, which runs when it is asked for. What is wrong is left to the build to tell.
 */
export async function rehearse(request: BuildRequest, context: Context, memory: BuildMemory, isOver: () => boolean): Promise<void> {
  const [path] = locateTopology(request.topology, context);
  if (path === undefined || path.endsWith(".ts")) return;
  const [loaded] = await openLoaded(request.topology, context, memory.readers);
  const servers = Object.keys(loaded?.value.servers ?? {}).length;
  if (loaded === undefined || servers < fewestToRehearse || servers > mostToRehearse) return;
  await rehearseBuild(withoutLastServer(loaded), request, context, memory, isOver);
}

/** Builds what was loaded, but for writing it. The memory stays as it is. */
export async function rehearseBuild(
  loaded: Loaded,
  request: BuildRequest,
  context: Context,
  memory: BuildMemory,
  isOver: () => boolean,
): Promise<void> {
  const copy = memory.copy();
  try {
    const [compilation] = compile(loaded, { release: request.release, texts: copy.lockTexts, sharing: copy.sharing });
    if (compilation === undefined) return;
    const folder = resolve(context.cwd, request.out);
    const [manifest] = readTreeManifest(folder);
    copy.begin(compilation, { folder, manifest });
    for (const host of selectHosts(compilation.hosts, request.host, request.shard).selected) {
      if (isOver()) return;
      await buildShare(compilation, folder, new HostQueue([host]), silent, { recorded: true, memory: copy, stage: stageNothing });
      // Lets watcher and signals in.
      await new Promise(setImmediate);
    }
    lockChange(compilation);
    allocationTexts(compilation, { texts: copy.listTexts });
  } finally {
    memory.sharing.restore();
  }
}

/** A topology with one server less than there is. */
export function withoutLastServer(loaded: Loaded): Loaded {
  const servers = Object.fromEntries(Object.entries(loaded.value.servers ?? {}).slice(0, -1));
  return { ...loaded, value: { ...loaded.value, servers } };
}

const silent = { at: () => undefined, end: () => undefined };

/** Takes artefacts, which are made when they are asked for, and lets go of them. */
const stageNothing: typeof stageHost = (_, host, artefacts) => [
  { host, moves: [], removals: [], changed: [...artefacts].length, unchanged: 0 },
  [],
];
