import { statSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import type { Context } from "../context.js";
import { locateTopology } from "../locate-topology.js";
import type { BuildRequest } from "./options.js";

/** Bytes of a topology from which collecting garbage in a small young generation takes longer than starting a thread with a large one. */
const bytesForRoom = 2 ** 19;

/** As {@link bytesForRoom}, for a build that goes on and on. */
const bytesForWatchedRoom = 2 ** 16;

/** The command line of a build that is better off in a thread with more room; undefined for any other. */
export function roomyCommandLine({ topology, watch }: BuildRequest, context: Context): readonly string[] | undefined {
  if (context.commandLine === undefined || !isMainThread) return undefined;
  const [path] = locateTopology(topology, context);
  // A TypeScript topology is somebody's code, which may do what no thread may.
  if (path === undefined || path.endsWith(".ts")) return undefined;
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return bytes < (watch === true ? bytesForWatchedRoom : bytesForRoom) ? undefined : context.commandLine;
}
