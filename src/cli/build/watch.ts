import { once } from "node:events";
import { dirname } from "node:path";
import { setTimeout as setLater } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { TextReader } from "../../read/text.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { collectYoung } from "../thrift.js";
import { locateTopology } from "../locate-topology.js";
import type { BuildRequest } from "./options.js";

/** How often the next build is rehearsed while nothing has changed yet. */
const rehearsals = 4;

/** What a build tells of the files that took part. */
export interface WatchedBuild {
  /** Files of the topology. */
  readonly inputs: readonly string[];
  /** The lock, which the build may have written itself; undefined where the topology did not get that far. */
  readonly lockPath: string | undefined;
}

/** Milliseconds for which files have to stay as they are before what is built of them is written: an editor empties a file before it writes it. */
const settling = 10;

/** Whether files have stayed as a build found them for as long as they have to. Once they have not, that is the answer. */
type IsSettled = () => Promise<boolean>;

/** Who builds what is watched. */
export interface Builder {
  /** Reads the files. */
  readonly texts: TextReader;
  /** Builds; undefined where the build was given up, since the files have not settled. */
  readonly build: (isSettled?: IsSettled) => Promise<WatchedBuild | undefined>;
  /** Does all of the next build but for writing it, for as long as that is of use. */
  readonly rehearse: (isOver: () => boolean) => Promise<void>;
}

/** Milliseconds after the last sign of a change at which files are looked at once more: chokidar passes over a second one within 50. */
const lateLook = 100;

/**
 * `dvrc build --watch`: builds, then builds again whenever a file that took part changes, until the process is stopped.
 *
 * What dvrc itself writes to the lock starts no build.
 */
export async function watchBuild(request: BuildRequest, context: Context, { texts, build, rehearse }: Builder): Promise<ExitCode> {
  const [entry] = locateTopology(request.topology, context);
  if (entry === undefined) {
    await build();
    return exitCode.trouble;
  }
  const { watch } = await import("chokidar");
  const textOf = (path: string): string | undefined => texts.readIfAny(path)[0]?.text;
  const known = new Map<string, string | undefined>();
  const textsNow = (): ReadonlyMap<string, string | undefined> => new Map(Array.from(known.keys(), (path) => [path, textOf(path)]));
  // A TypeScript topology is somebody's code: half of it is not to be run.
  const runsAhead = !entry.endsWith(".ts");
  const rebuildIfChanged = async (): Promise<void> => {
    for (let done = false; !done;) {
      const found = textsNow();
      if (isDeepStrictEqual(found, known)) return;
      const isSettled = settlement(() => isDeepStrictEqual(textsNow(), found));
      done = (runsAhead || (await isSettled())) && (await rebuild(found, isSettled));
    }
  };
  const folders = new Set<string>();
  // By their folders: a file that is watched by itself is lost where it goes and comes back.
  const watcher = watch([], { ignoreInitial: true, depth: 0, ignored: (path) => !known.has(path) && !folders.has(path) });
  // `before`: files as the build finds them. What changes while it works is still to be built. Answers false where the build was given up.
  const rebuild = async (before: ReadonlyMap<string, string | undefined>, isSettled?: IsSettled): Promise<boolean> => {
    const outcome = await build(isSettled);
    if (outcome === undefined) return false;
    const { inputs, lockPath } = outcome;
    const news: string[] = [];
    for (const path of [...before.keys(), ...inputs, ...(lockPath === undefined ? [] : [lockPath])]) {
      if (!known.has(path)) news.push(...addedTo(folders, dirname(path)), path);
      known.set(path, before.has(path) && path !== lockPath ? before.get(path) : textOf(path));
    }
    if (news.length > 0) watcher.add(news);
    // Until then changes are not heard of; files that come later are looked at late.
    if (isSettled === undefined) await once(watcher, "ready");
    else if (news.length > 0) lookLate();
    context.stderr.write(`${coloursOf(context.stderr, context.env).dim(`Watching ${known.size} files; Ctrl-C ends it.`)}\n`);
    collectYoung();
    return true;
  };
  let changed = false;
  const rehearseUntilChanged = async (): Promise<void> => {
    for (let times = 0; times < rehearsals && !changed; times++) {
      await rehearse(() => changed);
      collectYoung();
      // Lets watcher and signals in.
      await setTimeout(settling);
    }
  };
  let work = rebuild(new Map([[entry, textOf(entry)]]))
    .then(rebuildIfChanged)
    .then(rehearseUntilChanged);
  const look = (): void => {
    changed = true;
    work = work.then(rebuildIfChanged);
  };
  let late: NodeJS.Timeout | undefined;
  const lookLate = (): void => {
    clearTimeout(late);
    late = setLater(look, lateLook);
  };
  watcher.on("all", () => {
    look();
    lookLate();
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

function settlement(isAsFound: () => boolean): IsSettled {
  const until = performance.now() + settling;
  let stays = true;
  return async () => {
    const left = until - performance.now();
    if (stays && left > 0) await setTimeout(left);
    stays &&= isAsFound();
    return stays;
  };
}
