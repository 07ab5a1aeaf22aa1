import { type SourceSpan, lineColumn, lineStarts } from "../source/span.js";
import { cell } from "./visible.js";

/** Columns of source that a frame shows; the rest of a longer line is cut off. */
const frameWidth = 120;
/** Columns that are shown before the marked text of a line that is cut. */
const lead = 40;

/** A line of source and the marks below it, both without the gutter. */
export interface CodeFrame {
  readonly line: number;
  readonly text: string;
  readonly marks: string;
}

/**
 * The line in which a span starts, with carets below the part of the span that is on it.
 *
 * Shape: safe to print; tabs are expanded, what a terminal would obey is escaped, and a long line is cut around the span.
 */
export function codeFrame(span: SourceSpan): CodeFrame {
  const { text } = span.source;
  const { line } = lineColumn(span.source, span.start);
  const starts = lineStarts(span.source);
  const lineStart = starts[line - 1] ?? 0;
  const lineEnd = endOfLine(text, lineStart, starts[line] ?? text.length + 1);
  const from = Math.min(span.start, lineEnd);
  const to = Math.max(Math.min(span.end, lineEnd), from);
  // Only what can be shown is looked at: a line may have millions of characters.
  const first = from - lineStart > frameWidth - lead ? from - lead : lineStart;
  let shown = first > lineStart ? "…" : "";
  let columns = shown.length;
  let marks = " ".repeat(columns);
  let marked = 0;
  let at = first;
  for (const character of text.slice(first, Math.min(lineEnd, first + frameWidth))) {
    const { text: visibleText, width } = cell(character, columns);
    if (columns + width > frameWidth) break;
    shown += visibleText;
    columns += width;
    if (at < from) marks += " ".repeat(width);
    else if (at < to) {
      marks += "^".repeat(width);
      marked += width;
    }
    at += character.length;
  }
  if (at < lineEnd) shown += "…";
  return { line, text: shown, marks: marked > 0 ? marks : `${marks}^` };
}

function endOfLine(text: string, lineStart: number, nextLine: number): number {
  const end = Math.max(nextLine - 1, lineStart);
  return text[end - 1] === "\r" && end > lineStart ? end - 1 : end;
}
