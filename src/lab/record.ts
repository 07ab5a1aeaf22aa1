import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { labFolder, labId, type LabName, labsFolder } from "./identity.js";
import type { LabMachine } from "./plan/machines.js";
import { isRunning, kill, type ProcessMark } from "./processes.js";

/** Format of the record; another one is of a dvrc that this one knows nothing about. */
export const recordFormat = 1;

/** What the folder of a lab says about it, so that any later dvrc finds it. */
export interface LabRecord {
  readonly format: typeof recordFormat;
  readonly topology: string;
  readonly name: string | undefined;
  readonly release: string;
  /** The process whose end ends the lab. */
  readonly init: ProcessMark;
  readonly machines: readonly LabMachine[];
  /** Machines and cables in one text, to tell whether a later plan has others. */
  readonly shape: string;
  /** False until everything is up. */
  readonly isWhole: boolean;
}

const recordName = "lab.json";

/** Reads the record of a lab. Shape: undefined where there is none, or none that can be read. */
export function readRecord(name: LabName): LabRecord | undefined {
  return readRecordIn(labFolder(labId(name)));
}

/** Records of all labs of a topology, whatever their names. */
export function recordsOf(topology: string): readonly LabRecord[] {
  const folders = existsSync(labsFolder) ? readdirSync(labsFolder).filter((name) => name.startsWith("lab-")) : [];
  return folders.flatMap((folder) => {
    const record = readRecordIn(join(labsFolder, folder));
    return record?.topology === topology ? [record] : [];
  });
}

function readRecordIn(folder: string): LabRecord | undefined {
  const path = join(folder, recordName);
  if (!existsSync(path)) return undefined;
  try {
    const record = JSON.parse(readFileSync(path, "utf8")) as Omit<LabRecord, "format"> & { readonly format: number };
    return record.format === recordFormat ? { ...record, format: recordFormat } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record of a lab, all at once. */
export function writeRecord(record: LabRecord): void {
  const path = join(labFolder(labId(record)), recordName);
  writeFileSync(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** Makes the folder of a lab. Errors: throws where it is there already. */
export function makeLabFolder(name: LabName): string {
  const folder = labFolder(labId(name));
  for (;;) {
    mkdirSync(labsFolder, { recursive: true, mode: 0o755 });
    try {
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      // The last of the other labs went down in between.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** True where anything of a lab is left. */
export function hasTraces(name: LabName): boolean {
  return existsSync(labFolder(labId(name)));
}

/** True where a lab is another user's, so that nothing can be said of it. */
export function isClosed(name: LabName): boolean {
  if (!hasTraces(name)) return false;
  try {
    accessSync(labFolder(labId(name)), constants.R_OK | constants.X_OK);
    return false;
  } catch {
    return true;
  }
}

/** Ends a lab and removes what is left of it, whatever happened to it before. */
export function removeLab(name: LabName): void {
  const record = readRecord(name);
  if (record !== undefined) {
    kill(record.init);
    waitForEnd(record.init);
  }
  rmSync(labFolder(labId(name)), { recursive: true, force: true });
  removeIfEmpty(labsFolder);
}

/** The kernel ends a process namespace's other processes before the first counts as ended. */
function waitForEnd(mark: ProcessMark): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 500 && isRunning(mark); tries++) Atomics.wait(pause, 0, 0, 10);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "ENOENT") throw error;
  }
}
