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

/**
 * Characters from which lines become a piece of text. V8 fetches memory from the system for each text of 128 KB or more, and gives it back at once:
 * on a virtual machine that takes eight times as long as to put pieces of it together.
 */
const pieceLength = 32768;

/** Text of what a printer writes, a newline after each line, in pieces that follow one another. */
export function printedPieces(write: (sink: LineSink) => void): readonly string[] {
  const pieces: string[] = [];
  let lines: string[] = [];
  let length = 0;
  const join = (): void => {
    // The last newline, too, comes by joining: to add it would copy the text once more.
    lines.push("");
    pieces.push(lines.join("\n"));
    [lines, length] = [[], 0];
  };
  const sink = (line: string): void => {
    lines.push(line);
    length += line.length;
    if (length >= pieceLength) join();
  };
  write(Object.assign(sink, { textOnly: true } as const));
  if (lines.length > 0) join();
  return pieces;
}

/** As {@link printedPieces}, in one. */
export function printedText(write: (sink: LineSink) => void): string {
  return printedPieces(write).join("");
}

/** Lines of what a printer writes, with their origins. */
export function printedLines(write: (sink: LineSink) => void): PrintedLine[] {
  const lines: PrintedLine[] = [];
  write((text, origin) => lines.push({ text, origin }));
  return lines;
}
