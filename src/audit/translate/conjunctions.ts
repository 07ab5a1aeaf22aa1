import { remember } from "../../base/remember.js";
import type { Flow } from "../../ir/flow.js";
import { printMatch } from "../../formats/openflow/print-match.js";
import type { Renumbering } from "./translation.js";

const blockSize = 8;
/** A block of which less is alike is another one. */
const likeness = 0.5;

/**
 * Base ids of conjunctions, matched by the flows of each block, ids aside. Flows are in our numbers already.
 *
 * Blocks with the very same flows keep their order; of the others those that are most alike belong together.
 */
export function translateConjunctions(
  expected: readonly Flow[],
  live: readonly Flow[],
  renumberings: Renumbering[],
): ReadonlyMap<number, number> {
  const here = blocks(expected);
  const there = blocks(live);
  if (sameBlocks(here, there)) return new Map();
  const map = new Map<number, number>();
  const left = new Set(here.keys());
  const pair = (other: number, own: number): void => {
    map.set(other, own);
    left.delete(own);
  };
  for (const [base, lines] of there) if (left.has(base) && alike(here.get(base) ?? [], lines) === 1) pair(base, base);
  for (const [base, lines] of there) {
    if (map.has(base)) continue;
    const own = [...left].find((candidate) => alike(here.get(candidate) ?? [], lines) === 1);
    if (own !== undefined) pair(base, own);
  }
  for (const [base, lines] of there) {
    if (map.has(base)) continue;
    const [own] = [...left]
      .map((candidate) => [candidate, alike(here.get(candidate) ?? [], lines) + (candidate === base ? 0.01 : 0)] as const)
      .sort((a, b) => b[1] - a[1]);
    if (own !== undefined && own[1] > likeness) pair(base, own[0]);
  }
  moveAside(map, there.keys());
  for (const [other, own] of map) {
    if (other === own) map.delete(other);
    else if (here.has(own)) {
      const change = { expected: String(own), live: String(other), nature: "renumbering" } as const;
      renumberings.push({ what: "conjunction id", owner: `the conjunction of ${here.get(own)?.length ?? 0} flows`, ...change });
    }
  }
  return map;
}

/** Blocks that nobody knows must not fall on others' ids. */
function moveAside(map: Map<number, number>, bases: Iterable<number>): void {
  const taken = new Set(map.values());
  for (const base of bases) if (!map.has(base) && taken.has(base)) map.set(base, base + 2 ** 31);
}

/** The flows of each block as texts without ids, sorted. */
const blocks = remember((flows: readonly Flow[]): ReadonlyMap<number, readonly string[]> => {
  const found = new Map<number, string[]>();
  const add = (id: number, text: string): void => {
    const base = id - (id % blockSize);
    const known = found.get(base);
    if (known === undefined) found.set(base, [`${id - base} ${text}`]);
    else known.push(`${id - base} ${text}`);
  };
  for (const { table, priority, match, actions } of flows) {
    const { conjId, ...rest } = match;
    let text: string | undefined;
    for (const action of actions) {
      if (action.kind !== "conjunction") continue;
      text ??= `${table} ${printMatch(rest, priority)}`;
      add(action.id, `${text} ${action.clause}`);
    }
    if (conjId !== undefined) add(conjId, `${table} ${printMatch(rest, priority)}`);
  }
  for (const lines of found.values()) lines.sort();
  return found;
});

function sameBlocks(here: ReadonlyMap<number, readonly string[]>, there: ReadonlyMap<number, readonly string[]>): boolean {
  if (here.size !== there.size) return false;
  for (const [base, lines] of here) if (alike(lines, there.get(base) ?? []) !== 1) return false;
  return true;
}

/** The share of lines that two sorted lists have in common. */
function alike(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [x = "", y = ""] = [a[i], b[j]];
    if (x === y) common++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return common / Math.max(a.length, b.length, 1);
}
