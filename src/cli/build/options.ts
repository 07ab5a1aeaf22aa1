import type { Context } from "../context.js";
import { isCi } from "../context.js";
import { shellWord } from "../shell-word.js";
import type { Shard } from "./hosts.js";

/** Options of `dvrc build` as commander gives them. */
export interface BuildFlags {
  readonly out: string;
  readonly release?: string;
  readonly host: readonly string[];
  readonly shard?: Shard;
  /** Threads to compile with; undefined leaves it to the size of the topology. */
  readonly jobs?: number;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly frozen?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** A build as it was asked for. */
export interface BuildRequest extends BuildFlags {
  /** As written; undefined means the working folder's. */
  readonly topology: string | undefined;
  /** True for what `--watch` builds after the first time: by then this thread's code runs fast, which a new thread's does not. */
  readonly again?: boolean;
  /**
   * Asked before anything is written, and before errors are told: false where the files are no longer what was read, or nobody knows yet. Then the
   * build is given up, and another one follows.
   */
  readonly isSettled?: () => Promise<boolean>;
}

/** True where a lock that would change is an error: as asked, else where a continuous integration runs. */
export function isFrozen(flags: BuildFlags, context: Context): boolean {
  return flags.frozen ?? isCi(context.env);
}

/** True where only some of the hosts are built: then nothing of the others is touched. */
export function isPartial(flags: BuildFlags): boolean {
  return flags.host.length > 0 || flags.shard !== undefined;
}

/** True for a build that writes the tree's list of allocations: the whole one, and the first of the shards that split it. */
export function ownsAllocations({ host, shard }: BuildFlags): boolean {
  return host.length === 0 && (shard === undefined || shard.index === 1);
}

/** The command line of a build, without what only says how it is told. */
export function commandOf({ topology, out, release, host, shard }: BuildRequest): string {
  const words = [
    ...(topology === undefined ? [] : [topology]),
    ...(out === "out" ? [] : ["-o", out]),
    ...(release === undefined ? [] : ["--release", release]),
    ...host.flatMap((name) => ["--host", name]),
    ...(shard === undefined ? [] : ["--shard", `${shard.index}/${shard.count}`]),
  ];
  return ["dvrc", "build", ...words.map(shellWord)].join(" ");
}
