import { CST } from "yaml";
import type { MemberPlace, Place } from "../source/place.js";
import type { SourceText } from "../source/span.js";
import { trimmedSpan } from "./yaml-place.js";

/** Numbers of a record: from where to where its key is written, and its value, and the offset of the record that does not belong to the value. */
const [keyStart, keyEnd, start, end, next, size] = [0, 1, 2, 3, 4, 5];

/**
 * Where the values of plain YAML are written, a record for each, members and items behind what they are in.
 *
 * Numbers alone: a large topology has half a million values, and its tokens are larger than all that is made of them.
 */
export class YamlSpans {
  readonly #numbers: number[] = [];

  /** Begins the record of a member, or of what has no key; the records of what is in it follow. */
  open(key?: CST.FlowScalar): number {
    const record = this.#numbers.length;
    const from = key?.offset ?? -1;
    const to = key === undefined ? -1 : key.offset + key.source.length;
    this.#numbers.push(from, to, from, to, 0);
    return record;
  }

  /** Ends a record. An empty value is placed at its key: there is nothing to point at. */
  close(record: number, value: CST.Token | undefined): void {
    const numbers = this.#numbers;
    const valueEnd = value === undefined ? 0 : endOf(value);
    if (value !== undefined && (valueEnd > value.offset || numbers[record + keyStart] === -1)) {
      numbers[record + start] = value.offset;
      numbers[record + end] = valueEnd;
    }
    numbers[record + next] = numbers.length;
  }

  /** The place of the whole value. */
  place(source: SourceText): Place {
    return placeAt(new Int32Array(this.#numbers), 0, source);
  }
}

function placeAt(numbers: Int32Array, record: number, source: SourceText): Place {
  // Made at the first question: most collections are never asked.
  let members: ReadonlyMap<string, MemberPlace> | undefined;
  return {
    span: trimmedSpan(numbers[record + start] ?? 0, numbers[record + end] ?? 0, source),
    exact: true,
    member(key) {
      members ??= new Map(membersOf(numbers, record, source));
      return members.get(key);
    },
  };
}

function* membersOf(numbers: Int32Array, record: number, source: SourceText): Iterable<readonly [string, MemberPlace]> {
  const behind = numbers[record + next] ?? 0;
  for (let member = record + size, index = 0; member < behind; member = numbers[member + next] ?? behind, index++) {
    const value = placeAt(numbers, member, source);
    const [from = -1, to = -1] = [numbers[member + keyStart], numbers[member + keyEnd]];
    if (from === -1) yield [String(index), { key: undefined, value }];
    else yield [keyText(source.text.slice(from, to)), { key: { source, start: from, end: to }, value }];
  }
}

function keyText(source: string): string {
  const type = source.startsWith('"') ? "double-quoted-scalar" : source.startsWith("'") ? "single-quoted-scalar" : "scalar";
  return CST.resolveAsScalar({ type, source, offset: 0, indent: 0 }, true, () => undefined).value;
}

/** Where a token ends, without the comments and blanks behind it. */
function endOf(token: CST.Token): number {
  if (token.type === "block-scalar") return CST.resolveAsScalar(token, true, () => undefined).range[1];
  if (token.type === "flow-collection") return behindFirst(token.end, token.offset);
  if (token.type !== "block-map" && token.type !== "block-seq")
    return "source" in token ? token.offset + token.source.length : token.offset;
  const last = token.items.findLast(({ sep, value }) => sep !== undefined || value !== undefined);
  return last?.value === undefined ? behindLast(last?.sep, token.offset) : outerEndOf(last.value);
}

/** Where a token ends, with the comments behind it. */
function outerEndOf(token: CST.Token): number {
  if (token.type !== "block-map" && token.type !== "block-seq") return behindLast("end" in token ? token.end : undefined, endOf(token));
  const last = token.items.at(-1);
  return last === undefined || last.sep !== undefined || last.value !== undefined ? endOf(token) : behindLast(last.start, token.offset);
}

function behindFirst([first]: readonly CST.SourceToken[], otherwise: number): number {
  return first === undefined ? otherwise : first.offset + first.source.length;
}

function behindLast(tokens: readonly CST.SourceToken[] | undefined, otherwise: number): number {
  const last = tokens?.at(-1);
  return last === undefined ? otherwise : last.offset + last.source.length;
}
