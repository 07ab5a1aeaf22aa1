import { CST, isScalar, type ScalarTag, Schema } from "yaml";
import { setMember } from "./plain.js";
import { nestingLimit } from "./text.js";
import { YamlSpans } from "./yaml-spans.js";
import { expansionLimit } from "./yaml-values.js";

/** A text that has a meaning without nodes. */
export interface PlainYaml {
  readonly value: unknown;
  /** Where the value and all that is in it is written. */
  readonly spans: YamlSpans;
}

/**
 * The value of a text in plain YAML: one document of collections and scalars, of which nothing can be wrong.
 *
 * Most files are, and large ones need no nodes then, which take half the time of reading them. Undefined where a token is any other: an anchor, alias,
 * tag, directive or explicit key, a fault or what only may be one. Then the library's composer says what it means.
 */
export function plainYaml(tokens: Iterable<CST.Token>): PlainYaml | undefined {
  let document: CST.Document | undefined;
  for (const token of tokens) {
    if (token.type === "document" && document === undefined) document = token;
    else if (token.type !== "space" && token.type !== "comment" && token.type !== "newline") return undefined;
  }
  if (document === undefined || !isBlank(document.start, true) || !isBlank(document.end ?? [], true)) return undefined;
  const values = new PlainValues();
  const root = values.spans.open();
  const value = values.value(document.value, 1, false);
  values.spans.close(root, document.value);
  return value === undefined ? undefined : { value, spans: values.spans };
}

type Blank = Pick<CST.SourceToken, "type" | "source">;

class PlainValues {
  readonly spans = new YamlSpans();
  #size = 0;

  /** Undefined where the token is not plain. */
  value(token: CST.Token | undefined, level: number, inFlow: boolean): unknown {
    if (token === undefined || level > nestingLimit + 1 || ++this.#size > expansionLimit) return undefined;
    switch (token.type) {
      case "scalar":
      case "single-quoted-scalar":
      case "double-quoted-scalar":
      case "block-scalar":
        return scalarValue(token);
      case "flow-collection":
        return level > nestingLimit ? undefined : token.start.source === "{" ? this.#flowMap(token, level) : this.#flowList(token, level);
      case "block-map":
        return inFlow || level > nestingLimit ? undefined : this.#blockMap(token, level);
      case "block-seq":
        return inFlow || level > nestingLimit ? undefined : this.#blockList(token, level);
      default:
        return undefined;
    }
  }

  #blockMap({ items, indent }: CST.BlockMap, level: number): unknown {
    const map: Record<string, unknown> = {};
    for (const item of items) {
      if (!isBlank(item.start, true)) return undefined;
      // What follows the last member: blank lines and comments.
      if (item.sep === undefined && item === items.at(-1)) break;
      if (item.key === undefined || item.key === null || !("indent" in item.key) || item.key.indent !== indent) return undefined;
      if (item.value?.type === "block-map" && !item.sep.some(({ type }) => type === "newline")) return undefined;
      if (!this.#member(map, item.key, item.sep, item.value, level, false)) return undefined;
    }
    return map;
  }

  #blockList({ items }: CST.BlockSequence, level: number): unknown {
    const list: unknown[] = [];
    for (const item of items) {
      const { start, value: token } = item;
      if (token === undefined && item === items.at(-1) && isBlank(start, true)) break;
      if (!hasOne("seq-item-ind", start, true) || !this.#item(list, token, level, false)) return undefined;
    }
    return list;
  }

  #flowMap(token: CST.FlowCollection, level: number): unknown {
    const map: Record<string, unknown> = {};
    for (const [index, { start, key, sep, value }] of token.items.entries()) {
      if (key === undefined && sep === undefined && value === undefined && index === token.items.length - 1) {
        if (!ends(start, index)) return undefined;
        break;
      }
      if (!separates(start, index)) return undefined;
      if (key === undefined || key === null || sep === undefined) return undefined;
      if (!this.#member(map, key, sep, value, level, true)) return undefined;
    }
    return isClosed(token, "}") ? map : undefined;
  }

  #flowList(token: CST.FlowCollection, level: number): unknown {
    const list: unknown[] = [];
    for (const [index, { start, key, sep, value }] of token.items.entries()) {
      if (key !== undefined || sep !== undefined) return undefined;
      if (value === undefined && index === token.items.length - 1) {
        if (!ends(start, index)) return undefined;
        break;
      }
      if (!separates(start, index) || !this.#item(list, value, level, true)) return undefined;
    }
    return isClosed(token, "]") ? list : undefined;
  }

  /** Adds an item; false where it is not plain. */
  #item(list: unknown[], token: CST.Token | undefined, level: number, inFlow: boolean): boolean {
    const record = this.spans.open();
    const item = this.value(token, level + 1, inFlow);
    this.spans.close(record, token);
    list.push(item);
    return item !== undefined;
  }

