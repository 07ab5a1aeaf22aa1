import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { InvalidArgumentError } from "commander";
import { hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { manifestName, type TreeManifest } from "../../emit/manifest.js";
import { readTreeManifest, recoverTree } from "../../emit/write.js";
import { readText } from "../../read/text.js";
import type { Context } from "../context.js";

/** A place in an artefact as it is written: `out/compute-2/br-tun.flows:7`. */
export interface ArtefactPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A line of an artefact on disk, and the tree that it is in. */
export interface FoundLine extends ArtefactPlace {
  /** The tree's folder, absolute. */
  readonly root: string;
  /** Path in the tree. */
  readonly artefact: string;
  readonly manifest: TreeManifest;
  readonly text: string;
}

/** Reads `<artefact>:<line>`. Errors: commander's `InvalidArgumentError`. */
export function parsePlace(text: string): ArtefactPlace {
  const [, file, line] = /^(.+):([1-9]\d{0,8})$/s.exec(text) ?? [];
  if (file === undefined) throw new InvalidArgumentError("Write it as <artefact>:<line>, lines counting from 1.");
  return { file, line: Number(line) };
}

/**
 * Finds a line in an artefact tree, whose interrupted build is put in order first.
 *
 * Errors: `file-not-found`, `not-in-a-tree`, `no-such-line`, and what is wrong with the tree.
 */
export function findLine({ file, line }: ArtefactPlace, context: Context): Result<FoundLine> {
  const path = resolve(context.cwd, file);
  const root = treeAbove(path);
  if (root === undefined) {
    const [source, unread] = readText(path);
    return [undefined, source === undefined ? unread : [report("not-in-a-tree", { file }, undefined)]];
  }
  const [, recovered] = recoverTree(root);
  const [manifest, damaged] = readTreeManifest(root);
  const diagnostics = [...recovered, ...damaged];
  if (manifest === undefined || hasErrors(diagnostics)) return [undefined, diagnostics];
  if (!existsSync(path)) return [undefined, [report("file-not-found", { file, reason: "no such file" }, undefined)]];
  const [source, unread] = readText(path);
  if (source === undefined) return [undefined, unread];
  const lines = source.text === "" ? [] : source.text.replace(/\n$/, "").split("\n");
  const text = lines[line - 1];
  if (text === undefined) return [undefined, [report("no-such-line", { artefact: file, line, count: lines.length }, undefined)]];
  return [{ file, line, root, artefact: relative(root, path).split(sep).join("/"), manifest, text }, []];
}

/** The outermost folder above a file that has a manifest, as long as each on the way has one or is a namespace's. */
function treeAbove(path: string): string | undefined {
  let found: string | undefined;
  let folder = dirname(path);
  // A file is in the tree's folder, a host's, or a namespace's.
  for (let depth = 0; depth < 3; depth++, folder = dirname(folder)) {
    if (existsSync(join(folder, manifestName))) found = folder;
  }
  return found;
}
