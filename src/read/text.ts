import { readFileSync, statSync } from "node:fs";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceSpan, SourceText } from "../source/span.js";

/** Bytes of the largest file that is read. */
export const fileSizeLimit = 64 * 1024 * 1024;

/** Levels of nesting that a topology may have, the whole document being the first. */
export const nestingLimit = 64;

const reasons = new Map([
  ["ENOENT", "no such file"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of the path is not a folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ELOOP", "too many symbolic links"],
  ["ENAMETOOLONG", "the path is too long"],
  ["EMFILE", "too many open files"],
]);

/**
 * Reads a file as UTF-8; a byte order mark is left out.
 *
 * Errors: the file cannot be read, is larger than {@link fileSizeLimit}, or is not UTF-8. `from` is the place that names the file.
 */
export function readText(path: string, from?: SourceSpan): Result<SourceText> {
  let bytes: Uint8Array;
  try {
    const found = statSync(path);
    // A pipe may never end, and a device has no size.
    if (!found.isFile() && !found.isDirectory())
      return [undefined, [report("file-not-found", { file: path, reason: "it is no plain file" }, from)]];
    const { size } = found;
    if (size > fileSizeLimit) return [undefined, [report("file-too-large", { file: path, size, limit: fileSizeLimit }, from)]];
    bytes = readFileSync(path);
  } catch (error) {
    return [undefined, [report("file-not-found", { file: path, reason: reasonOf(error) }, from)]];
  }
  return decode(path, bytes, from);
}

/** As {@link readText}, but a file that does not exist is no error: undefined without a diagnostic. */
export function readTextIfAny(path: string): Result<SourceText> {
  try {
    statSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [undefined, []];
  }
  return readText(path);
}

/** Milliseconds after which a file that was written once more has another time of writing, however coarse the system's clock is. */
const surelyLater = 100;

/** Reads files again and again: one that nobody has written to since is not read twice. */
export class TextReader {
  private readonly last = new Map<string, { readonly stamp: string; readonly outcome: Result<SourceText> }>();

  /** As {@link readText}. */
  read(path: string): Result<SourceText> {
    const { stamp, isOld } = stampOf(path);
    const last = this.last.get(path);
    if (stamp !== undefined && last?.stamp === stamp) return last.outcome;
    const outcome = readText(path);
    // What is written right after this has perhaps the same stamp.
    if (stamp !== undefined && isOld) this.last.set(path, { stamp, outcome });
    else this.last.delete(path);
    return outcome;
  }

  /** As {@link readTextIfAny}. */
  readIfAny(path: string): Result<SourceText> {
    return stampOf(path).stamp === undefined ? readTextIfAny(path) : this.read(path);
  }
}

/** What tells a file from one that was written since, and whether it was written some time ago; undefined where none can be looked at. */
function stampOf(path: string): { readonly stamp: string | undefined; readonly isOld: boolean } {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    return { stamp: [dev, ino, size, mtimeMs, ctimeMs].join(" "), isOld: ctimeMs < Date.now() - surelyLater };
  } catch {
    return { stamp: undefined, isOld: false };
  }
}

function decode(path: string, bytes: Uint8Array, from: SourceSpan | undefined): Result<SourceText> {
  try {
    return [{ path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) }, []];
  } catch {
    return [undefined, [report("not-utf-8", { file: path, offset: firstBadByte(bytes) }, from)]];
  }
}

/** Where lenient decoding first differs: the offset of the first byte that fits no character. */
function firstBadByte(bytes: Uint8Array): number {
  const encoded = new TextEncoder().encode(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  const found = bytes.findIndex((byte, offset) => byte !== encoded[offset]);
  return found < 0 ? bytes.length : found;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons.get(code) ?? (error instanceof Error ? error.message : String(error));
}
