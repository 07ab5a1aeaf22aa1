import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./failure.js";

/**
 * Makes a folder and those around it; one that exists is left as it is.
 *
 * Unlike `mkdirSync`'s own `recursive`, which tries for ever below folders such as `/proc` that deny having what they refuse to make.
 * Errors: throws what the system refuses.
 */
export function makeFolders(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const around = dirname(path);
    if (codeOf(error) !== "ENOENT" || existsSync(around)) throw error;
    makeFolders(around);
    makeFolders(path);
  }
}
