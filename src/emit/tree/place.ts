import { hash } from "node:crypto";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { report } from "../../diagnostics/report.js";
import { ifThere, TreeFailure } from "./failure.js";

/** Folder inside the tree where changed files wait for the commit. */
export const stagingName = ".dvrc-staging";

/** File inside the tree that one build at a time holds. */
export const lockName = ".dvrc-lock";

/** Path of a staged folder, or of a file in it. */
export function stagedPath(folder: string, path: string): string {
  return join(folder, stagingName, "files", path);
}

/** Path of a staged file that goes alone, to a folder that is there: all of them are in one, since making a folder takes longer than writing a file. */
export function stagedAlone(folder: string, path: string): string {
  return join(folder, stagingName, "alone", path === "" ? "" : hash("sha256", path, "hex"));
}

/** Path of the journal: it is there once everything is staged, and gone once everything is done. */
export function journalPath(folder: string): string {
  return join(folder, stagingName, "journal");
}

/**
 * True where a folder is at the path, false where nothing is.
 *
 * Errors: `symbolic-link-in-output`, and `output-not-a-folder` for any other file.
 */
export function isPlainFolder(path: string): boolean {
  const found = ifThere(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return false;
  if (found.isSymbolicLink()) throw new TreeFailure(report("symbolic-link-in-output", { path }, undefined));
  if (!found.isDirectory()) throw new TreeFailure(report("output-not-a-folder", { folder: path }, undefined));
  return true;
}

/** Makes sure, once for each folder, that what lies between the tree and a file are folders and no links. Answers whether all are there. */
export class FolderGuard {
  private readonly known = new Map<string, boolean>();

  constructor(private readonly root: string) {}

  /** The path is that of a file or folder, relative to the tree. Errors: as {@link isPlainFolder}. */
  parentsExist(path: string): boolean {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return true;
    const parent = path.slice(0, slash);
    let there = this.known.get(parent);
    if (there === undefined) {
      there = this.parentsExist(parent) && isPlainFolder(join(this.root, parent));
      this.known.set(parent, there);
    }
    return there;
  }
}
