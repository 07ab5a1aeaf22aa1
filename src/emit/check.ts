import { structuredPatch } from "diff";
import type { Result } from "../diagnostics/diagnostic.js";
import type { ArtefactInPieces } from "./artefact.js";
import { manifestName, printTreeManifest, type TreeManifest } from "./manifest.js";
import { compareFile, compareHostFiles, leftoverHost, type TreeDifference } from "./tree/compare.js";
import { attempt } from "./tree/failure.js";
import { allocationsName } from "./write.js";

export type { TreeDifference } from "./tree/compare.js";

/**
 * Compares a host's folder with its artefacts: what a build would write, mend or remove.
 *
 * Order: as the artefacts, leftover files last.
 * Errors: DVRC6003, 6006 to 6008.
 */
export function checkHostFolder(folder: string, host: string, artefacts: Iterable<ArtefactInPieces>): Result<readonly TreeDifference[]> {
  return attempt(() => compareHostFiles(folder, host, artefacts));
}

/** What the tree's own files should be. */
export interface TreeExpectation {
  readonly manifest: TreeManifest;
  /** Undefined where only some hosts are checked, so that not every value is known. */
  readonly allocations: string | undefined;
  /** Manifest of the last build; its hosts that are no more are leftovers. Undefined in an empty folder. */
  readonly last: TreeManifest | undefined;
}

/**
 * Compares the tree's own files, and finds what is left of hosts that the topology has no more.
 *
 * Errors: DVRC6003, 6006 to 6008.
 */
export function checkTreeFiles(folder: string, { manifest, allocations, last }: TreeExpectation): Result<readonly TreeDifference[]> {
  return attempt(() => {
    const hosts = new Set(manifest.hosts);
    return [
      ...compareFile(folder, manifestName, printTreeManifest(manifest)),
      ...(allocations === undefined ? [] : compareFile(folder, allocationsName, allocations)),
      ...(last?.hosts ?? []).filter((host) => !hosts.has(host)).flatMap((host) => leftoverHost(folder, host)),
    ];
  });
}

/** Lines that differ beyond which a diff is no longer read, nor quick to find. */
const mostEdits = 1000;

/** A difference as a unified diff: what a build would change. */
export function unifiedDiff({ path, found, wanted }: TreeDifference): string {
  const before = found === undefined ? "/dev/null" : `a/${path}`;
  const after = wanted === undefined ? "/dev/null" : `b/${path}`;
  const head = `--- ${before}\n+++ ${after}\n`;
  if (found === undefined || wanted === undefined) return head + wholeFile(found, wanted);
  const patch = structuredPatch(before, after, found, wanted, undefined, undefined, { context: 3, maxEditLength: mostEdits });
  if (patch === undefined) return `${head}(more than ${mostEdits} lines differ)\n`;
  let text = head;
  for (const { oldStart, oldLines, newStart, newLines, lines } of patch.hunks) {
    text += `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.join("\n")}\n`;
  }
  return text;
}

function wholeFile(found: string | undefined, wanted: string | undefined): string {
  const lines = (found ?? wanted ?? "").split("\n").slice(0, -1);
  if (lines.length === 0) return "";
  const count = lines.length === 1 ? "1" : `1,${lines.length}`;
  const head = found === undefined ? `@@ -0,0 +${count} @@` : `@@ -${count} +0,0 @@`;
  return `${[head, ...lines.map((line) => (found === undefined ? "+" : "-") + line)].join("\n")}\n`;
}

function range(start: number, lines: number): string {
  const first = lines === 0 ? start - 1 : start;
  return lines === 1 ? String(first) : `${Math.max(first, 0)},${lines}`;
}
