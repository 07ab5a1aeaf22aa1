import { by, byText, sorted } from "../base/order.js";
import { isSame } from "../model/same.js";
import type { Allocation } from "./ledger.js";
import type { LockEntry } from "./lock.js";
import type { EntryGroup } from "./next-lock.js";

/** How allocations become a text. */
export interface LineForm {
  /** The line of an allocation; undefined where it has none. */
  readonly line: (allocation: Allocation) => string | undefined;
  /** What stands between two lines. */
  readonly between: string;
}

/** Texts that are made of groups of allocations, each kept for as long as builds make the same of the group; of a group that changes a bit, its lines. */
export class GroupTexts {
  private before: ReadonlyMap<string, GroupText> = new Map();
  private texts = new Map<string, GroupText>();

  constructor(private readonly form: LineForm) {}

  /** One that knows the same, for a build that is not to be remembered. */
  copy(): GroupTexts {
    const copy = new GroupTexts(this.form);
    copy.before = this.before;
    copy.texts = new Map(this.texts);
    return copy;
  }

  /** Begins the next build: texts that the last one did not ask for go. */
  begin(): void {
    this.before = this.texts;
    this.texts = new Map();
  }

  /** The text of a group, sorted by key; undefined where it is made of more than allocations. */
  of({ group, from }: EntryGroup<LockEntry>): string | undefined {
    if (from === undefined) return undefined;
    const known = this.texts.get(group) ?? this.before.get(group);
    const now = known === undefined ? this.make(from) : this.update(known, from);
    this.texts.set(group, now);
    return now.text;
  }

  private make(from: readonly Allocation[]): GroupText {
    const keys: string[] = [];
    const lines: string[] = [];
    for (const allocation of sorted(from, byKey)) {
      const line = this.form.line(allocation);
      if (line === undefined) continue;
      keys.push(allocation.key);
      lines.push(line);
    }
    return { from, keys, lines, text: lines.join(this.form.between) };
  }

  private update(known: GroupText, from: readonly Allocation[]): GroupText {
    const difference = differenceOf(known.from, from);
    if (difference === undefined) return this.make(from);
    const { gone, come } = difference;
    if (gone.length + come.length === 0) return known;
    const keys = [...known.keys];
    const lines = [...known.lines];
    for (const { key } of gone) {
      const at = placeOf(key, keys);
      if (keys[at] !== key) continue;
      keys.splice(at, 1);
      lines.splice(at, 1);
    }
    for (const allocation of come) {
      const line = this.form.line(allocation);
      if (line === undefined) continue;
      const at = placeOf(allocation.key, keys);
      keys.splice(at, 0, allocation.key);
      lines.splice(at, 0, line);
    }
    return { from, keys, lines, text: lines.join(this.form.between) };
  }
}

interface GroupText {
  readonly from: readonly Allocation[];
  /** Of the lines, in order. */
  readonly keys: readonly string[];
  readonly lines: readonly string[];
  readonly text: string;
}

const byKey = by(({ key }: Allocation) => key, byText);

/** What went and what came between two lists of allocations. */
interface Difference {
  readonly gone: readonly Allocation[];
  readonly come: readonly Allocation[];
}

/** How many allocations may have come or gone together, and how many in all: beyond that it is faster to make the text anew. */
const reach = 64;
const mostChanges = 512;

/** How two lists differ most of which is the same in the same order. Errors: undefined where they differ by more. */
function differenceOf(before: readonly Allocation[], now: readonly Allocation[]): Difference | undefined {
  const gone: Allocation[] = [];
  const come: Allocation[] = [];
  if (before === now) return { gone, come };
  let was = 0;
  let is = 0;
  while (was < before.length || is < now.length) {
    const a = before[was];
    const b = now[is];
    if (a !== undefined && b !== undefined && a.key === b.key && isSameAllocation(a, b)) {
      was++;
      is++;
      continue;
    }
    if (gone.length + come.length > mostChanges) return undefined;
    const cameUntil = placeWithinReach(a?.key, now, is) ?? is;
    const wentUntil = cameUntil > is ? was : (placeWithinReach(b?.key, before, was) ?? was);
    if (cameUntil === is && wentUntil === was) {
      // Another value, or what is new in the place of what was: in the next build that stands where it was declared.
      if (a !== undefined) gone.push(a);
      if (b !== undefined) come.push(b);
      was++;
      is++;
    }
    for (; is < cameUntil; is++) come.push(now[is] as Allocation);
    for (; was < wentUntil; was++) gone.push(before[was] as Allocation);
  }
  return { gone, come };
}

/** The place of a key in a list, not far from another; of no key that of the list's end. Errors: undefined where it is not within {@link reach}. */
function placeWithinReach(key: string | undefined, list: readonly Allocation[], from: number): number | undefined {
  for (let at = from; at < from + reach; at++) if (list[at]?.key === key) return at;
  return undefined;
}

function isSameAllocation(a: Allocation, b: Allocation): boolean {
  return a.how === b.how && isSame(a.value, b.value, () => undefined);
}

/** Where a key stands, or would stand, among keys in order. */
function placeOf(key: string, keys: readonly string[]): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
