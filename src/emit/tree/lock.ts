import { closeSync, linkSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { report } from "../../diagnostics/report.js";
import { codeOf, ifThere, touching, TreeFailure } from "./failure.js";
import { lockName } from "./place.js";
import { readPlainFile } from "./plain-file.js";

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly machine: string;
  /** When the process started, in the kernel's ticks, so that another process of the same number is not taken for it; empty where the system does not tell. */
  readonly started: string;
}

/**
 * Takes the tree's lock, also from a process that ended without giving it back.
 *
 * Errors: `output-folder-busy` where another process, or another build of this one, holds it.
 */
export function takeLock(folder: string): void {
  const path = join(folder, lockName);
  const text = JSON.stringify(ourselves());
  for (let tries = 0; tries < 10; tries++) {
    if (create(path, text)) return removeAsides(folder);
    const held = readPlainFile(path)?.toString("utf8");
    if (held === undefined) continue;
    const holder = parseHolder(held);
    if (holder !== undefined && isAlive(holder)) throw busy(folder, path, holder);
    stealFrom(path, held);
  }
  throw busy(folder, path, ourselves());
}

/** Gives the lock back. */
export function giveLock(folder: string): void {
  rmSync(join(folder, lockName), { force: true });
}

/** True where a process that still runs holds the lock. */
export function isLocked(folder: string): boolean {
  const path = join(folder, lockName);
  const text = readPlainFile(path)?.toString("utf8");
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && isAlive(holder);
}

function create(path: string, text: string): boolean {
  return touching(path, () => {
    let file: number;
    try {
      file = openSync(path, "wx");
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
    try {
      writeFileSync(file, text);
      return true;
    } catch (error) {
      // A full disk takes the name and not the text.
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  });
}

/** Removes a dead process's lock; if another build was faster, what was taken away is its lock and goes back. */
function stealFrom(path: string, expected: string): void {
  const aside = `${path}.${process.pid}`;
  const taken = ifThere(path, () => {
    renameSync(path, aside);
    return true;
  });
  if (taken === undefined) return;
  if (readFileSync(aside, "utf8") !== expected) touching(path, () => linkSync(aside, path));
  rmSync(aside, { force: true });
}

/** Removes what processes took away and left when they were killed. */
function removeAsides(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${lockName}.`)) continue;
    const pid = Number(name.slice(lockName.length + 1));
    if (!isAlive({ pid, machine: hostname(), started: startOf(pid) })) rmSync(join(folder, name), { force: true });
  }
}

function ourselves(): Holder {
  return { pid: process.pid, machine: hostname(), started: startOf(process.pid) };
}

/** A lock that cannot be read was being written when its process died. */
function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, machine, started } = value as { pid?: unknown; machine?: unknown; started?: unknown };
    if (typeof pid !== "number" || typeof machine !== "string" || typeof started !== "string") return undefined;
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, machine, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Processes of other machines cannot be asked, so they count as running. */
function isAlive({ pid, machine, started }: Holder): boolean {
  if (machine !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  return startOf(pid) === started;
}

/** Source: proc(5), field 22 of /proc/pid/stat, counted behind the command's closing parenthesis. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function busy(folder: string, lock: string, { pid, machine }: Holder): TreeFailure {
  return new TreeFailure(report("output-folder-busy", { folder, lock, pid, machine }, undefined));
}
