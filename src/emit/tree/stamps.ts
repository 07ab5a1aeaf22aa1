import { lstatSync } from "node:fs";
import { join } from "node:path";
import { ifThere } from "./failure.js";
import { FolderGuard } from "./place.js";

/** By path, relative to the tree, what tells a file from one that was written since: its inode, size and time of writing. A move keeps them. */
export type Stamps = ReadonlyMap<string, string>;

/** The stamp of a file; undefined where no plain file is. Errors: `TreeFailure`. */
export function stampOf(path: string): string | undefined {
  const found = ifThere(path, () => lstatSync(path, { throwIfNoEntry: false }));
  return found?.isFile() === true ? `${found.ino} ${found.size} ${found.mtimeMs}` : undefined;
}

/** Whether all files are those that were stamped, in folders that are no links. Errors: `TreeFailure`. */
export function areAsStamped(root: string, stamps: Stamps): boolean {
  const guard = new FolderGuard(root);
  for (const [path, stamp] of stamps) {
    if (!guard.parentsExist(path) || stampOf(join(root, path)) !== stamp) return false;
  }
  return true;
}
