import { accessSync, chmodSync, constants, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import process from "node:process";

/**
 * Writes a file beside its place and renames it there, so that nobody sees half of it and a full disk costs nothing.
 *
 * A link is followed, and the mode of what was there kept.
 * Errors: throws what the system refuses; a file that may not be written is refused although it could be renamed over.
 */
export function replaceFile(path: string, text: string): void {
  const there = existsSync(path);
  const target = there ? realpathSync(path) : path;
  if (there) accessSync(target, constants.W_OK);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    if (there) chmodSync(draft, statSync(target).mode & 0o7777);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
