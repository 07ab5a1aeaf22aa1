/** The text of a file and the path under which the user knows it. */
export interface SourceText {
  /** As given on the command line or found by an import, absolute or relative to the working folder. */
  readonly path: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in a text. */
export interface SourceSpan {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** A place for people: line and column count from 1, the column in UTF-16 units. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

const lineStartsOf = new WeakMap<SourceText, readonly number[]>();

/** Offset of the first character of each line. Computed once per text. */
export function lineStarts(source: SourceText): readonly number[] {
  let starts = lineStartsOf.get(source);
  if (starts === undefined) {
    const found = [0];
    for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) found.push(at + 1);
    starts = found;
    lineStartsOf.set(source, starts);
  }
  return starts;
}

/** The line and column of an offset. */
export function lineColumn(source: SourceText, offset: number): LineColumn {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
