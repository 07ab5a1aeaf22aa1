import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Compilation } from "../../compile.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { looseEntriesOf } from "../../resolve/index.js";
import type { Context } from "../context.js";
import { counted } from "../diagnostics.js";
import { refusalOf } from "../failure.js";
import { replaceFile } from "../replace-file.js";
import { type BuildRequest, commandOf } from "./options.js";

/** What a build makes of the lock. */
export interface LockChange {
  readonly path: string;
  /** Its text, in pieces that follow one another. */
  readonly pieces: readonly string[];
  readonly added: number;
  readonly changed: number;
  readonly dropped: number;
}

/** How the lock would change; undefined where it stays as it is. */
export function lockChange(compilation: Compilation): LockChange | undefined {
  const { lock, lockPath, lockText } = compilation.loaded;
  const pieces = compilation.nextLockPieces();
  if (lockText !== undefined && isMadeOf(lockText.text, pieces)) return undefined;
  const before = lock?.allocations ?? new Map<string, unknown>();
  let added = 0;
  let kept = 0;
  let changed = 0;
  for (const group of compilation.nextGroups()) {
    if (compilation.isLocked(group)) {
      kept += group.locked?.count ?? looseEntriesOf(group).length;
      continue;
    }
    for (const { key, value } of looseEntriesOf(group)) {
      const was = before.get(key);
      if (was === undefined) added++;
      else {
        kept++;
        if (was !== value && !isDeepStrictEqual(was, value)) changed++;
      }
    }
  }
  return { path: lockPath, pieces, added, changed, dropped: before.size - kept };
}

function isMadeOf(text: string, pieces: readonly string[]): boolean {
  let end = 0;
  const isThere = (piece: string): boolean => text.slice(end, (end += piece.length)) === piece;
  return pieces.every(isThere) && end === text.length;
}

/** `2 allocations added, 1 dropped`; a lock of the same values in another form is only formatted. */
export function describeLockChange({ added, changed, dropped }: LockChange): string {
  const parts = [
    [added, "added"],
    [changed, "changed"],
    [dropped, "dropped"],
  ] as const;
  const [first, ...others] = parts.filter(([count]) => count > 0);
  if (first === undefined) return "formatted";
  return [`${counted(first[0], "allocation")} ${first[1]}`, ...others.map(([count, what]) => `${count} ${what}`)].join(", ");
}

/** The diagnostic of a frozen lock that would change. */
export function frozenLock(change: LockChange, { shard: _, ...whole }: BuildRequest, context: Context): Diagnostic {
  // What the other shards choose is missing as well.
  const holes = { lock: relative(context.cwd, change.path), changes: describeLockChange(change), command: commandOf(whole) };
  return report("lock-would-change", holes, undefined);
}

/** Writes a lock. Errors: `lock-not-writable`. */
export function writeLock({ path, pieces }: LockChange): readonly Diagnostic[] {
  try {
    replaceFile(path, pieces);
    return [];
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return [report("lock-not-writable", { lock: path, reason: refusal.reason }, undefined)];
  }
}
