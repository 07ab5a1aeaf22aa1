import type { Diagnostic, Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";

/** Failed work on the tree, on its way to the edge, where it becomes a diagnostic again. */
export class TreeFailure extends Error {
  override readonly name = "TreeFailure";

  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

/** The outcome of work on the tree: what it threw as a {@link TreeFailure} is a diagnostic; anything else is a bug and passes. */
export function attempt<T>(work: () => T): Result<T> {
  try {
    return [work(), []];
  } catch (error) {
    if (error instanceof TreeFailure) return [undefined, [error.diagnostic]];
    throw error;
  }
}

/** Does something to a file. Errors: {@link TreeFailure} that says what the operating system refused. */
export function touching<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failureOf(path, error);
  }
}

/** As {@link touching}; undefined where there is no such file. */
export function ifThere<T>(path: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw failureOf(path, error);
  }
}

/** `ENOENT` and the like; undefined for what the operating system did not say. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function failureOf(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code === "ENOSPC" || code === "EDQUOT") return new TreeFailure(report("disk-full", { path }, undefined));
  if (code === "ELOOP") return new TreeFailure(report("symbolic-link-in-output", { path }, undefined));
  return new TreeFailure(report("output-not-writable", { path, reason: reasons.get(code) ?? code }, undefined));
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "operation not permitted"],
  ["EROFS", "the file system is read-only"],
  ["EISDIR", "a folder is in the way"],
  ["ENOTDIR", "a file is where a folder should be"],
  ["EEXIST", "a file is in the way"],
  ["ENOTEMPTY", "a folder that is not empty is in the way"],
  ["EMFILE", "too many open files"],
  ["EIO", "the disk failed"],
  ["ENOENT", "its folder cannot be made"],
]);
