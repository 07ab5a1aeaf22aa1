import type { Neighbour } from "../ir/namespace.js";
import { type Ip, isIpv4 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Clock } from "./clock.js";

/** A neighbour's state: ip-neighbour(8). */
export type NeighbourState = Neighbour["state"];

/** An entry of a namespace's neighbour table. */
export interface NeighbourEntry {
  readonly ip: Ip;
  readonly dev: string;
  lladdr: Mac | undefined;
  state: NeighbourState;
  /** When the neighbour was last known to answer, milliseconds. */
  confirmed: number;
  /** When the entry last changed, milliseconds. */
  updated: number;
  used: number;
  probes: number;
  /** What waits for the address. */
  readonly waiting: PendingSend[];
}

/** A packet that waits for a neighbour's address. */
export interface PendingSend {
  readonly send: (lladdr: Mac, entry: NeighbourEntry) => void;
  readonly fail: () => void;
}

/** Times of the state machine in milliseconds, and its number of tries: arp(7), Linux `net.ipv4.neigh.default`. */
const times = { reachable: 30_000, delay: 5_000, retransmit: 1_000, lock: 1_000, tries: 3, queue: 101 } as const;

/**
 * The neighbour table of a namespace: permanent entries as compiled, learned ones with Linux's states.
 *
 * Source: Linux `net/core/neighbour.c`.
 */
export class NeighbourTable {
  readonly #entries = new Map<string, NeighbourEntry>();

  /** `ask` sends a solicitation: to everybody, or to the address known so far. */
  constructor(
    permanent: readonly Neighbour[],
    readonly clock: Clock,
    readonly ask: (dev: string, ip: Ip, known: Mac | undefined) => void,
  ) {
    for (const { ip, dev, lladdr, state } of permanent) {
      const entry = this.#create(ip, dev);
      entry.lladdr = lladdr;
      entry.state = state;
      if (state === "REACHABLE") this.#watch(entry);
    }
  }

  /** Sends now or once the neighbour has answered. */
  resolve(dev: string, ip: Ip, pending: PendingSend): void {
    const entry = this.#entries.get(keyOf(dev, ip)) ?? this.#create(ip, dev);
    entry.used = this.clock.now;
    if (entry.state === "STALE") this.#delay(entry);
    if (isValid(entry)) {
      pending.send(entry.lladdr, entry);
      return;
    }
    if (entry.waiting.length < times.queue) entry.waiting.push(pending);
    if (entry.state !== "INCOMPLETE" || entry.probes === 0) this.#solicit(entry);
  }

  /**
   * A neighbour answered a question. Nothing is learned from answers that nobody waited for. One that does not override only casts doubt on another's.
   *
   * Source: Linux `neigh_update` with `NEIGH_UPDATE_F_WEAK_OVERRIDE`.
   */
  answered(dev: string, ip: Ip, lladdr: Mac, asked: boolean, override = true): void {
    const entry = this.#entries.get(keyOf(dev, ip));
    if (entry === undefined || isFixed(entry)) return;
    if (asked && this.#isLocked(entry) && entry.lladdr !== lladdr) return;
    if (!override && isValid(entry) && entry.lladdr !== lladdr) {
      if (entry.state === "REACHABLE") entry.state = "STALE";
      return;
    }
    this.#update(entry, lladdr, asked ? "REACHABLE" : "STALE");
  }

  /** A neighbour asked for one of the namespace's addresses: it is noted, though not as reachable. */
  heard(dev: string, ip: Ip, lladdr: Mac): void {
    const entry = this.#entries.get(keyOf(dev, ip)) ?? this.#create(ip, dev);
    if (isFixed(entry)) return;
    const known = entry.lladdr === lladdr && (entry.state === "REACHABLE" || entry.state === "DELAY" || entry.state === "PROBE");
    if (!known) this.#update(entry, lladdr, "STALE");
  }

  /** The entries in order of entry. */
  entries(): readonly Readonly<NeighbourEntry>[] {
    return [...this.#entries.values()];
  }

  #create(ip: Ip, dev: string): NeighbourEntry {
    const entry: NeighbourEntry = {
      ip,
      dev,
      lladdr: undefined,
      state: "INCOMPLETE",
      confirmed: 0,
      updated: 0,
      used: 0,
      probes: 0,
      waiting: [],
    };
    this.#entries.set(keyOf(dev, ip), entry);
    return entry;
  }

  /** Where several answer for one IPv4 address, the first is believed. Source: Linux `arp_process`. */
  #isLocked(entry: NeighbourEntry): boolean {
    return isIpv4(entry.ip) && isValid(entry) && this.clock.now - entry.updated <= times.lock;
  }

  #update(entry: NeighbourEntry, lladdr: Mac, state: "REACHABLE" | "STALE"): void {
    entry.lladdr = lladdr;
    entry.state = state;
    entry.updated = this.clock.now;
    entry.probes = 0;
    if (state === "REACHABLE") {
      entry.confirmed = this.clock.now;
      this.#watch(entry);
    } else if (entry.waiting.length > 0) {
      this.#delay(entry);
    }
    for (const pending of entry.waiting.splice(0)) pending.send(lladdr, entry);
  }

  #watch(entry: NeighbourEntry): void {
    const { confirmed } = entry;
    this.clock.after(times.reachable, () => {
      if (entry.state !== "REACHABLE" || entry.confirmed !== confirmed) return;
      if (this.clock.now - entry.used < times.delay) this.#delay(entry);
      else entry.state = "STALE";
    });
  }

  #delay(entry: NeighbourEntry): void {
    entry.state = "DELAY";
    this.clock.after(times.delay, () => {
      if (entry.state !== "DELAY") return;
      entry.state = "PROBE";
      entry.probes = 0;
      this.#solicit(entry);
    });
  }

  #solicit(entry: NeighbourEntry): void {
    if (entry.state !== "PROBE" && entry.state !== "INCOMPLETE") {
      entry.state = "INCOMPLETE";
      entry.probes = 0;
    }
    const { state } = entry;
    const round = ++entry.probes;
    this.ask(entry.dev, entry.ip, state === "PROBE" ? entry.lladdr : undefined);
    this.clock.after(times.retransmit, () => {
      if (entry.state !== state || entry.probes !== round) return;
      if (round < times.tries) return this.#solicit(entry);
      entry.state = "FAILED";
      entry.probes = 0;
      for (const pending of entry.waiting.splice(0)) pending.fail();
    });
  }
}

function keyOf(dev: string, ip: Ip): string {
  return `${dev} ${ip}`;
}

function isValid(entry: NeighbourEntry): entry is NeighbourEntry & { lladdr: Mac } {
  return entry.lladdr !== undefined && entry.state !== "FAILED" && entry.state !== "INCOMPLETE";
}

function isFixed(entry: NeighbourEntry): boolean {
  return entry.state === "PERMANENT" || entry.state === "NOARP";
}
