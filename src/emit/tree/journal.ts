import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { report } from "../../diagnostics/report.js";
import { isSafePath } from "../../base/safe-name.js";
import { codeOf, ifThere, touching, TreeFailure } from "./failure.js";
import { FolderGuard, journalPath, stagedAlone, stagedPath, stagingName } from "./place.js";
import { readPlainFile } from "./plain-file.js";

/** What a commit does once everything is staged. Paths are relative to the tree. */
export interface Journal {
  /** Files that go. */
  readonly removals: readonly string[];
  /** Files and whole new folders that move from staging to their place. */
  readonly moves: readonly string[];
  /** Folders that go where they are empty, inner ones first. */
  readonly folders: readonly string[];
}

/** Called before each step, so that tests can stop there. */
export type StepHook = (step: string) => void;

/** Writes the journal and syncs it: from here on the commit will be finished, by this process or a later one. */
export function writeJournal(folder: string, journal: Journal, before: StepHook): void {
  const path = journalPath(folder);
  touching(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    before("write journal");
    const draft = openSync(`${path}.draft`, "w");
    try {
      writeFileSync(draft, JSON.stringify(journal));
      fsyncSync(draft);
    } finally {
      closeSync(draft);
    }
    before("publish journal");
    renameSync(`${path}.draft`, path);
    syncFolder(dirname(path));
  });
}

/** Reads the journal; undefined where there is none. Errors: `damaged-manifest` where somebody changed it. */
export function readJournal(folder: string): Journal | undefined {
  const path = journalPath(folder);
  const text = readPlainFile(path)?.toString("utf8");
  return text === undefined ? undefined : parseJournal(text, path);
}

/** Does what the journal says. What is done already is passed over, so that it may be done again after any interruption. */
export function applyJournal(folder: string, journal: Journal, before: StepHook): void {
  const guard = new FolderGuard(folder);
  for (const path of journal.removals) {
    before(`remove ${path}`);
    if (guard.parentsExist(path)) removeFile(join(folder, path));
  }
  for (const path of journal.moves) {
    before(`move ${path}`);
    move(folder, path, guard);
  }
  for (const path of journal.folders) {
    before(`remove folder ${path}`);
    removeFolderIfEmpty(join(folder, path));
  }
}

/** Removes everything staged, and the journal last, since until then the commit is not over. */
export function discardStaging(folder: string, before: StepHook): void {
  const staging = join(folder, stagingName);
  touching(staging, () => {
    before("remove staged files");
    for (const staged of [stagedPath(folder, ""), stagedAlone(folder, "")]) rmSync(staged, { recursive: true, force: true });
    before("remove staging");
    rmSync(staging, { recursive: true, force: true });
  });
}

function move(folder: string, path: string, guard: FolderGuard): void {
  const to = join(folder, path);
  const parentsExist = guard.parentsExist(path);
  touching(to, () => {
    if (!parentsExist) mkdirSync(dirname(to), { recursive: true });
    if (!renameIfThere(stagedAlone(folder, path), to)) renameIfThere(stagedPath(folder, path), to);
  });
}

/** Renames a file or folder to a place whose folder is there. Answers whether there was one. */
function renameIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    // The place may be what is not there: somebody has removed its folder just now.
    if (codeOf(error) === "ENOENT" && !existsSync(from)) return false;
    throw error;
  }
}

function removeFile(path: string): void {
  const found = ifThere(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined || found.isDirectory()) return;
  touching(path, () => {
    unlinkSync(path);
  });
}

function removeFolderIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    const code = codeOf(error) ?? "";
    if (!["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(code))
      touching(path, () => {
        throw error;
      });
  }
}

/** Makes a rename last through a power cut; file systems that cannot are left alone. */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  } finally {
    closeSync(folder);
  }
}

function parseJournal(text: string, path: string): Journal {
  const top = { source: { path, text }, start: 0, end: Math.min(1, text.length) };
  const damaged = (): TreeFailure =>
    new TreeFailure(report("damaged-manifest", { path, reason: "it is not the journal that dvrc wrote" }, top));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged();
  }
  if (typeof value !== "object" || value === null) throw damaged();
  const { removals, moves, folders } = value as { removals?: unknown; moves?: unknown; folders?: unknown };
  if (!isPathList(removals) || !isPathList(moves) || !isPathList(folders)) throw damaged();
  return { removals, moves, folders };
}

function isPathList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === "string" && isSafePath(path));
}
