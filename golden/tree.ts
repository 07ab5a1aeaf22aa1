import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TreeDifference } from "../src/emit/check.js";

/** What differs between a golden folder and a compiled tree, in order of path; `found` is golden's text, `wanted` what was compiled. */
export function goldenDifferences(folder: string, files: ReadonlyMap<string, string>): readonly TreeDifference[] {
  const golden = filesUnder(folder);
  return [...new Set([...golden, ...files.keys()])].sort().flatMap((path): TreeDifference[] => {
    const found = golden.has(path) ? readFileSync(join(folder, path), "utf8") : undefined;
    const wanted = files.get(path);
    if (found === wanted) return [];
    return [{ kind: found === undefined ? "missing" : wanted === undefined ? "leftover" : "different", path, found, wanted }];
  });
}

function filesUnder(folder: string): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Set(entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)));
}
