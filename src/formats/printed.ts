import type { Origin } from "../source/origin.js";

/** A printed line and why it is there; undefined origin only for lines that are pure form. */
export interface PrintedLine {
  readonly text: string;
  readonly origin: Origin | undefined;
}

/** Takes printed lines one by one, so that a build that wants no origins builds no objects for them. */
export interface LineSink {
  (text: string, origin: Origin | undefined): void;
  /** Set where origins are of no use: then a printer need not know which line has which, and may write several lines as one text. */
  readonly textOnly?: true;
}

/** Text of what a printer writes, a newline after each line. */
export function printedText(write: (sink: LineSink) => void): string {
  const lines: string[] = [];
  write(Object.assign((line: string) => void lines.push(line), { textOnly: true } as const));
  if (lines.length === 0) return "";
  // The last newline, too, comes by joining: to add it would copy the text once more.
  lines.push("");
  return lines.join("\n");
}

/** Lines of what a printer writes, with their origins. */
export function printedLines(write: (sink: LineSink) => void): PrintedLine[] {
  const lines: PrintedLine[] = [];
  write((text, origin) => lines.push({ text, origin }));
  return lines;
}
