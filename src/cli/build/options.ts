import type { Context } from "../context.js";
import { isCi } from "../context.js";
import type { Shard } from "./hosts.js";

/** Options of `dvrc build` as commander gives them. */
export interface BuildFlags {
  readonly out: string;
  readonly release?: string;
  readonly host: readonly string[];
  readonly shard?: Shard;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly frozen?: boolean;
  readonly json?: boolean;
}

/** A build as it was asked for. */
export interface BuildRequest extends BuildFlags {
  /** As written; undefined means the working folder's. */
  readonly topology: string | undefined;
}

/** True where a lock that would change is an error: as asked, else where a continuous integration runs. */
export function isFrozen(flags: BuildFlags, context: Context): boolean {
  return flags.frozen ?? isCi(context.env);
}

/** True where only some of the hosts are built: then nothing of the others is touched. */
export function isPartial(flags: BuildFlags): boolean {
  return flags.host.length > 0 || flags.shard !== undefined;
}
