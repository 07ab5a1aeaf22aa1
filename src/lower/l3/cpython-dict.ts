interface Slot {
  readonly key: string;
  readonly hash: bigint;
}

const bits64 = 0xffffffffffffffffn;
const smallestTable = 8;

/**
 * Order in which a dict of CPython 2.7 on a 64-bit machine iterates its keys.
 *
 * Neutron writes the scope chains of such a release in the order of a dict of device names: by hash, not by insertion.
 * Source: CPython 2.7 `Objects/dictobject.c` (`insertdict`, `dictresize`, `PyDict_Merge`), without hash randomisation.
 */
export class Cpython27Dict {
  private table: (Slot | undefined)[] = new Array<Slot | undefined>(smallestTable).fill(undefined);
  private used = 0;

  /** `dict[key] = value`. */
  set(key: string): void {
    if (!this.insert({ key, hash: stringHash27(key) })) return;
    if (this.used * 3 >= this.table.length * 2) this.resize(this.used > 50000 ? this.used * 2 : this.used * 4);
  }

  /** `dict.update(other)`, where the other has only this key. */
  update(key: string): void {
    if ((this.used + 1) * 3 >= this.table.length * 2) this.resize((this.used + 1) * 2);
    this.insert({ key, hash: stringHash27(key) });
  }

  /** Keys in order of iteration. */
  keys(): string[] {
    return this.table.flatMap((slot) => (slot === undefined ? [] : [slot.key]));
  }

  private insert(slot: Slot): boolean {
    const mask = BigInt(this.table.length - 1);
    let perturb = slot.hash;
    let index = slot.hash & mask;
    for (;;) {
      const found = this.table[Number(index & mask)];
      if (found?.key === slot.key) return false;
      if (found === undefined) break;
      index = (index * 5n + perturb + 1n) & bits64;
      perturb >>= 5n;
    }
    this.table[Number(index & mask)] = slot;
    this.used++;
    return true;
  }

  private resize(atLeast: number): void {
    let size = smallestTable;
    while (size <= atLeast) size *= 2;
    const slots = this.table;
    this.table = new Array<Slot | undefined>(size).fill(undefined);
    this.used = 0;
    for (const slot of slots) if (slot !== undefined) this.insert(slot);
  }
}

/** Hash of an ASCII string. Source: CPython 2.7 `string_hash`. */
function stringHash27(text: string): bigint {
  let hash = BigInt(text.charCodeAt(0)) << 7n;
  for (let index = 0; index < text.length; index++) hash = ((hash * 1000003n) & bits64) ^ BigInt(text.charCodeAt(index));
  return hash ^ BigInt(text.length);
}
