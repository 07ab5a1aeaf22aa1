import { type Cidr, cidrRange, cidrVersion } from "../net/cidr.js";

/** Two things whose ranges share an address; the second was declared later. */
export interface Overlap<T> {
  readonly first: T;
  readonly second: T;
}

/** Ranges of integers with what they belong to, in order of declaration. */
export interface Range<T> {
  readonly of: T;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * One overlap for each range that shares an address with an earlier-starting one: enough to name every range at fault, in n log n.
 */
export function overlapsOf<T>(ranges: readonly Range<T>[]): readonly Overlap<T>[] {
  const order = ranges.map((range, index) => ({ range, index }));
  order.sort((a, b) => (a.range.first < b.range.first ? -1 : a.range.first > b.range.first ? 1 : a.index - b.index));
  const overlaps: Overlap<T>[] = [];
  let widest = order[0];
  for (const current of order.slice(1)) {
    if (widest !== undefined && current.range.first <= widest.range.last) {
      const [early, late] = widest.index < current.index ? [widest, current] : [current, widest];
      overlaps.push({ first: early.range.of, second: late.range.of });
    }
    if (widest === undefined || current.range.last > widest.range.last) widest = current;
  }
  return overlaps;
}

/** Overlapping prefixes among some of both versions. */
export function prefixOverlaps<T>(things: readonly T[], prefixOf: (thing: T) => Cidr): readonly Overlap<T>[] {
  const ranges = (version: 4 | 6): Range<T>[] =>
    things.flatMap((thing) => {
      const cidr = prefixOf(thing);
      const [first, last] = cidrRange(cidr);
      return cidrVersion(cidr) === version ? [{ of: thing, first, last }] : [];
    });
  return [...overlapsOf(ranges(4)), ...overlapsOf(ranges(6))];
}
