import { closeSync, fstatSync, lstatSync, openSync, type Stats, writeFileSync } from "node:fs";
import { ifThere } from "./failure.js";
import { FolderGuard } from "./place.js";

/** A file as a build left it. */
export interface FileRecord {
  /** Of its bytes, hexadecimal. */
  readonly sha256: string;
  /** What tells it from one that was written since: its inode, size and time of writing. A move keeps them. */
  readonly stamp: string;
}

/** Files as a build left them, by path relative to the tree. */
export type FileRecords = ReadonlyMap<string, FileRecord>;

/** The stamp of a file; undefined where no plain file is. Errors: `TreeFailure`. */
export function stampOf(path: string): string | undefined {
  const found = ifThere(path, () => lstatSync(path, { throwIfNoEntry: false }));
  return found?.isFile() === true ? stampIn(found) : undefined;
}

/** Writes a file. Answers its stamp. Errors: those of the file system. */
export function writeStamped(path: string, bytes: Buffer): string {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, bytes);
    return stampIn(fstatSync(file));
  } finally {
    closeSync(file);
  }
}

function stampIn({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}

/** Whether all files are those that were recorded, in folders that are no links. Errors: `TreeFailure`. */
export function areAsRecorded(root: string, files: FileRecords): boolean {
  const guard = new FolderGuard(root);
  for (const [path, { stamp }] of files) {
    // `/` goes between everywhere; of many files `join` leaves half of the garbage.
    if (!guard.parentsExist(path) || stampOf(`${root}/${path}`) !== stamp) return false;
  }
  return true;
}
