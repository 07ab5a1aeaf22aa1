import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { byText, descending, sorted } from "../base/order.js";
import { type Pieces, Scratch } from "../base/scratch.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { ArtefactInPieces } from "./artefact.js";
import { manifestName, parseTreeManifest, printTreeManifest, type TreeManifest } from "./manifest.js";
import { attempt, touching, TreeFailure } from "./tree/failure.js";
import { applyJournal, discardStaging, type Journal, readJournal, type StepHook, writeJournal } from "./tree/journal.js";
import { giveLock, isLocked, takeLock } from "./tree/lock.js";
import { makeFolders } from "./tree/make-folder.js";
import { isPlainFolder, journalPath, stagingName } from "./tree/place.js";
import { readPlainFile, readPlainFileInto } from "./tree/plain-file.js";
import { failureOf, type HostPlan, readHostManifest, stageHostFiles, type StageOptions, stageTreeFile } from "./tree/stage.js";
import { areAsRecorded, type FileRecords } from "./tree/stamps.js";
import { isUntouched, isUntouchedBut, type Moment, momentOf, untouchedFiles } from "./tree/untouched.js";

export type { HostPlan, StageOptions } from "./tree/stage.js";
export type { FileRecords } from "./tree/stamps.js";
export type { Moment } from "./tree/untouched.js";

/** Name of the list of allocated values. */
export const allocationsName = "allocations.txt";

/** A tree that this process may change: it holds the lock until {@link closeTree}. */
export interface OpenTree {
  readonly folder: string;
  /** What is there from the last build; undefined in a new folder. */
  readonly manifest: TreeManifest | undefined;
  /** What opening did about a build that was killed. */
  readonly recovery: Recovery;
}

/** What became of a build that was killed: its commit was finished, or what it had staged was thrown away. */
export type Recovery = "nothing" | "finished" | "discarded";

/** A whole build, all of its hosts staged. */
export interface TreePlan {
  /** Its hosts are all of the topology, built or not. */
  readonly manifest: TreeManifest;
  /** `allocations.txt`; undefined leaves it as it is. */
  readonly allocations: Pieces | undefined;
  readonly hosts: readonly HostPlan[];
  /** False where only some hosts were asked for: then the files of no other host go. */
  readonly complete: boolean;
}

/** What a commit did to the tree. */
export interface Committed {
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
}

const nothing: StepHook = () => undefined;

/**
 * Opens an output folder to build into: makes it where it is missing, locks it, and puts an interrupted build in order first.
 *
 * Errors: DVRC6001 to 6008.
 */
export function openTree(folder: string): Result<OpenTree> {
  return attempt(() => {
    makeFolder(folder);
    takeLock(folder);
    try {
      const recovery = recover(folder);
      return { folder, manifest: readOwnManifest(folder), recovery };
    } catch (error) {
      giveLock(folder);
      throw error;
    }
  });
}

/** Gives the folder back. What is staged and not to be committed goes; where that fails, the next who opens the folder does it. */
export function closeTree({ folder }: OpenTree): void {
  if (!existsSync(journalPath(folder))) attempt(() => discardStaging(folder, nothing));
  giveLock(folder);
}

/**
 * Stages what changed of one host: the first half of a build, in this process or another while this one holds the tree.
 * What is kept is taken for what is known of it, unseen.
 *
 * Errors: DVRC6003, 6005 to 6008.
 */
export function stageHost(
  folder: string,
  host: string,
  artefacts: Iterable<ArtefactInPieces>,
  options: StageOptions = {},
): Result<HostPlan> {
  return attempt(() => stageHostFiles(folder, host, artefacts, options));
}

/** The plan of a host of which nothing changes: all of its files are taken for what they were, unseen. */
export function keepHost(host: string, files: FileRecords): HostPlan {
  return { host, moves: [], removals: [], changed: 0, unchanged: files.size, files };
}

/** The moment that it is for the tree's file system; undefined where it does not tell. */
export function treeMoment({ folder }: OpenTree): Moment | undefined {
  return attempt(() => momentOf(folder))[0];
}

/** The plan of a host of which nothing changes: it is kept if nobody has touched any of its files since a moment. Errors: undefined where somebody has. */
export function keepUntouched({ folder }: OpenTree, host: string, since: Moment): HostPlan | undefined {
  const files = attempt(() => untouchedFiles(folder, host, since))[0];
  return files === undefined ? undefined : { host, moves: [], removals: [], changed: 0, unchanged: files };
}

/** Whether nobody has touched a host's files since a moment but for those that the plan, which is committed, has moved. */
export function isAsPlanned({ folder }: OpenTree, { host, moves }: HostPlan, since: Moment): boolean {
  return moves.includes(host) || attempt(() => isUntouchedBut(folder, host, since, moves))[0] === true;
}

/** The bytes of the tree's list of allocations, of which nobody has touched the file since a moment. Errors: undefined where somebody has. */
export function readUntouchedAllocations({ folder }: OpenTree, since: Moment): Buffer | undefined {
  return attempt(() => {
    const bytes = readPlainFile(join(folder, allocationsName));
    return isUntouched(folder, allocationsName, since) ? bytes : undefined;
  })[0];
}