  /** Adds a member; false where it is not plain, or there already. */
  #member(
    map: Record<string, unknown>,
    key: CST.Token,
    sep: readonly CST.SourceToken[],
    value: CST.Token | undefined,
    level: number,
    inFlow: boolean,
  ): boolean {
    if (key.type !== "scalar" && key.type !== "single-quoted-scalar" && key.type !== "double-quoted-scalar") return false;
    const colon = sep[0]?.type === "space" ? sep[1] : sep[0];
    if (colon?.type !== "map-value-ind" || colon.offset - key.offset > longestKey || !hasOne("map-value-ind", sep, false)) return false;
    const name = key.source.includes("\n") || key.source === "<<" ? undefined : scalarValue(key);
    if (typeof name !== "string" || Object.hasOwn(map, name)) return false;
    const record = this.spans.open(key);
    // What is left out is null.
    const member = value === undefined ? null : this.value(value, level + 1, inFlow);
    if (member === undefined) return false;
    this.spans.close(record, value);
    setMember(map, name, member);
    return true;
  }
}

/** Characters from a key to its colon. Source: YAML 1.2.2, 7.4 and 8.2.2. */
const longestKey = 1024;

/** True where tokens are blanks and comments alone, without tabs, and with a blank before each comment. */
function isBlank(tokens: readonly Blank[], afterBlank: boolean): boolean {
  return hasOne(undefined, tokens, afterBlank);
}

/** As {@link isBlank}, but for one indicator. */
function hasOne(indicator: CST.SourceToken["type"] | undefined, tokens: readonly Blank[], afterBlank: boolean): boolean {
  let missing = indicator !== undefined;
  let blank = afterBlank;
  for (const { type, source } of tokens) {
    if (type === "space" ? source.includes("\t") : type === "comment" ? !blank : type !== "newline" && !(missing && type === indicator))
      return false;
    if (type === indicator) missing = false;
    blank = type !== indicator;
  }
  return !missing;
}

/** True where an item of a flow collection begins as it should: but for the first, with a comma. */
function separates(start: readonly Blank[], index: number): boolean {
  return index === 0 ? isBlank(start, false) : hasOne("comma", start, false);
}

/** True where the last item of a flow collection is none: blanks, or what follows a comma too many. */
function ends(start: readonly Blank[], index: number): boolean {
  return isBlank(start, false) || separates(start, index);
}

function isClosed({ end: [bracket, ...rest] }: CST.FlowCollection, closing: "]" | "}"): boolean {
  return bracket?.source === closing && isBlank(rest, false);
}

function scalarValue(token: CST.FlowScalar | CST.BlockScalar): unknown {
  if ("end" in token && !isBlank(token.end, false)) return undefined;
  if (token.type === "scalar" && !/^[\t,%|>@`]|\n/.test(token.source)) return meaningOf(token.source);
  const faults: number[] = [];
  const text = CST.resolveAsScalar(token, true, (offset) => faults.push(offset)).value;
  if (faults.length > 0) return undefined;
  return token.type === "scalar" ? meaningOf(text) : text;
}

const isTested = (tag: object): tag is ScalarTag & { readonly test: RegExp } => "test" in tag && tag.test instanceof RegExp;
const wordTags = new Schema({ schema: "core" }).tags.filter(isTested);

/** What an unquoted text is: null, a boolean, a number, else itself. Undefined for numbers that JSON has not. */
function meaningOf(text: string): unknown {
  // All that is no text begins like this: trying each tag on every name takes long.
  if (!/^(?:$|[-+.~\dnNtTfF])/.test(text)) return text;
  const tag = wordTags.find(({ test }) => test.test(text));
  if (tag === undefined) return text;
  const resolved = tag.resolve(text, () => undefined, {});
  const value = isScalar(resolved) ? resolved.value : resolved;
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}
