import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Result } from "../../diagnostics/diagnostic.js";
import type { TreeManifest } from "../manifest.js";
import { closeTree, commitTree, type Committed, openTree, stageHost } from "../write.js";

/** Files by path relative to the host's folder, by host. */
export type TreeFiles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A new folder for a test. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "dvrc-tree-"));
}

/** Removes a test's folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A manifest of the given hosts. */
export function manifestOf(hosts: readonly string[]): TreeManifest {
  return { dvrc: "0.0.0", release: "r", topology: "../t.yaml", options: {}, inputs: hosts.join(","), hosts };
}

/** How a test builds. */
export interface BuildOptions {
  readonly complete?: boolean;
  readonly before?: (step: string) => void;
}

/** Builds a whole tree in one go. Errors: throws the first diagnostic's message. */
export function buildTree(folder: string, files: TreeFiles, { complete = true, before }: BuildOptions = {}): Committed {
  const tree = valueOf(openTree(folder));
  try {
    const hosts = Object.entries(files).map(([host, contents]) => {
      const artefacts = Object.entries(contents).map(([path, text]) => ({ path: `${host}/${path}`, pieces: [text] }));
      return valueOf(stageHost(folder, host, artefacts));
    });
    const plan = { manifest: manifestOf(Object.keys(files)), allocations: ["values\n"], hosts, complete };
    return valueOf(commitTree(tree, plan, before));
  } finally {
    closeTree(tree);
  }
}

/** Every file of a folder by relative path, in order of path. */
export function folderContents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

function valueOf<T>([value, [diagnostic]]: Result<T>): T {
  if (value === undefined) throw new Error(diagnostic?.message ?? "no value");
  return value;
}
