import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Golden files of examples whose name a test wants, in order of path. */
export function goldenFiles(wanted: (name: string) => boolean): readonly string[] {
  return readdirSync("golden", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/^golden\/(?:reference|captured|errors|tools)\//.test(path))
    .sort();
}
