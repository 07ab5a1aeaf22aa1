import type { Entry } from "../entry.js";
import type { Finding } from "../finding.js";
import { likenesses } from "./pairing.js";

/** An entry with the text by which it is compared. */
export interface Line {
  /** The entry as its side has it. */
  readonly source: Entry;
  /** The entry in our numbers. */
  readonly entry: Entry;
  readonly normal: string;
}

/** A difference that does not know its host yet. */
export type LineFinding = Pick<Finding, "kind" | "about"> & { readonly expected?: Line; readonly live?: Line };

/** Two lines that are equal. */
export type Pair = readonly [expected: Line, live: Line];

/**
 * Compares entries whose order says nothing: as often as one is expected it is to be there.
 *
 * What is left on both sides is paired by {@link likenesses}: a changed entry is one finding.
 */
export function compareLines(expected: readonly Line[], live: readonly Line[]): { findings: LineFinding[]; equal: Pair[] } {
  const there = new Map<string, Line[]>();
  for (const line of live) {
    const known = there.get(line.normal);
    if (known === undefined) there.set(line.normal, [line]);
    else known.push(line);
  }
  const equal: Pair[] = [];
  const missing: Line[] = [];
  const found = new Set<Line>();
  const taken = new Map<string, number>();
  for (const line of expected) {
    const next = taken.get(line.normal) ?? 0;
    const match = there.get(line.normal)?.[next];
    taken.set(line.normal, next + 1);
    if (match === undefined) missing.push(line);
    else {
      found.add(match);
      equal.push([line, match]);
    }
  }
  if (missing.length === 0 && found.size === live.length) return { findings: [], equal };
  const unexpected = live.filter((line) => !found.has(line));
  return { findings: pairUp(missing, unexpected), equal };
}

function pairUp(missing: readonly Line[], unexpected: readonly Line[]): LineFinding[] {
  const findings: LineFinding[] = [];
  const gone = new Set(missing);
  const extra = new Set(unexpected);
  if (gone.size > 0 && extra.size > 0) {
    for (let strength = 0; strength < 4; strength++) {
      const own = byLikeness(gone, strength);
      const other = byLikeness(extra, strength);
      for (const line of [...gone]) {
        const likeness = likenesses(line.entry)[strength];
        if (likeness === undefined) continue;
        const candidates = other.get(likeness.key) ?? [];
        const [partner] = candidates;
        // A weak likeness says nothing where several lines have it.
        if (partner === undefined || (likeness.weak === true && (candidates.length > 1 || (own.get(likeness.key)?.length ?? 0) > 1)))
          continue;
        candidates.shift();
        gone.delete(line);
        extra.delete(partner);
        findings.push({ kind: "changed", about: likeness.about, expected: line, live: partner });
      }
    }
  }
  for (const line of gone) findings.push({ kind: "missing", about: "", expected: line });
  for (const line of extra) findings.push({ kind: "unexpected", about: "", live: line });
  return findings;
}

function byLikeness(lines: Iterable<Line>, strength: number): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = likenesses(line.entry)[strength]?.key;
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return groups;
}

/** Of equal lines those that are out of order: the fewest whose removal leaves the others in the order of both sides. */
export function outOfOrder(equal: readonly Pair[], positions: ReadonlyMap<Line, number>): Pair[] {
  const places = equal.map(([, live]) => positions.get(live) ?? 0);
  if (places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))) return [];
  const kept = longestAscending(places);
  return equal.filter((_, index) => !kept.has(index));
}

/** Indexes of a longest ascending subsequence. */
function longestAscending(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  values.forEach((value, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? undefined : tails[low - 1];
    tails[low] = index;
  });
  const kept = new Set<number>();
  for (let at = tails.at(-1); at !== undefined; at = previous[at]) kept.add(at);
  return kept;
}
