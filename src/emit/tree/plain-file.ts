import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { report } from "../../diagnostics/report.js";
import { ifThere, TreeFailure } from "./failure.js";

/** The bytes of a file; undefined where there is none. Errors: {@link TreeFailure} where it is a symbolic link, a pipe or a device. */
export function readPlainFile(path: string): Buffer | undefined {
  return withPlainFile(path, (file) => readFileSync(file));
}

/** Whether there is a file that has this text, which is only read where it is as long. Errors: as {@link readPlainFile}. */
export function hasPlainText(path: string, text: string): boolean {
  const has = withPlainFile(path, (file, size) => size === Buffer.byteLength(text) && readFileSync(file).equals(Buffer.from(text)));
  return has === true;
}

function withPlainFile<T>(path: string, use: (file: number, size: number) => T): T | undefined {
  return ifThere(path, () => {
    // Opening a pipe would else wait until somebody writes into it.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      if (!found.isFile() && !found.isDirectory())
        throw new TreeFailure(report("output-not-writable", { path, reason: "a pipe or a device is in the way" }, undefined));
      // Of a folder the size says nothing: to read it fails.
      return use(file, found.isFile() ? found.size : readFileSync(file).length);
    } finally {
      closeSync(file);
    }
  });
}
