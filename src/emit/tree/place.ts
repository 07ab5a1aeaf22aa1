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

/** Makes sure, once for each folder, that what lies between the tree and a file are folders and no links. */
export class FolderGuard {
  /** Of each folder, the outermost one on the way to it that is not there, it included. */
  private readonly known = new Map<string, string | undefined>();

  constructor(private readonly root: string) {}

  /** Whether all folders of a file or folder are there. The path is relative to the tree. Errors: as {@link isPlainFolder}. */
  parentsExist(path: string): boolean {
    return this.missingParent(path) === undefined;
  }

  /** As {@link parentsExist}: the outermost folder that is not there, relative to the tree; undefined where all are. */
  missingParent(path: string): string | undefined {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return undefined;
    const parent = path.slice(0, slash);
    if (this.known.has(parent)) return this.known.get(parent);
    let missing = this.missingParent(parent);
    if (missing === undefined && !isPlainFolder(join(this.root, parent))) missing = parent;
    this.known.set(parent, missing);
    return missing;
  }
}
