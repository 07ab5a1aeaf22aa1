import type { Result } from "../diagnostics/diagnostic.js";
import type { SourceText } from "../source/span.js";
import { type Lock, parseLock } from "./lock.js";
import { PrintedAllocations } from "./printed-allocations.js";

/** Reads the lock of one topology again and again: one that is what it was is not read twice. */
export class LockReader {
  private last: { readonly source: SourceText; readonly outcome: Result<Lock> } | undefined;

  /** As `parseLock`. */
  read(source: SourceText): Result<Lock> {
    if (this.last?.source.text !== source.text || this.last.source.path !== source.path) this.last = { source, outcome: parseLock(source) };
    return this.last.outcome;
  }

  /** Reads what the next build will find, while nobody waits, with the groups of entries that were asked of the last lock. */
  readAhead(source: SourceText): void {
    const before = this.last?.outcome[0]?.allocations;
    const now = this.read(source)[0]?.allocations;
    if (before !== now && before instanceof PrintedAllocations && now instanceof PrintedAllocations) now.readAs(before);
  }
}
