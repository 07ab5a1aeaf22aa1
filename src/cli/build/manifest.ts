import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import type { Compilation } from "../../compile.js";
import type { TreeManifest } from "../../emit/manifest.js";
import { version } from "../program.js";
import type { BuildFlags } from "./options.js";

/** What the tree's manifest says of a build into a folder. */
export function treeManifest(compilation: Compilation, folder: string, flags: BuildFlags): TreeManifest {
  const { source, inputs } = compilation.loaded.document;
  const place = (path: string): string => relative(folder, path).replaceAll(sep, "/");
  const hash = createHash("sha256");
  for (const { path, text } of inputs) hash.update(`${JSON.stringify([place(path), text])}\n`);
  for (const piece of compilation.nextLockPieces()) hash.update(piece);
  return {
    dvrc: version,
    release: compilation.release.name,
    topology: place(source.path),
    options: flags.release === undefined ? {} : { release: flags.release },
    inputs: hash.digest("hex"),
    hosts: compilation.hosts,
  };
}
