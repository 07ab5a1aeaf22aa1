import type { Flow } from "../ir/flow.js";
import { compileMatch } from "./key-match.js";
import { fieldBits, type FlowField, isWide } from "./flow-key.js";

/** Fields that classifiers keep prefix tries of: `prefixes` of ovs-vswitchd.conf.db(5), by default the IPv4 addresses. */
export type PrefixField = "ipSrc" | "ipDst";

/** True for the fields that classifiers keep prefix tries of. */
export function isPrefixField(field: FlowField): field is PrefixField {
  return field === "ipSrc" || field === "ipDst";
}

/** Length of a mask that is a prefix; undefined where it is none. */
export function prefixLength(mask: number | bigint, width: number): number | undefined {
  const text = BigInt(mask).toString(2).padStart(width, "0");
  const length = text.indexOf("0");
  if (length < 0) return width;
  return text.includes("1", length) ? undefined : length;
}

/** The mask of a prefix of a field. */
export function prefixMask(field: FlowField, length: number): number | bigint {
  const mask = prefixBits(length, fieldBits[field]);
  return isWide(field) ? mask : Number(mask);
}

/** The mask of a prefix in a width. */
export function prefixBits(length: number, width: number): bigint {
  return ((1n << BigInt(length)) - 1n) << BigInt(width - length);
}

/** The prefixes that the flows of a table ask for in one field. Source: Open vSwitch `lib/classifier.c`, `trie_lookup_value`. */
export class PrefixSet {
  readonly #byLength = new Map<number, Set<bigint>>();

  constructor(readonly width: number) {}

  /** Adds a prefix. */
  add(value: bigint, length: number): void {
    const shift = BigInt(this.width - length);
    const values = this.#byLength.get(length) ?? new Set<bigint>();
    values.add(value >> shift);
    this.#byLength.set(length, values);
  }

  /** Adds what a flow asks for in a field, if it is a prefix. */
  addMatch(flow: Flow, field: PrefixField): void {
    const part = compileMatch(flow.match)?.find((each) => each.field === field);
    const length = part === undefined ? undefined : prefixLength(part.mask, this.width);
    if (part !== undefined && length !== undefined && length > 0) this.add(BigInt(part.value), length);
  }

  /** Lengths of the prefixes that a value has, and how many of its bits it takes to know them. */
  lookup(value: bigint): { readonly bits: number; readonly lengths: ReadonlySet<number> } {
    const lengths = new Set<number>();
    let bits = 0;
    for (const [length, values] of this.#byLength) {
      if (values.has(value >> BigInt(this.width - length))) lengths.add(length);
      for (const prefix of values) bits = Math.max(bits, commonBits(value, prefix, length, this.width));
    }
    return { bits, lengths };
  }
}

/** Bits up to and including the first in which a value leaves a prefix; the prefix's length where it does not. */
function commonBits(value: bigint, prefix: bigint, length: number, width: number): number {
  const difference = (value >> BigInt(width - length)) ^ prefix;
  return difference === 0n ? length : length - difference.toString(2).length + 1;
}