/** Whether files are what a plan told that they would be; false also where they cannot be looked at. */
export function areAsLeft(folder: string, files: FileRecords): boolean {
  return attempt(() => areAsRecorded(folder, files))[0] === true;
}

/** The bytes of a file that is still what a plan told that it would be, until the next is read so; undefined where it is not. */
export function readAsLeft(folder: string, path: string, files: FileRecords): Buffer | undefined {
  const file = files.get(path);
  return attempt(() => {
    if (file === undefined || !areAsRecorded(folder, new Map([[path, file]]))) return undefined;
    return readPlainFileInto(asLeft, join(folder, path));
  })[0];
}

/** For files of which only a part is to be another. */
const asLeft = new Scratch();

/**
 * Commits a build: the tree is the old one until the journal is synced, and the new one from then on, whatever happens to the process.
 *
 * Errors: DVRC6003, 6005 to 6008, with DVRC6009 where the journal is already written: then the next command that opens the tree goes on.
 */
export function commitTree(tree: OpenTree, plan: TreePlan, before: StepHook = nothing): Result<Committed> {
  const { folder } = tree;
  const [committed, failures] = attempt(() => {
    const journal = journalOf(tree, plan);
    if (journal.moves.length + journal.removals.length > 0) {
      writeJournal(folder, journal, before);
      applyJournal(folder, journal, before);
    }
    discardStaging(folder, before);
    return {
      changed: sum(plan.hosts, (host) => host.changed),
      unchanged: sum(plan.hosts, (host) => host.unchanged),
      removed: journal.removals.length,
    };
  });
  if (committed !== undefined || !existsSync(journalPath(folder))) return [committed, failures];
  return [undefined, [...failures, report("build-unfinished", { folder }, undefined)]];
}

/**
 * Puts an interrupted build in order, for commands that only read the tree; a folder that needs nothing is not written to.
 *
 * Errors: `output-folder-busy` where a build is committing at this moment.
 */
export function recoverTree(folder: string): Result<Recovery> {
  return attempt(() => {
    if (!existsSync(join(folder, stagingName))) return "nothing";
    // While a build only stages, the tree is whole.
    if (isLocked(folder) && !existsSync(journalPath(folder))) return "nothing";
    takeLock(folder);
    try {
      return recover(folder);
    } finally {
      giveLock(folder);
    }
  });
}

/** The manifest of a tree to read; undefined where the folder is no tree. Errors: `damaged-manifest`, `manifest-of-another-format`. */
export function readTreeManifest(folder: string): Result<TreeManifest | undefined> {
  return attempt(() => readManifest(folder));
}

function makeFolder(folder: string): void {
  touching(folder, () => {
    try {
      makeFolders(folder);
    } catch (error) {
      throw existsSync(folder) ? new TreeFailure(report("output-not-a-folder", { folder }, undefined)) : error;
    }
  });
}

function recover(folder: string): Recovery {
  if (!isPlainFolder(join(folder, stagingName))) return "nothing";
  const journal = readJournal(folder);
  if (journal !== undefined) applyJournal(folder, journal, nothing);
  discardStaging(folder, nothing);
  return journal === undefined ? "discarded" : "finished";
}

function readManifest(folder: string): TreeManifest | undefined {
  const path = join(folder, manifestName);
  const text = readPlainFile(path)?.toString("utf8");
  if (text === undefined) return undefined;
  const [manifest, diagnostics] = parseTreeManifest(text, path);
  if (manifest === undefined) throw failureOf(diagnostics);
  return manifest;
}

/** The manifest of a folder to build into. Errors: `output-folder-not-empty` where the folder is somebody else's. */
function readOwnManifest(folder: string): TreeManifest | undefined {
  const manifest = readManifest(folder);
  if (manifest !== undefined) return manifest;
  const names = touching(folder, () => readdirSync(folder));
  if (names.every((name) => name.startsWith("."))) return undefined;
  throw new TreeFailure(report("output-folder-not-empty", { folder }, undefined));
}

function journalOf({ folder, manifest: old }: OpenTree, plan: TreePlan): Journal {
  const hosts = new Set(plan.manifest.hosts);
  const others = (old?.hosts ?? []).filter((host) => !hosts.has(host));
  const manifest = plan.complete ? plan.manifest : { ...plan.manifest, hosts: [...hosts, ...others] };
  const removals = [
    ...plan.hosts.flatMap((host) => host.removals),
    ...(plan.complete ? others.flatMap((host) => filesOf(folder, host)) : []),
  ];
  const moves = [
    ...plan.hosts.flatMap((host) => host.moves),
    ...(plan.allocations === undefined ? [] : stageTreeFile(folder, allocationsName, plan.allocations)),
    ...stageTreeFile(folder, manifestName, [printTreeManifest(manifest)]),
  ];
  return { removals, moves, folders: foldersOf(removals) };
}

/** Everything that the last build wrote for a host. */
function filesOf(folder: string, host: string): string[] {
  return [...[...readHostManifest(folder, host).keys()].map((file) => `${host}/${file}`), `${host}/${manifestName}`];
}

/** Folders that may be empty once the files are gone, inner ones first. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) folders.add(path.slice(0, slash));
  }
  return sorted(folders, descending(byText));
}

function sum<T>(values: readonly T[], count: (value: T) => number): number {
  let total = 0;
  for (const value of values) total += count(value);
  return total;
}
