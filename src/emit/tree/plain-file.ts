import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { Scratch } from "../../base/scratch.js";
import { report } from "../../diagnostics/report.js";
import { ifThere, TreeFailure } from "./failure.js";

/** The bytes of a file; undefined where there is none. Errors: {@link TreeFailure} where it is a symbolic link, a pipe or a device. */
export function readPlainFile(path: string): Buffer | undefined {
  return withPlainFile(path, (file) => readFileSync(file));
}

/** As {@link readPlainFile}, into memory that is used again. */
export function readPlainFileInto(scratch: Scratch, path: string): Buffer | undefined {
  return withPlainFile(path, (file, size) => readAll(file, size, scratch));
}

/** Whether there is a file that has these bytes, which is only read where it is as long. Errors: as {@link readPlainFile}. */
export function hasPlainBytes(path: string, bytes: Buffer): boolean {
  return withPlainFile(path, (file, size) => size === bytes.length && readAll(file, size, found).equals(bytes)) === true;
}

/** For files that are only compared. */
const found = new Scratch();

/** What an open file has, from its beginning. */
function readAll(file: number, size: number, scratch: Scratch): Buffer {
  // One byte more, to see with the same reading that the file ends.
  const bytes = scratch.room(size + 1);
  let end = 0;
  for (let count = -1; count !== 0 && end < size; end += count) count = readSync(file, bytes, end, size + 1 - end, end);
  // Somebody writes to it.
  return end > size ? readFileSync(file) : bytes.subarray(0, end);
}

function withPlainFile<T>(path: string, use: (file: number, size: number) => T): T | undefined {
  return ifThere(path, () => {
    // Opening a pipe would else wait until somebody writes into it.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      if (!stats.isFile() && !stats.isDirectory())
        throw new TreeFailure(report("output-not-writable", { path, reason: "a pipe or a device is in the way" }, undefined));
      // Of a folder the size says nothing: to read it fails.
      return use(file, stats.isFile() ? stats.size : readFileSync(file).length);
    } finally {
      closeSync(file);
    }
  });
}
