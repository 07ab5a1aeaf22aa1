import { by, byText, sorted } from "../base/order.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceSpan, SourceText } from "../source/span.js";
import type { LineForm } from "./group-texts.js";
import { type LockSection, PrintedAllocations, sectionsOf } from "./printed-allocations.js";

/**
 * A value of the lock: a number, an order or a name, never a flow, rule or route.
 *
 * Orders are arrays of names.
 */
export type LockValue = string | number | boolean | readonly string[];

/** The lock file of a topology: every value that was allocated, by the key of its owner. Keys are those of `keys.ts`. */
export interface Lock {
  /** The file it was read from; undefined for a lock made in memory. */
  readonly source?: SourceText;
  readonly allocations: ReadonlyMap<string, LockValue>;
}

const lockVersion = 1;
const conflictMarker = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/m;

/**
 * Reads a lock file.
 *
 * Errors: `lock-conflict` for merge conflict markers, `lock-syntax`, `lock-version`, `lock-duplicate-key` for a key that a merge left twice, `lock-value-type`.
 */
export function parseLock(source: SourceText): Result<Lock> {
  const printed = readPrinted(source.text);
  if (printed !== undefined) return [{ source, allocations: printed }, []];
  const conflict = conflictMarker.exec(source.text);
  if (conflict !== null) {
    return failed(report("lock-conflict", {}, { source, start: conflict.index, end: conflict.index + 7 }));
  }
  let value: unknown;
  try {
    value = JSON.parse(source.text);
  } catch {
    return failed(report("lock-syntax", { reason: "it is not JSON" }, firstBadLine(source)));
  }
  if (!isObject(value) || value["version"] !== lockVersion) {
    const found = isObject(value) ? value["version"] : undefined;
    return failed(report("lock-version", { version: found === undefined ? "none" : JSON.stringify(found) }, topOf(source)));
  }
  const unknown = Object.keys(value).find((key) => key !== "version" && key !== "allocations");
  if (unknown !== undefined)
    return failed(report("lock-syntax", { reason: `it has ${JSON.stringify(unknown)}, which no lock has` }, keySpan(source, unknown)));
  const allocations = value["allocations"];
  if (!isObject(allocations)) return failed(report("lock-syntax", { reason: '"allocations" is not an object' }, topOf(source)));
  return readAllocations(source, allocations);
}

/** The lock of a text whose sections are known, since another thread has read it. */
export function lockOfSections(source: SourceText, sections: readonly LockSection[]): Lock {
  return { source, allocations: new PrintedAllocations(source.text, sections) };
}

/** The sections of a lock that reads them as they are needed; undefined for any other. */
export function sectionsOfLock({ allocations }: Lock): readonly LockSection[] | undefined {
  return allocations instanceof PrintedAllocations ? allocations.sections : undefined;
}

/** The lines of a group of a lock's keys, as {@link printEntries} prints them; undefined for a lock that is not known to be printed so. */
export function lockLinesOf({ allocations }: Lock, group: string): string | undefined {
  return allocations instanceof PrintedAllocations ? allocations.linesOf(group) : undefined;
}

const firstLine = `{"version":${lockVersion},"allocations":{\n`;
const lastLine = "}}\n";
const betweenLines = ",\n";

/**
 * Reads a lock just as {@link printLock} writes it, line by line, since the JSON of a large cloud takes long.
 *
 * Errors: undefined where a line is not as it would be written, which need not be wrong.
 */
function readPrinted(text: string): ReadonlyMap<string, LockValue> | undefined {
  if (!text.startsWith(firstLine) || !text.endsWith(lastLine)) return undefined;
  const sections = sectionsOf(text, firstLine.length, text.length - lastLine.length);
  return sections === undefined || sections.length === 0 ? undefined : new PrintedAllocations(text, sections);
}

function readAllocations(source: SourceText, allocations: Readonly<Record<string, unknown>>): Result<Lock> {
  const read = new Map<string, LockValue>();
  const diagnostics: Diagnostic[] = [];
  for (const key of Object.keys(allocations)) {
    const value = allocations[key];
    if (isLockValue(value)) read.set(key, value);
    else
      diagnostics.push(
        report("lock-value-type", { key, value: typeof value === "number" ? String(value) : JSON.stringify(value) }, keySpan(source, key)),
      );
  }
  diagnostics.push(...duplicateKeys(source));
  if (diagnostics.length > 0) return [undefined, diagnostics];
  return [{ source, allocations: read }, []];
}

