/** A range of offsets. */
export interface JsonRange {
  readonly start: number;
  readonly end: number;
}

/** Where a JSON value is written; objects have members, lists have items. */
export interface JsonNode extends JsonRange {
  readonly members?: ReadonlyMap<string, JsonMember>;
  readonly items?: readonly JsonNode[];
}

/** A key and a value. */
export interface JsonMember {
  readonly key: JsonRange;
  readonly value: JsonNode;
}

/** A key that an object has twice. */
export interface RepeatedKey {
  readonly key: string;
  readonly first: JsonRange;
  readonly again: JsonRange;
}

/** Why a text is not JSON, and where; no reason where it is nested too deep. */
export interface JsonFailure extends JsonRange {
  readonly reason: string | undefined;
}

/** What a scan found: the root unless it failed. */
export interface JsonScan {
  readonly root: JsonNode | undefined;
  readonly failure: JsonFailure | undefined;
  readonly repeated: readonly RepeatedKey[];
}

/**
 * Finds where every value of a JSON text is written, keys given twice, and the first fault, which `JSON.parse` tells neither.
 *
 * Accepts exactly what `JSON.parse` accepts, down to `depth` levels.
 * Source: RFC 8259.
 */
export function scanJson(text: string, depth: number): JsonScan {
  const scanner = new Scanner(text);
  try {
    return { root: scanner.document(depth), failure: undefined, repeated: scanner.repeated };
  } catch (error) {
    if (error instanceof ScanFault) return { root: undefined, failure: error.failure, repeated: scanner.repeated };
    throw error;
  }
}

/** The way out of the scanner's recursion; never leaves this module. */
class ScanFault extends Error {
  constructor(readonly failure: JsonFailure) {
    super("JSON");
  }
}

const blanks = /[ \t\r\n]*/y;
const word = /[\w.+-]+|[^]/uy;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const hexadecimal = /[0-9a-fA-F]{4}/y;

class Scanner {
  readonly repeated: RepeatedKey[] = [];
  #at = 0;

  constructor(readonly text: string) {}

  document(depth: number): JsonNode {
    const root = this.#value(depth);
    if (this.#next() !== undefined) this.#fail("the value is followed by more text");
    return root;
  }

  #value(depth: number): JsonNode {
    const character = this.#next();
    if (character === "{" || character === "[") {
      if (depth <= 0) throw new ScanFault({ start: this.#at, end: this.#at + 1, reason: undefined });
      return character === "{" ? this.#object(depth - 1) : this.#list(depth - 1);
    }
    if (character === '"') return this.#string();
    return this.#word();
  }

  #object(depth: number): JsonNode {
    const start = this.#at++;
    const members = new Map<string, JsonMember>();
    for (let separator = this.#closes("}"); separator; separator = this.#continues("}", "a member")) {
      if (this.#next() !== '"') this.#fail("a key in double quotes is expected");
      const range = this.#string();
      const key = JSON.parse(this.text.slice(range.start, range.end)) as string;
      const first = members.get(key)?.key;
      if (first !== undefined) this.repeated.push({ key, first, again: range });
      if (this.#next() !== ":") this.#fail('":" is expected after a key');
      this.#at++;
      members.set(key, { key: range, value: this.#value(depth) });
    }
    return { start, end: this.#at, members };
  }

  #list(depth: number): JsonNode {
    const start = this.#at++;
    const items: JsonNode[] = [];
    for (let separator = this.#closes("]"); separator; separator = this.#continues("]", "an item")) items.push(this.#value(depth));
    return { start, end: this.#at, items };
  }

  /** False where the object or list is empty, and then behind it. */
  #closes(bracket: string): boolean {
    if (this.#next() !== bracket) return true;
    this.#at++;
    return false;
  }

  /** True behind a comma, false behind the closing bracket. */
  #continues(bracket: string, what: string): boolean {
    const character = this.#next();
    if (character !== "," && character !== bracket) this.#fail(`"," or "${bracket}" is expected after ${what}`);
    this.#at++;
    if (character === "," && this.#next() === bracket) this.#fail(`"," is followed by "${bracket}"`);
    return character === ",";
  }

  #string(): JsonRange {
    const start = this.#at;
    for (let at = start + 1; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return { start, end: this.#at };
      }
      if (Number.isNaN(code)) throw new ScanFault({ start, end: start + 1, reason: "text in double quotes is not closed" });
      if (code < 0x20)
        throw new ScanFault({ start: at, end: at + 1, reason: "a line break, tab or other control character in text is not escaped" });
      if (code === 0x5c) at = this.#escape(at);
    }
  }

  /** The offset of the escape's last character. */
  #escape(at: number): number {
    const character = this.text.charAt(at + 1);
    hexadecimal.lastIndex = at + 2;
    if (character === "u" && hexadecimal.test(this.text)) return at + 5;
    if (character !== "" && '"\\/bfnrt'.includes(character)) return at + 1;
    throw new ScanFault({ start: at, end: Math.min(at + 2, this.text.length), reason: "an escape in text is none that JSON knows" });
  }

  #word(): JsonRange {
    const start = this.#at;
    word.lastIndex = start;
    const found = word.exec(this.text)?.[0];
    if (found === undefined) this.#fail("a value is expected");
    if (found !== "true" && found !== "false" && found !== "null" && !number.test(found)) {
      throw new ScanFault({ start, end: start + found.length, reason: `"${found}" is no value` });
    }
    this.#at = start + found.length;
    return { start, end: this.#at };
  }

  /** The next character that is not blank, without passing it; undefined at the end. */
  #next(): string | undefined {
    blanks.lastIndex = this.#at;
    blanks.test(this.text);
    this.#at = blanks.lastIndex;
    return this.#at < this.text.length ? this.text[this.#at] : undefined;
  }

  #fail(reason: string): never {
    const end = this.#at < this.text.length ? this.#at + 1 : this.#at;
    throw new ScanFault({ start: this.#at, end, reason: this.#at < this.text.length ? reason : "the text ends too early" });
  }
}
