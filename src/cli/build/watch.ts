import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { coloursOf } from "../colours.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { locateTopology } from "../locate-topology.js";
import type { BuildRequest } from "./options.js";

/** Milliseconds of silence that end a burst of changes, such as an editor's write and rename. */
const settling = 30;

/**
 * `dvrc build --watch`: builds, then builds again whenever a file that took part changes, until the process is stopped.
 *
 * What dvrc itself writes to the lock starts no build.
 */
export async function watchBuild(
  request: BuildRequest,
  context: Context,
  buildOnce: (again: boolean) => Promise<{ readonly inputs: readonly string[] }>,
): Promise<ExitCode> {
  const [entry] = locateTopology(request.topology, context);
  if (entry === undefined) {
    await buildOnce(false);
    return exitCode.trouble;
  }
  const { watch } = await import("chokidar");
  const known = new Map<string, string | undefined>();
  const folders = new Set<string>();
  // By their folders: a file that is watched by itself is lost where it goes and comes back.
  const watcher = watch([], { ignoreInitial: true, depth: 0, ignored: (path) => !known.has(path) && !folders.has(path) });
  const rebuild = async (again: boolean): Promise<void> => {
    const { inputs } = await buildOnce(again);
    for (const path of [entry, ...inputs]) {
      const isNew = !known.has(path);
      known.set(path, textOf(path));
      if (isNew) watcher.add([...addedTo(folders, dirname(path)), path]);
    }
    context.stderr.write(`${coloursOf(context.stderr, context.env).dim(`Watching ${known.size} files; Ctrl-C ends it.`)}\n`);
  };
  let timer: NodeJS.Timeout | undefined;
  let work = rebuild(false);
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      work = work.then(async () => {
        if ([...known].some(([path, text]) => textOf(path) !== text)) await rebuild(true);
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
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
