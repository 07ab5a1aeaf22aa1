/** An entry of a bridge's MAC table. */
export interface MacEntry {
  readonly mac: number;
  /** 0 is untagged. */
  readonly vlan: number;
  readonly port: number;
  /** When it was last refreshed, milliseconds. */
  readonly at: number;
}

/** Seconds after which an entry that was not refreshed is gone: ovs-vswitchd.conf.db(5), `mac-aging-time`. */
export const macAgeingSeconds = 300;
/** Entries that a bridge keeps: ovs-vswitchd.conf.db(5), `mac-table-size`. */
const macTableSize = 8192;

/**
 * The MAC table that the action NORMAL keeps: one port per VLAN and address, least recently used first.
 *
 * Source: Open vSwitch `lib/mac-learning.c`; `is_mac_learning_update_needed` for when an entry is refreshed.
 */
export class MacTable {
  /** Insertion order is order of last use. */
  readonly #entries = new Map<string, MacEntry>();

  /** Notes that an address was seen on a port. An entry less than a second old, on the same port, stays as and where it is. */
  learn(vlan: number, mac: number, port: number, now: number): void {
    const key = `${vlan} ${mac}`;
    const before = this.#entries.get(key);
    if (before?.port === port && ageSeconds(before, now) === 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, { mac, vlan, port, at: now });
    if (this.#entries.size > macTableSize) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }

  /** The port that an address was last seen on; undefined where it was not, or too long ago. */
  lookup(vlan: number, mac: number, now: number): number | undefined {
    this.#expire(now);
    return this.#entries.get(`${vlan} ${mac}`)?.port;
  }

  /** All entries, least recently used first. */
  entries(now: number): readonly MacEntry[] {
    this.#expire(now);
    return [...this.#entries.values()];
  }

  /** Forgets all. */
  flush(): void {
    this.#entries.clear();
  }

  #expire(now: number): void {
    for (const [key, entry] of this.#entries) {
      if (now - entry.at < macAgeingSeconds * 1000) return;
      this.#entries.delete(key);
    }
  }
}

/** Whole seconds since an entry was refreshed, as `fdb/show` prints them. */
export function ageSeconds(entry: MacEntry, now: number): number {
  return Math.floor((now - entry.at) / 1000);
}
