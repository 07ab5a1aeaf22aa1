import { type Alias, type Node, type Pair, type Scalar, type YAMLMap, isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import type { Collector } from "../diagnostics/collector.js";
import { report } from "../diagnostics/report.js";
import type { SourceSpan } from "../source/span.js";
import { setMember } from "./plain.js";
import { nestingLimit } from "./text.js";

/** Values, aliases expanded, that one document may hold. */
export const expansionLimit = 5_000_000;

/** A converted node. Aliases share values, so that the size, which is counted as if expanded, costs nothing. */
interface Converted {
  readonly value: unknown;
  readonly size: number;
  /** Levels of nesting. */
  readonly height: number;
}

const nothing: Converted = { value: null, size: 1, height: 0 };

/** True for the key `<<`, unquoted, which takes in the members of other mappings. Source: YAML merge key type, 2005. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

/** Turns the nodes of a document into plain values, in one pass in document order. */
export class YamlValues {
  readonly #anchors = new Map<string, Converted>();
  #refused = false;

  constructor(
    readonly span: (start: number, end: number) => SourceSpan,
    readonly collector: Collector,
  ) {}

  /** The value of the whole document. Errors: reported to the collector; the value is then of no use. */
  document(contents: Node): unknown {
    return this.#convert(contents, 1).value;
  }

  #convert(node: unknown, level: number): Converted {
    if (this.#refused || !isNode(node)) return nothing;
    if (isAlias(node)) return this.#alias(node, level);
    const converted = isScalar(node)
      ? this.#scalar(node)
      : isMap(node)
        ? this.#map(node, level)
        : isSeq(node)
          ? this.#list(node, level)
          : nothing;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, converted);
    return this.#limited(converted, node, level);
  }

  #scalar(node: Scalar): Converted {
    if (typeof node.value === "number" && !Number.isFinite(node.value)) {
      this.collector.add(report("not-data", { what: Number.isNaN(node.value) ? "not a number" : "infinite" }, this.#at(node)));
    }
    return { value: node.value, size: 1, height: 0 };
  }

  #list(node: { readonly items: readonly unknown[] } & Node, level: number): Converted {
    if (!this.#enter(node, level)) return nothing;
    const value: unknown[] = [];
    let size = 1;
    let height = 0;
    for (const item of node.items) {
      const converted = this.#convert(item, level + 1);
      value.push(converted.value);
      size += converted.size;
      height = Math.max(height, converted.height);
    }
    return { value, size, height: height + 1 };
  }

  #map(node: YAMLMap, level: number): Converted {
    if (!this.#enter(node, level)) return nothing;
    const value: Record<string, unknown> = {};
    const keys = this.#keys(node);
    const written = new Set(keys);
    let size = 1;
    let height = 0;
    node.items.forEach((pair, index) => {
      const converted = this.#convert(pair.value, level + 1);
      size += converted.size;
      height = Math.max(height, converted.height);
      const key = keys[index];
      if (key !== undefined) setMember(value, key, converted.value);
      else if (isMergeKey(pair.key)) this.#merge(value, converted.value, written, pair);
    });
    return { value, size, height: height + 1 };
  }

  /** The text of each key; undefined for merge keys and for what is no text, which is reported. */
  #keys(node: YAMLMap): (string | undefined)[] {
    const first = new Map<string, SourceSpan>();
    return node.items.map(({ key }) => {
      const at = isNode(key) ? this.#at(key) : this.#at(node);
      const merges = isMergeKey(key);
      const text = merges ? "<<" : this.#keyText(key, at);
      if (text === undefined) return undefined;
      const earlier = first.get(text);
      if (earlier === undefined) first.set(text, at);
      else
        this.collector.add(
          report("duplicate-key", { key: text }, at, { related: [{ at: earlier, message: `"${text}" is given here first.` }] }),
        );
      return merges ? undefined : text;
    });
  }

  #keyText(key: unknown, at: SourceSpan): string | undefined {
    const value = isScalar(key) ? this.#convert(key, 1).value : isAlias(key) ? this.#anchors.get(key.source)?.value : key;
    if (typeof value === "string") return value;
    const scalar = value === null || typeof value === "number" || typeof value === "boolean";
    const help = scalar && at.end > at.start ? `Write it in quotes: "${at.source.text.slice(at.start, at.end)}".` : undefined;
    const what = value === null ? "null" : scalar ? `a ${typeof value}` : isMap(value) ? "an object" : "a list";
    this.collector.add(report("key-not-text", { what }, at, { help }));
    return undefined;
  }

  /** Members that are written in the mapping itself win, and of several sources the first. */
  #merge(into: Record<string, unknown>, from: unknown, written: ReadonlySet<string | undefined>, pair: Pair): void {
    const sources: readonly unknown[] = Array.isArray(from) ? from : [from];
    for (const source of sources) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) {
        const at = this.#at(isNode(pair.value) ? pair.value : (pair.key as Node));
        this.collector.add(report("yaml-syntax", { reason: 'the merge key "<<" takes an object or a list of objects' }, at));
        return;
      }
      for (const [key, value] of Object.entries(source)) {
        if (!written.has(key) && !Object.hasOwn(into, key)) setMember(into, key, value);
      }
    }
  }

  #alias(node: Alias, level: number): Converted {
    const anchored = this.#anchors.get(node.source);
    if (anchored !== undefined) return this.#limited(anchored, node, level);
    this.collector.add(report("yaml-syntax", { reason: `alias "*${node.source}" has no anchor before it` }, this.#at(node)));
    return nothing;
  }

  /** False, once reported, where a collection begins too deep. */
  #enter(node: Node, level: number): boolean {
    if (level <= nestingLimit) return true;
    this.#refuse(node);
    return false;
  }

  #limited(converted: Converted, node: Node, level: number): Converted {
    if (this.#refused) return nothing;
    if (converted.size > expansionLimit) {
      this.collector.add(report("alias-bomb", { limit: expansionLimit }, this.#at(node)));
      this.#refused = true;
      return nothing;
    }
    if (level + converted.height > nestingLimit + 1) {
      this.#refuse(node);
      return nothing;
    }
    return converted;
  }

  #refuse(node: Node): void {
    if (!this.#refused) this.collector.add(report("nested-too-deep", { limit: nestingLimit }, this.#at(node)));
    this.#refused = true;
  }

  #at(node: Node): SourceSpan {
    const range = node.range;
    return range === undefined || range === null ? this.span(0, 0) : this.span(range[0], range[1]);
  }
}