/** An entry of a lock. */
export interface LockEntry {
  readonly key: string;
  readonly value: LockValue;
}

/** The text of a lock: one allocation a line, sorted by code unit, so that it diffs and merges well. */
export function printLock(lock: Lock): string {
  const entries = Array.from(lock.allocations, ([key, value]) => ({ key, value }));
  const inOrder = sorted(
    entries,
    by(({ key }) => key, byText),
  );
  return lockOfLines([printEntries(inOrder)]).join("");
}

/** The lines of a lock that some entries make, which are sorted; without what ends the last. */
export function printEntries(entries: Iterable<LockEntry>): string {
  const blocks: string[] = [];
  let lines: string[] = [];
  for (const entry of entries) {
    lines.push(printEntry(entry));
    // Lines of a large cloud that were all kept until the end would fill the memory.
    if (lines.length < linesOfBlock) continue;
    blocks.push(lines.join(betweenLines));
    lines = [];
  }
  if (lines.length > 0) blocks.push(lines.join(betweenLines));
  return blocks.join(betweenLines);
}

/** The line of an entry, without what ends it. */
export function printEntry({ key, value }: LockEntry): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

/** As {@link printEntries}, one by one. Pinned values are not in a lock. */
export const lockForm: LineForm = {
  line: (allocation) => (allocation.how === "pinned" ? undefined : printEntry(allocation)),
  between: betweenLines,
};

/** The text of a lock of lines that {@link printEntries} made, in order, in pieces that follow one another. */
export function lockOfLines(texts: Iterable<string>): readonly string[] {
  const pieces: string[] = [];
  for (const text of texts) if (text !== "") pieces.push(pieces.length === 0 ? firstLine : betweenLines, text);
  return pieces.length === 0 ? [`{"version":${lockVersion},"allocations":{}}\n`] : [...pieces, `\n${lastLine}`];
}

const linesOfBlock = 4096;

/** Where the lock file has a key; the top of the file where it cannot be told, undefined for a lock made in memory. */
export function lockSpan(lock: Lock, key: string): SourceSpan | undefined {
  return lock.source === undefined ? undefined : keySpan(lock.source, key);
}

function keySpan(source: SourceText, key: string): SourceSpan {
  const text = JSON.stringify(key);
  const start = source.text.indexOf(`${text}:`);
  return start < 0 ? topOf(source) : { source, start, end: start + text.length };
}

/** Keys that stand twice, each at its second place: every text that a colon follows is a key, however the file is laid out. */
function duplicateKeys(source: SourceText): Diagnostic[] {
  const seen = new Map<string, SourceSpan>();
  const diagnostics: Diagnostic[] = [];
  const { text } = source;
  const colon = /\s*:/y;
  let end: number;
  for (let start = text.indexOf('"'); start >= 0; start = text.indexOf('"', end)) {
    end = endOfString(text, start);
    colon.lastIndex = end;
    if (!colon.test(text)) continue;
    const key = JSON.parse(text.slice(start, end)) as string;
    const at = { source, start, end };
    const first = seen.get(key);
    if (first === undefined) seen.set(key, at);
    else {
      const related = [{ at: first, message: "It is here first." }];
      diagnostics.push(report("lock-duplicate-key", { key }, at, { related }));
    }
  }
  return diagnostics;
}

/** The place behind the quote that closes a JSON string. A regular expression would run out of stack on a string of many millions of characters. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/**
 * The first line that is no allocation, or has a comma too many or too few, in a file with one allocation a line; else the top of the file.
 *
 * What JSON.parse says of the place differs from one version of Node.js to the next.
 */
function firstBadLine(source: SourceText): SourceSpan {
  const lines = source.text.split("\n");
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const entry = line.trim();
    const followed = lines[index + 1]?.trimStart().startsWith('"') === true;
    if (entry.startsWith('"') && (followed !== entry.endsWith(",") || !isJson(`{${entry.replace(/,$/, "")}}`))) {
      return { source, start, end: start + line.length };
    }
    start += line.length + 1;
  }
  return topOf(source);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function topOf(source: SourceText): SourceSpan {
  return { source, start: 0, end: Math.min(1, source.text.length) };
}

function failed(diagnostic: Diagnostic): Result<Lock> {
  return [undefined, [diagnostic]];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLockValue(value: unknown): value is LockValue {
  if (Array.isArray(value)) return value.every((entry) => typeof entry === "string");
  // JSON reads 1e999 as a number that it cannot write.
  return typeof value === "string" || Number.isFinite(value) || typeof value === "boolean";
}
