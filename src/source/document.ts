import type { Pointer } from "./pointer.js";
import type { SourceSpan, SourceText } from "./span.js";

/** What of a member is meant: its key, or its value. */
export type Part = "key" | "value";

/** Where a pointer leads, and whether that is the very place or the nearest enclosing one that is known. */
export interface Located {
  readonly span: SourceSpan;
  readonly exact: boolean;
}

/**
 * A topology as read, whichever language it was written in: plain JSON and a way back to its text.
 *
 * After `read/` nobody knows the language. `locate` is total: it climbs to the nearest enclosing place that it knows.
 */
export interface SourceDocument {
  /** The entry file. */
  readonly source: SourceText;
  /** Every file that took part, the entry first: a TypeScript topology may import others. */
  readonly inputs: readonly SourceText[];
  /** Objects, arrays, strings, numbers, booleans and null only. */
  readonly value: unknown;
  locate(pointer: Pointer, part?: Part): Located;
}
