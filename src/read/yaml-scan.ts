import type { JsonMember, JsonNode } from "./json-scan.js";
import { setMember } from "./plain.js";
import { expansionLimit, nestingLimit } from "./text.js";

/** A value and where it is written. */
export interface ScannedYaml extends JsonNode {
  readonly value: unknown;
}

/**
 * Reads the YAML that large topologies are written in: ASCII, mappings and lists in block style, flow style within a line, plain and quoted
 * text within a line, whole numbers, comments on lines of their own. A tenth of the time that the parser of all YAML takes.
 *
 * Undefined for everything else, every fault included: then that parser has its say. What it would read otherwise is never accepted.
 */
export function scanYaml(text: string): ScannedYaml | undefined {
  if (!/^[\n -~]*$/.test(text)) return undefined;
  try {
    return new Scanner(text).document();
  } catch (error) {
    if (error instanceof NotSimple) return undefined;
    throw error;
  }
}

/** The way out of the scanner's recursion; never leaves this module. */
class NotSimple extends Error {}

const blankLines = /(?: *(?:#[^\n]*)?\n)*/y;
const blanks = / */y;
/** Plain text whose meaning no context changes. */
const plain = /(?:[\w/]|[.+-](?=[\w/]))(?:[\w./+@=()-]|[: ](?=[\w./+@=()]))*/y;
const quoted = /"[^"\\\n]*"|'[^'\n]*'/y;
const wholeNumber = /^[-+]?\d{1,15}$/;
/** Other numbers of the core schema. Source: YAML 1.2.2, 10.3.2. */
const otherNumber = /^(?:0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const words = new Map<string, unknown>([
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
]);
/** Longer keys are not on one line. Source: YAML 1.2.2, 7.4.2. */
const keyLimit = 1000;

class Scanner {
  #at = 0;
  /** Column of the first character of the line that comes next; -1 at the end. */
  #column = 0;
  #values = 0;
  /** Column of the comment furthest to the right between the last line and the next; -1 where there is none. */
  #comment = -1;

  constructor(readonly text: string) {}

  document(): ScannedYaml {
    if (this.#nextLine() !== 0) this.#fail();
    const root = this.#blockMap(0, 1);
    if (this.#column !== -1) this.#fail();
    return root;
  }

  #blockMap(column: number, level: number): ScannedYaml {
    this.#enter(level);
    const start = this.#at;
    const members = new Map<string, JsonMember>();
    const value: Record<string, unknown> = {};
    let end: number;
    do {
      const key = this.#key(members);
      end = this.#at;
      const found = this.#blockValue(column, level) ?? { ...key, value: null };
      end = Math.max(end, found.end);
      members.set(key.value, { key, value: found });
      setMember(value, key.value, found.value);
    } while (this.#column === column);
    this.#leave(column);
    return { start, end, value, members };
  }

  /** The value behind a key's colon; undefined where there is none. */
  #blockValue(column: number, level: number): ScannedYaml | undefined {
    if (!this.#lineEnds()) return this.#lastOfLine(level);
    this.#nextLine();
    if (this.#column > column) return this.#isItem() ? this.#blockList(this.#column, level + 1) : this.#blockMap(this.#column, level + 1);
    if (this.#column === column && this.#isItem()) return this.#blockList(column, level + 1);
    if (this.#comment >= 0) this.#fail();
    return undefined;
  }

  #blockList(column: number, level: number): ScannedYaml {
    this.#enter(level);
    const start = this.#at;
    const items: ScannedYaml[] = [];
    do {
      const dash = this.#at++;
      if (this.#lineEnds()) this.#fail();
      items.push(this.#blockItem(column + this.#at - dash, level));
    } while (this.#column === column && this.#isItem());
    this.#leave(column);
    return { start, end: items.at(-1)?.end ?? start, value: items.map(({ value }) => value), items };
  }

  /** An item that begins at a column: a mapping where a colon follows its first word. */
  #blockItem(column: number, level: number): ScannedYaml {
    const start = this.#at;
    if (this.#opens()) return this.#lastOfLine(level);
    this.#scalar();
    const isKey = this.text[this.#at] === ":";
    this.#at = start;
    return isKey ? this.#blockMap(column, level + 1) : this.#lastOfLine(level);
  }

  #lastOfLine(level: number): ScannedYaml {
    const value = this.#inline(level);
    if (!this.#lineEnds()) this.#fail();
    this.#nextLine();
    return value;
  }

  #inline(level: number): ScannedYaml {
    if (!this.#opens()) return this.#scalar();
    this.#enter(level + 1);
    return this.text[this.#at] === "{" ? this.#flowMap(level + 1) : this.#flowList(level + 1);
  }

  #flowMap(level: number): ScannedYaml {
    const start = this.#at;
    const members = new Map<string, JsonMember>();
    const value: Record<string, unknown> = {};
    for (let more = this.#closes("}"); more; more = this.#continues("}")) {
      const key = this.#key(members);
      this.#skipBlanks();
      const found = this.#inline(level);
      members.set(key.value, { key, value: found });
      setMember(value, key.value, found.value);
    }
    return { start, end: this.#at, value, members };
  }

  #flowList(level: number): ScannedYaml {
    const start = this.#at;
    const items: ScannedYaml[] = [];
    for (let more = this.#closes("]"); more; more = this.#continues("]")) items.push(this.#inline(level));
    return { start, end: this.#at, value: items.map(({ value }) => value), items };
  }

  /** False where the collection that opens here is empty, and then behind it. */
  #closes(bracket: string): boolean {
    this.#at++;
    this.#skipBlanks();
    if (this.text[this.#at] !== bracket) return true;
    this.#at++;
    return false;
  }

  /** True behind a comma and blanks, false behind the closing bracket. */
  #continues(bracket: string): boolean {
    this.#skipBlanks();
    const character = this.text[this.#at++];
    if (character === bracket) return false;
    if (character !== ",") this.#fail();
    this.#skipBlanks();
    return true;
  }

  /** A key that is not among the members yet, and its colon. */
  #key(members: ReadonlyMap<string, JsonMember>): ScannedYaml & { readonly value: string } {
    const { start, end, value } = this.#scalar();
    const follows = this.text[this.#at + 1];
    if (typeof value !== "string" || end - start > keyLimit || members.has(value) || this.text[this.#at] !== ":") this.#fail();
    if (follows !== " " && follows !== "\n" && follows !== undefined) this.#fail();
    this.#at++;
    return { start, end, value };
  }

  #scalar(): ScannedYaml {
    if (++this.#values > expansionLimit) this.#fail();
    const start = this.#at;
    const quote = this.text[start];
    const pattern = quote === '"' || quote === "'" ? quoted : plain;
    pattern.lastIndex = start;
    if (!pattern.test(this.text)) this.#fail();
    const end = (this.#at = pattern.lastIndex);
    return { start, end, value: pattern === quoted ? this.text.slice(start + 1, end - 1) : this.#meaning(this.text.slice(start, end)) };
  }

  #meaning(word: string): unknown {
    if (wholeNumber.test(word)) return Number(word);
    if (otherNumber.test(word)) this.#fail();
    const meant = words.get(word);
    return meant === undefined ? word : meant;
  }

  #opens(): boolean {
    return this.text[this.#at] === "{" || this.text[this.#at] === "[";
  }

  #isItem(): boolean {
    return this.text[this.#at] === "-" && this.text[this.#at + 1] === " ";
  }

  /** True where only blanks are left of the line; it passes them. */
  #lineEnds(): boolean {
    this.#skipBlanks();
    return this.#at >= this.text.length || this.text[this.#at] === "\n";
  }

  /** Goes to the first character of the next line that has any but a comment, and says its column. */
  #nextLine(): number {
    blankLines.lastIndex = this.#at;
    blankLines.test(this.text);
    const skipped = this.text.slice(this.#at, blankLines.lastIndex);
    this.#comment = skipped.includes("#") ? Math.max(...skipped.split("\n").map((line) => line.indexOf("#"))) : -1;
    const start = (this.#at = blankLines.lastIndex);
    this.#skipBlanks();
    return (this.#column = this.#at < this.text.length ? this.#at - start : -1);
  }

  #skipBlanks(): void {
    blanks.lastIndex = this.#at;
    blanks.test(this.text);
    this.#at = blanks.lastIndex;
  }

  #enter(level: number): void {
    if (level > nestingLimit || ++this.#values > expansionLimit) this.#fail();
  }

  /** Ends a block collection. A comment that is further in than what follows belongs to the collection, or to one inside it. */
  #leave(column: number): void {
    if (this.#column > column || this.#comment > Math.max(0, this.#column)) this.#fail();
  }

  #fail(): never {
    throw new NotSimple();
  }
}
