import type { Ip } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";

/** What the other side's numbers and random identities are called on ours. What is not in a map stays as it is. */
export interface Translation {
  /** OpenFlow port numbers by bridge. */
  readonly ofports: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly localVlans: ReadonlyMap<number, number>;
  /** Base ids of conjunctions. */
  readonly conjunctions: ReadonlyMap<number, number>;
  /** MACs that are drawn at random: of hosts, of veth pairs; and the link-local addresses that follow from them. */
  readonly macs: ReadonlyMap<Mac, Mac>;
  /** Link-local pairs and addresses made of MACs, by namespace. */
  readonly addresses: ReadonlyMap<string, ReadonlyMap<Ip, Ip>>;
  /** Conntrack zones of the hybrid firewall. */
  readonly zones: ReadonlyMap<number, number>;
  /** Marks of address scopes, 16 bits, by namespace. */
  readonly scopeMarks: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Something that has another value on the other side without being another thing. */
export interface Renumbering {
  /** `port number`, `local VLAN`, `link-local pair` ... */
  readonly what: string;
  /** Whose it is: `tap01234567-89 of br-int`. */
  readonly owner: string;
  readonly expected: string;
  readonly live: string;
  /** Numbers that a host gives out as it goes, or a choice that Neutron draws at random and keeps. */
  readonly nature: "renumbering" | "chance";
}

/** Leaves everything as it is. */
export const identity: Translation = {
  ofports: new Map(),
  localVlans: new Map(),
  conjunctions: new Map(),
  macs: new Map(),
  addresses: new Map(),
  zones: new Map(),
  scopeMarks: new Map(),
};

/**
 * The value that most witnesses have. The expected one wins a draw, so that a single wrong line is never taken for another choice.
 *
 * Errors: the expected value where nobody votes.
 */
export function majority<T>(expected: T, votes: Iterable<T>): T {
  const counts = new Map<T, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  let best = expected;
  let most = counts.get(expected) ?? 0;
  for (const [value, count] of counts) {
    if (count > most) {
      best = value;
      most = count;
    }
  }
  return best;
}

/**
 * Makes a map of numbers one to one: owners that claim one number drop out, and a number that nobody claims is moved out of the way of those that others got.
 *
 * `claims` are pairs of the other side's number and ours. `all` are the other side's numbers.
 */
export function oneToOne(claims: readonly (readonly [live: number, expected: number])[], all: Iterable<number>): Map<number, number> {
  const claimed = new Map<number, number>();
  for (const [live] of claims) claimed.set(live, (claimed.get(live) ?? 0) + 1);
  const map = new Map(claims.filter(([live]) => claimed.get(live) === 1));
  const taken = new Set(map.values());
  for (const number of all) if (!map.has(number) && taken.has(number)) map.set(number, number + outOfTheWay);
  for (const [live, expected] of map) if (live === expected) map.delete(live);
  return map;
}

/** Larger than any port number or VLAN. */
const outOfTheWay = 1_000_000;
