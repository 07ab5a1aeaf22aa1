import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

/** A process that is told from a later one of the same number by the time it started. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks after the machine's start: field 22 of proc(5)'s `stat`. */
  readonly startedAt: string;
  /** Which run of the machine. */
  readonly boot: string;
}

/** What a program did. */
export interface Outcome {
  /** Exit status; 128 and the signal's number where one ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface RunOptions {
  readonly input?: string;
  /** Milliseconds after which it is killed; a quarter of an hour where none are given: hosts of many routers take minutes on slow machines. */
  readonly timeout?: number;
}

/**
 * The environment of everything in a lab: programs of administrators are found, and nobody's language changes what they print.
 * What the machine lacks, as ping often, busybox has.
 */
export function labEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${searchPath()}:/run/dvrc/bin`, LC_ALL: "C", TMPDIR: "/run" };
}

/** The search path with the folders of administrators' programs, which users' often lack. */
export function searchPath(): string {
  return `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
}

/** Runs a program and gathers what it prints. Errors: rejects where the program cannot be started. */
export function run(program: string, args: readonly string[], { input = "", timeout = 900_000 }: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: "/", env: labEnvironment(), timeout, killSignal: "SIGKILL" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ status: code ?? 128 + (signal === "SIGKILL" ? 9 : 15), stdout, stderr }));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Marks a process that runs. Errors: undefined where there is none. */
export function markProcess(pid: number): ProcessMark | undefined {
  const startedAt = statField(pid, startField);
  return startedAt === undefined ? undefined : { pid, startedAt, boot: bootId() };
}

/** True while the very process that was marked runs. */
export function isRunning(mark: ProcessMark): boolean {
  return mark.boot === bootId() && statField(mark.pid, startField) === mark.startedAt && statField(mark.pid, stateField) !== "Z";
}

/** Kills the process that was marked, and no other. */
export function kill(mark: ProcessMark): void {
  if (!isRunning(mark)) return;
  try {
    process.kill(mark.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Fields of `stat` after the name, which may hold blanks and brackets. */
const stateField = 0;
const startField = 19;

function statField(pid: number, field: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[field];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
