import { lstatSync, type Stats, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifestName } from "../manifest.js";
import { ifThere, touching } from "./failure.js";
import { lockName } from "./place.js";
import { readHostManifest } from "./stage.js";

/** A moment by the clock of a tree's file system, in milliseconds since 1970. */
export type Moment = number;

/**
 * The moment that it is for a tree that this process holds.
 *
 * A file that somebody writes, moves or gives other times to from now on has a later `st_ctime`, which cannot be set: see inode(7). The system's
 * clock may tick only every few milliseconds.
 */
export function momentOf(folder: string): Moment {
  const path = join(folder, lockName);
  const now = new Date();
  return touching(path, () => {
    utimesSync(path, now, now);
    return lstatSync(path).ctimeMs;
  });
}

/** Whether a file of the tree itself is there that nobody has touched since a moment. Errors: `TreeFailure`. */
export function isUntouched(folder: string, name: string, since: Moment): boolean {
  const found = statsOf(join(folder, name));
  return found?.isFile() === true && found.ctimeMs <= since;
}

/**
 * How many files a host has of which nobody has touched one since a moment, nor a folder of them; undefined where somebody has, or one is gone.
 *
 * Errors: `TreeFailure`.
 */
export function untouchedFiles(folder: string, host: string, since: Moment): number | undefined {
  return filesOf(folder, host, ({ ctimeMs }) => ctimeMs <= since);
}

/** Whether a host has all of its files, of which nobody has touched one since a moment but for those in `moved`, which are files and folders. Errors: `TreeFailure`. */
export function isUntouchedBut(folder: string, host: string, since: Moment, moved: readonly string[]): boolean {
  const all = new Set(moved);
  const isMoved = (path: string): boolean => {
    for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) if (all.has(path.slice(0, end))) return true;
    return false;
  };
  return filesOf(folder, host, (found, path) => found.isDirectory() || found.ctimeMs <= since || isMoved(path)) !== undefined;
}

/** How many files a host has where each, and each of their folders, is one that `isFine`; undefined where one is not, or is a link or gone. */
function filesOf(folder: string, host: string, isFine: (found: Stats, path: string) => boolean): number | undefined {
  const folders = new Map<string, boolean>();
  const isFineFolder = (path: string): boolean => {
    let fine = folders.get(path);
    if (fine === undefined) {
      const found = statsOf(join(folder, path));
      fine = (path === host || isFineFolder(dirname(path))) && found?.isDirectory() === true && isFine(found, path);
      folders.set(path, fine);
    }
    return fine;
  };
  const isFineFile = (file: string): boolean => {
    const path = `${host}/${file}`;
    const found = statsOf(`${folder}/${path}`);
    return found?.isFile() === true && isFine(found, path) && isFineFolder(path.slice(0, path.lastIndexOf("/")));
  };
  if (!isFineFile(manifestName)) return undefined;
  const files = readHostManifest(folder, host);
  for (const file of files.keys()) if (!isFineFile(file)) return undefined;
  return files.size + 1;
}

function statsOf(path: string): Stats | undefined {
  return ifThere(path, () => lstatSync(path, { throwIfNoEntry: false }));
}
