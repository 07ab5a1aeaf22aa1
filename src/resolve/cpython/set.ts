import type { Hash64 } from "./hash.js";

/** Which implementation of CPython's set: they differ in probing, growth and `pop`. */
export type SetKind = "cpython-2.7-set" | "cpython-3.8-set";

interface Entry<T> {
  readonly value: T;
  readonly hash: Hash64;
}

/** Slots that CPython 3 looks at after the first one before it probes on. Source: `LINEAR_PROBES` of setobject.c. */
const linearProbes = 9;

/** Slots of an empty set. Source: `PySet_MINSIZE`. */
const smallestTable = 8;

/** Slots of a table of `size` once it has `used` entries: the table grows where it is full. */
function grownSize(used: number, size: number, kind: SetKind): number {
  const full = kind === "cpython-2.7-set" ? used * 3 >= size * 2 : used * 5 >= (size - 1) * 3;
  if (!full) return size;
  const above = used > 50000 ? used * 2 : used * 4;
  let grown = smallestTable;
  while (grown <= above) grown *= 2;
  return grown;
}

/** Slots of the table of a set to which so many values were added. */
export function tableSize(count: number, kind: SetKind): number {
  let size = smallestTable;
  for (let used = 1; used <= count; used++) size = grownSize(used, size, kind);
  return size;
}

/**
 * The hash table of a CPython set: tells in which order the set iterates and pops.
 *
 * Values are added once each, as Neutron's pools are; nothing is removed but by the pop sequence.
 * Source: CPython 2.7 and 3.8 `Objects/setobject.c` (`set_add_entry`, `set_table_resize`, `set_pop`).
 */
export class CpythonSet<T> {
  private table: (Entry<T> | undefined)[] = new Array<Entry<T> | undefined>(smallestTable).fill(undefined);
  private used = 0;

  constructor(private readonly kind: SetKind) {}

  add(value: T, hash: Hash64): void {
    this.insert({ value, hash });
    this.used++;
    const size = grownSize(this.used, this.table.length, this.kind);
    if (size !== this.table.length) this.resize(size);
  }

  /** Values in order of iteration. */
  *values(): Generator<T> {
    for (const entry of this.table) if (entry !== undefined) yield entry.value;
  }

  /**
   * Values in the order in which a fresh set pops them.
   *
   * Both kinds start at slot 0 and go upwards: 2.7's finger skips slot 0 only once it is empty, 3.8's starts at 0. Values that are in use are
   * skipped by whoever takes from the sequence, which is what a set without them would do.
   */
  popSequence(): Generator<T> {
    return this.values();
  }

  private resize(size: number): void {
    const old = this.table;
    this.table = new Array<Entry<T> | undefined>(size).fill(undefined);
    for (const entry of old) if (entry !== undefined) this.insert(entry);
  }

  private insert(entry: Entry<T>): void {
    this.table[this.kind === "cpython-2.7-set" ? this.freeSlot27(entry.hash) : this.freeSlot38(entry.hash)] = entry;
  }

  private freeSlot27(hash: Hash64): number {
    const mask = this.table.length - 1;
    let { high, low } = hash;
    let slot = low & mask;
    while (this.table[slot] !== undefined) {
      slot = (slot * 5 + 1 + (low & mask)) & mask;
      low = ((low >>> 5) | (high << 27)) >>> 0;
      high >>>= 5;
    }
    return slot;
  }

  private freeSlot38(hash: Hash64): number {
    const mask = this.table.length - 1;
    let { high, low } = hash;
    let slot = low & mask;
    for (;;) {
      const last = slot + linearProbes <= mask ? slot + linearProbes : slot;
      for (let near = slot; near <= last; near++) if (this.table[near] === undefined) return near;
      low = ((low >>> 5) | (high << 27)) >>> 0;
      high >>>= 5;
      slot = (slot * 5 + 1 + (low & mask)) & mask;
    }
  }
}
