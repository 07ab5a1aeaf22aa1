import { hash } from "node:crypto";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type ArtefactInPieces, wholeArtefact } from "../artefact.js";
import { manifestName, printHostManifest } from "../manifest.js";
import { ifThere } from "./failure.js";
import { FolderGuard } from "./place.js";
import { readPlainFile } from "./plain-file.js";
import { readHostManifest } from "./stage.js";

/** A file that is not what a build would leave. */
export interface TreeDifference {
  readonly kind: "missing" | "different" | "leftover";
  /** Relative to the tree. */
  readonly path: string;
  /** What is there; undefined for a missing file. */
  readonly found: string | undefined;
  /** What should be; undefined for a leftover file. */
  readonly wanted: string | undefined;
}

/** Compares a host's files with its artefacts. A file that dvrc did not write is nobody's business. Errors: `TreeFailure`. */
export function compareHostFiles(root: string, host: string, artefacts: Iterable<ArtefactInPieces>): TreeDifference[] {
  const files = new Map<string, string>();
  const differences: TreeDifference[] = [];
  for (const artefact of artefacts) {
    const { path, text } = wholeArtefact(artefact);
    files.set(path.slice(host.length + 1), hash("sha256", text, "hex"));
    differences.push(...compareFile(root, path, text));
  }
  differences.push(...compareFile(root, `${host}/${manifestName}`, printHostManifest(files)));
  const leftover = [...readHostManifest(root, host).keys()].filter((file) => !files.has(file)).map((file) => `${host}/${file}`);
  return [...differences, ...leftover.flatMap((path) => leftoverFile(root, path))];
}

/** Compares one file of the tree. Errors: `TreeFailure`. */
export function compareFile(root: string, path: string, wanted: string): TreeDifference[] {
  const found = new FolderGuard(root).parentsExist(path) ? readPlainFile(join(root, path))?.toString("utf8") : undefined;
  if (found === undefined) return [{ kind: "missing", path, found, wanted }];
  return found === wanted ? [] : [{ kind: "different", path, found, wanted }];
}

/** Every file that the last build wrote for a host that there is no more. Errors: `TreeFailure`. */
export function leftoverHost(root: string, host: string): TreeDifference[] {
  const files = [...readHostManifest(root, host).keys(), manifestName];
  return files.flatMap((file) => leftoverFile(root, `${host}/${file}`));
}

function leftoverFile(root: string, path: string): TreeDifference[] {
  if (!new FolderGuard(root).parentsExist(path)) return [];
  const there = ifThere(path, () => lstatSync(join(root, path), { throwIfNoEntry: false }));
  if (there?.isFile() !== true) return [];
  return [{ kind: "leftover", path, found: readPlainFile(join(root, path))?.toString("utf8"), wanted: undefined }];
}
