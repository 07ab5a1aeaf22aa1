import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceSpan } from "../source/span.js";
import { type Lock, type LockValue, lockSpan } from "./lock.js";

/** How a value first came about: written in the topology, a function of declared values, or chosen from a pool. */
export type Provenance = "pinned" | "derived" | "allocated";

/** One allocated value under its key of the lock. Pinned ones are not written to the lock. */
export interface Allocation {
  readonly key: string;
  readonly value: LockValue;
  readonly how: Provenance;
}

/** Reads a value of the lock into the type that its owner needs; undefined where it is of another. */
export type ValueReader<T> = (value: LockValue) => T | undefined;

/** What allocators write to: the old lock to keep values from, the outcomes, and what there is to say about them. */
export class Ledger {
  readonly allocations: Allocation[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly lock: Lock | undefined) {}

  /** The locked value of a key. Errors: `lock-value-invalid` where the lock has one of another type. */
  locked<T>(key: string, read: ValueReader<T>, expected: string): T | undefined {
    const value = this.lock?.allocations.get(key);
    if (value === undefined) return undefined;
    const result = read(value);
    if (result === undefined) {
      this.diagnostics.push(report("lock-value-invalid", { key, value: JSON.stringify(value), expected }, this.span(key)));
    }
    return result;
  }

  record(key: string, value: LockValue, how: Provenance): void {
    this.allocations.push({ key, value, how });
  }

  /** Says that a locked value is not allowed any more. */
  stale(key: string): void {
    this.diagnostics.push(report("lock-value-stale", { key, value: this.text(key) }, this.span(key)));
  }

  /** Says that a locked value belongs to another owner now. */
  taken(key: string, other: string): void {
    this.diagnostics.push(report("lock-value-taken", { key, value: this.text(key), other }, this.span(key)));
  }

  private text(key: string): string {
    return JSON.stringify(this.lock?.allocations.get(key));
  }

  private span(key: string): SourceSpan | undefined {
    return this.lock === undefined ? undefined : lockSpan(this.lock, key);
  }
}

/** Reads a whole number that is not negative. */
export function readNumber(value: LockValue): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Reads a text. */
export function readText(value: LockValue): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Reads a truth value. */
export function readBoolean(value: LockValue): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Reads an order of names. */
export function readNames(value: LockValue): readonly string[] | undefined {
  return typeof value === "object" ? value : undefined;
}

/** A reader of texts that a parser understands. */
export function readParsed<T>(parse: (text: string) => T | undefined): ValueReader<T> {
  return (value) => (typeof value === "string" ? parse(value) : undefined);
}
