import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import type { TextStream } from "./context.js";

/**
 * Standard output (1) or error (2) of this process.
 *
 * Files and pipes are written to directly: Node's streams take longer to load than a small topology to read. Terminals have Node's.
 * Errors: `unread` is called where nobody reads any more; others are thrown.
 */
export function standardStream(descriptor: 1 | 2, unread: () => never): TextStream {
  const failed = (error: unknown): void => {
    if (hasCode(error, "EPIPE")) unread();
    // The system names no file.
    if (error instanceof Error) Object.assign(error, { path: descriptor === 1 ? "standard output" : "standard error" });
    throw error;
  };
  if (!fstatSync(descriptor).isCharacterDevice()) return { write: (text) => writeText(descriptor, text, failed) };
  return terminal(descriptor).on("error", failed);
}

/** Threads have no terminals of their own: what Node gives them for one does not tell that it is. */
function terminal(descriptor: 1 | 2): NodeJS.WritableStream {
  const stream = descriptor === 1 ? process.stdout : process.stderr;
  if (isMainThread) return stream;
  const { isatty, WriteStream } = process.getBuiltinModule("node:tty");
  return isatty(descriptor) ? new WriteStream(descriptor) : stream;
}

function writeText(descriptor: number, text: string, failed: (error: unknown) => void): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // Somebody who shares the pipe made it one that does not wait, and it is full.
      if (hasCode(error, "EAGAIN")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      else failed(error);
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
