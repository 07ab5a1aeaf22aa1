import { keyGroup } from "./keys.js";
import type { LockValue } from "./lock.js";

/** Lines of a lock's text whose keys begin alike: what the server allocates of a kind, or what a host chooses in a release. Plain data. */
export interface LockSection {
  /** As {@link keyGroup} gives it. */
  readonly group: string;
  /** From the first line's beginning to the last line's end, in the text. */
  readonly start: number;
  readonly end: number;
  readonly lines: number;
}

/** A line as a lock is printed. Its key, or a text among its values, has no escapes. */
const entryShape =
  /"[ !#-[\]-\uffff]*": (?:0|[1-9]\d{0,14}|"[ !#-[\]-\uffff]*"|true|false|\[(?:"[ !#-[\]-\uffff]*"(?:,"[ !#-[\]-\uffff]*")*)?\])(,?)\n/y;

/** The same, taken apart. */
const entryLine = /"([^"]*)": (?:(\d+)|"([^"]*)"|(true|false)|(\[.*\])),?\n/y;

/**
 * Finds the sections of entries that are printed one a line, sorted, from `start` to `end` of a text.
 *
 * Errors: undefined where a line is not as it would be printed, or not in its order, which need not be wrong.
 */
export function sectionsOf(text: string, start: number, end: number): readonly LockSection[] | undefined {
  const sections: LockSection[] = [];
  let group: string | undefined;
  let begin = start;
  let lines = 0;
  let last: string | undefined;
  const close = (at: number): void => {
    if (group !== undefined) sections.push({ group, start: begin, end: at, lines });
  };
  for (let at = start; at < end;) {
    entryShape.lastIndex = at;
    if (!entryShape.test(text)) return undefined;
    const next = entryShape.lastIndex;
    if (next > end || (text.charCodeAt(next - 2) === comma) !== next < end) return undefined;
    const key = text.slice(at + 1, text.indexOf('"', at + 1));
    if (last !== undefined && last >= key) return undefined;
    if (group === undefined || !key.startsWith(group) || group === "") {
      close(at);
      [group, begin, lines] = [keyGroup(key), at, 0];
    }
    lines++;
    last = key;
    at = next;
  }
  close(end);
  return new Set(sections.map((section) => section.group)).size === sections.length ? sections : undefined;
}

const comma = 44;

/** Sections whose entries are kept: all of the server's, and those of a few hosts, of which each is asked for once. */
const keptSections = 24;

/**
 * The allocations of a printed lock, each section read when something of it is first asked for: of a large cloud's lock a command needs little.
 *
 * Order: as in the text.
 */
export class PrintedAllocations implements ReadonlyMap<string, LockValue> {
  readonly size: number;
  private readonly byGroup: ReadonlyMap<string, LockSection>;
  /** What was asked for last, at the end. */
  private readonly read = new Map<string, ReadonlyMap<string, LockValue>>();
  private last: { readonly name: string; readonly entries: ReadonlyMap<string, LockValue> } | undefined;

  constructor(
    private readonly text: string,
    readonly sections: readonly LockSection[],
  ) {
    this.byGroup = new Map(sections.map((section) => [section.group, section]));
    this.size = sections.reduce((sum, { lines }) => sum + lines, 0);
  }

  get(key: string): LockValue | undefined {
    return this.groupOf(key).get(key);
  }

  has(key: string): boolean {
    return this.groupOf(key).has(key);
  }

  /** The entries of a group of keys; none where the lock has no such group. */
  group(name: string): ReadonlyMap<string, LockValue> {
    const section = this.byGroup.get(name);
    if (section === undefined) return none;
    const entries = this.read.get(name) ?? readSection(this.text, section);
    this.read.delete(name);
    this.read.set(name, entries);
    if (this.read.size > keptSections) this.read.delete(this.read.keys().next().value ?? "");
    return entries;
  }

  /** Reads what another one has in mind. */
  readAs(other: PrintedAllocations): void {
    for (const name of other.read.keys()) this.group(name);
  }

  /** How many entries a group of keys has, which need not be read for it. */
  count(name: string): number {
    return this.byGroup.get(name)?.lines ?? 0;
  }

  /** The lines of a group of keys, without what ends the last; empty where the lock has no such group. */
  linesOf(name: string): string {
    const section = this.byGroup.get(name);
    if (section === undefined) return "";
    const end = section.end - 1;
    return this.text.slice(section.start, this.text.charCodeAt(end - 1) === comma ? end - 1 : end);
  }

  /** Who asks for a key asks for others of the same group. */
  private groupOf(key: string): ReadonlyMap<string, LockValue> {
    if (this.last === undefined || this.last.name === "" || !key.startsWith(this.last.name)) {
      const name = keyGroup(key);
      this.last = { name, entries: this.group(name) };
    }
    return this.last.entries;
  }

  *entries(): MapIterator<[string, LockValue]> {
    for (const { group } of this.sections) yield* this.group(group).entries();
  }

  *keys(): MapIterator<string> {
    for (const { group } of this.sections) yield* this.group(group).keys();
  }

  *values(): MapIterator<LockValue> {
    for (const { group } of this.sections) yield* this.group(group).values();
  }

  [Symbol.iterator](): MapIterator<[string, LockValue]> {
    return this.entries();
  }

  forEach(visit: (value: LockValue, key: string, map: ReadonlyMap<string, LockValue>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }
}

const none: ReadonlyMap<string, LockValue> = new Map();

function readSection(text: string, { start, lines }: LockSection): ReadonlyMap<string, LockValue> {
  const read = new Map<string, LockValue>();
  entryLine.lastIndex = start;
  for (let line = 0; line < lines; line++) {
    const [, key = "", number, word, truth, list = "[]"] = entryLine.exec(text) ?? [];
    const value =
      number !== undefined ? Number(number) : (word ?? (truth !== undefined ? truth === "true" : (JSON.parse(list) as string[])));
    read.set(key, value);
  }
  return read;
}
