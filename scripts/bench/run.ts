import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";

/** What a process took. */
export interface Cost {
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Seconds of all its threads, in the kernel too; undefined where nobody asked. */
  readonly cpu: number | undefined;
  /** The most memory that it had at once, in MB; undefined where nobody asked. */
  readonly peak: number | undefined;
}

/** A build's options must not come from where the benchmark runs. */
const { CI: _, ...environment } = process.env;

/** Lets builds leave their records in a folder that the benchmark removes. */
export function keepRecordsIn(folder: string): void {
  environment["XDG_CACHE_HOME"] = folder;
}

const usageModule = new URL(`file://${resolve("scripts/bench/usage.js")}`).href;

/** The command line of dvrc as it was last built. */
export function dvrc(...args: readonly string[]): readonly string[] {
  return [resolve("bin/dvrc.js"), ...args];
}

/** Runs Node.js alone: as it is, where only the time counts. Errors: what it says where it ends with anything but 0. */
export function run(args: readonly string[]): Cost {
  return { wall: timed(args, environment), cpu: undefined, peak: undefined };
}

/** Runs Node.js with a module that tells what the process used, through a file in the folder. */
export function measure(folder: string, args: readonly string[]): Cost {
  const file = join(folder, "usage.json");
  const wall = timed(["--import", usageModule, ...args], { ...environment, DVRC_BENCH_USAGE: file });
  const { cpu, peak } = JSON.parse(readFileSync(file, "utf8")) as { readonly cpu: number; readonly peak: number };
  return { wall, cpu, peak };
}

/** Copies a tree and answers how many seconds it took; undefined where there is no `cp`. */
export function copyTree(from: string, to: string): number | undefined {
  const start = performance.now();
  const { status } = spawnSync("cp", ["-r", from, to], { stdio: "ignore" });
  return status === 0 ? (performance.now() - start) / 1000 : undefined;
}

/** Starts dvrc and leaves it running. */
export function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, dvrc(...args), { stdio: ["ignore", "ignore", "pipe"], env: environment });
}

/** The cost in the middle, by time. */
export function median(costs: readonly Cost[]): Cost {
  const ordered = [...costs].sort((a, b) => a.wall - b.wall);
  const middle = ordered[Math.floor(ordered.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function timed(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env, stdio: ["ignore", "ignore", "pipe"] });
  const wall = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(`${args.join(" ")}: ended with ${status}\n${stderr}`);
  return wall;
}
