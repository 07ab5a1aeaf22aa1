import { dirname } from "node:path";
import { readTextIfAny } from "../../read/text.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { locateTopology } from "../locate-topology.js";
import type { BuildRequest } from "./options.js";

/** What a build tells of the files that took part. */
export interface WatchedBuild {
  /** Files of the topology. */
  readonly inputs: readonly string[];
  /** The lock, which the build may have written itself; undefined where the topology did not get that far. */
  readonly lockPath: string | undefined;
}

/** Milliseconds of silence that end a burst of changes, such as an editor's write and rename. */
const settling = 10;

/**
 * `dvrc build --watch`: builds, then builds again whenever a file that took part changes, until the process is stopped.
 *
 * What dvrc itself writes to the lock starts no build.
 */
export async function watchBuild(
  request: BuildRequest,
  context: Context,
  buildOnce: (again: boolean) => Promise<WatchedBuild>,
): Promise<ExitCode> {
  const [entry] = locateTopology(request.topology, context);
  if (entry === undefined) {
    await buildOnce(false);
    return exitCode.trouble;
  }
  const { watch } = await import("chokidar");
  const known = new Map<string, string | undefined>();
  const hasChanged = (): boolean => [...known].some(([path, text]) => textOf(path) !== text);
  const folders = new Set<string>();
  // By their folders: a file that is watched by itself is lost where it goes and comes back.
  const watcher = watch([], { ignoreInitial: true, depth: 0, ignored: (path) => !known.has(path) && !folders.has(path) });
  const rebuild = async (again: boolean): Promise<void> => {
    // As the build finds them: what changes while it works is still to be built.
    const before = new Map(Array.from([entry, ...known.keys()], (path) => [path, textOf(path)]));
    const { inputs, lockPath } = await buildOnce(again);
    for (const path of [...before.keys(), ...inputs, ...(lockPath === undefined ? [] : [lockPath])]) {
      const isNew = !known.has(path);
      known.set(path, before.has(path) && path !== lockPath ? before.get(path) : textOf(path));
      if (isNew) watcher.add([...addedTo(folders, dirname(path)), path]);
    }
    if (hasChanged()) return rebuild(true);
    context.stderr.write(`${coloursOf(context.stderr, context.env).dim(`Watching ${known.size} files; Ctrl-C ends it.`)}\n`);
  };
  let timer: NodeJS.Timeout | undefined;
  let work = rebuild(false);
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      work = work.then(async () => {
        if (hasChanged()) await rebuild(true);
      });
    }, settling);
  });
  await work;
  return new Promise<ExitCode>((resolve, reject) => {
    watcher.on("error", reject);
    watcher.on("all", () => void work.catch(reject));
  });
}

/** Adds a folder; answers it where it is new. */
function addedTo(folders: Set<string>, folder: string): readonly string[] {
  if (folders.has(folder)) return [];
  folders.add(folder);
  return [folder];
}

function textOf(path: string): string | undefined {
  return readTextIfAny(path)[0]?.text;
}
