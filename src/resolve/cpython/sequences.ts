import { type Ipv4, ipv4FromNumber, ipv4ToNumber } from "../../net/ip.js";
import { hashOfInteger, hashOfString27, hashOfTuple27, hashOfTuple38 } from "./hash.js";
import { CpythonSet, type SetKind, tableSize } from "./set.js";

/**
 * The link-local pairs, `169.254.64.0/31`, in the order in which a fresh L3 agent takes them.
 *
 * The pool is a set of /31 networks of 169.254.64.0/18, hashed as the tuple (4, first, last).
 * Source: Neutron `LinkLocalAllocator`, netaddr `IPNetwork.__hash__`.
 */
export function linkLocalPairs(kind: SetKind): readonly string[] {
  let pairs = pairsByKind.get(kind);
  if (pairs === undefined) {
    pairs = computeLinkLocalPairs(kind);
    pairsByKind.set(kind, pairs);
  }
  return pairs;
}

/** Every host draws from the same sequence: it is computed once. */
const pairsByKind = new Map<SetKind, readonly string[]>();

function computeLinkLocalPairs(kind: SetKind): string[] {
  const first = ipv4ToNumber("169.254.64.0" as Ipv4);
  const hash = kind === "cpython-2.7-set" ? hashOfTuple27 : hashOfTuple38;
  const pool = new CpythonSet<string>(kind);
  for (let lower = first; lower < first + 2 ** 14; lower += 2) pool.add(`${ipv4FromNumber(lower)}/31`, hash([4, lower, lower + 1]));
  return [...pool.popSequence()];
}

/**
 * Floating IP rule priorities in the order in which a fresh L3 agent on CPython 2.7 takes them: the pool is a set of decimal texts.
 *
 * Source: Neutron `FipRulePriorityAllocator`.
 */
export function fipRulePriorities27(first: number, count: number): readonly number[] {
  const key = `${first} ${count}`;
  let priorities = prioritiesByRange.get(key);
  if (priorities === undefined) {
    priorities = computeFipRulePriorities27(first, count);
    prioritiesByRange.set(key, priorities);
  }
  return priorities;
}

const prioritiesByRange = new Map<string, readonly number[]>();

function computeFipRulePriorities27(first: number, count: number): number[] {
  const pool = new CpythonSet<number>("cpython-2.7-set");
  for (let priority = first; priority < first + count; priority++) pool.add(priority, hashOfString27(String(priority)));
  return [...pool.popSequence()];
}

/** Small integers in the order in which a set of them iterates, when they were added in ascending order. */
export function integerSetOrder(values: readonly number[], kind: SetKind): readonly number[] {
  const largest = values[values.length - 1] ?? 0;
  if (largest < tableSize(values.length, kind)) return values;
  const set = new CpythonSet<number>(kind);
  for (const value of values) set.add(value, hashOfInteger(value));
  return [...set.values()];
}
