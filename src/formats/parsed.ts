import { because, type Origin } from "../source/origin.js";

/** A line that a parser does not understand, or the place where a text breaks off. */
export interface Problem {
  /** Counted from 1. */
  readonly line: number;
  /** The line, cut at 200 characters. */
  readonly text: string;
  /** What is wrong, as a clause: `unknown match field "foo"`. */
  readonly reason: string;
}

/** What a parser made of a text: the value of all lines that it understood, and one problem for each that it did not. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** The outcome of reading one piece of a line. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** A piece that was understood. */
export function understood<T>(value: T): Attempt<T> {
  return { ok: true, value };
}

/** A piece that was not. */
export function refused(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

/** Why an entry of a parsed dump exists: its line. */
export type OriginOf = (line: number) => Origin;

/** The origin of a dump's line: the pointer is `/<line>`, counted from 1. */
export const dumpOrigin: OriginOf = (line) => because("dump", `/${line}`);

/** What every parser of a whole text takes. */
export interface ParseOptions {
  /** Origin of the entry on a line; {@link dumpOrigin} where absent. */
  readonly originOf?: OriginOf;
}

/** The longest line that parsers read, in UTF-16 units: far beyond any that a tool prints. */
export const longestLine = 1_000_000;

/**
 * Goes over the lines of a text, without their line ends and trailing blanks.
 *
 * Errors: a problem for a line beyond {@link longestLine}, and one where the last line has no end, since that is how a cut dump looks.
 */
export function eachLine(text: string, problems: Problem[], visit: (line: string, number: number) => void): void {
  let start = 0;
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > longestLine) problems.push(problem(number, text.slice(start, start + 200), "the line is too long"));
    else visit(trimRight(text, start, end), number);
    if (newline < 0) problems.push(problem(number, text.slice(start, start + 200), "the text breaks off without a newline"));
    start = end + 1;
  }
}

/** A problem with its line cut to a readable length. */
export function problem(line: number, text: string, reason: string): Problem {
  return { line, text: text.length > 200 ? text.slice(0, 200) : text, reason };
}

/**
 * Reads a text of which every line that is not blank is one entry.
 *
 * `parseLine` answers undefined for lines that carry nothing: headers and comments.
 */
export function parseEachLine<T>(
  text: string,
  options: ParseOptions,
  parseLine: (line: string, origin: Origin) => Attempt<T> | undefined,
): Parsed<T[]> {
  const value: T[] = [];
  const problems: Problem[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  eachLine(text, problems, (line, number) => {
    if (line === "") return;
    const attempt = parseLine(line, originOf(number));
    if (attempt === undefined) return;
    if (attempt.ok) value.push(attempt.value);
    else problems.push(problem(number, line, attempt.reason));
  });
  return { value, problems };
}

function trimRight(text: string, start: number, end: number): string {
  let last = end;
  while (last > start) {
    const code = text.charCodeAt(last - 1);
    if (code !== 32 && code !== 9 && code !== 13) break;
    last--;
  }
  return text.slice(start, last);
}
