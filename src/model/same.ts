import { invariant } from "../base/invariant.js";

/** Whether two things that are not one are the same, where it is known without looking into them; undefined where they are data. */
export type KnownSame = (a: object, b: object) => boolean | undefined;

type Members = Readonly<Record<string, unknown>>;

/** Whether two values are the same data. Order counts but among an object's members. Data that goes round in circles has to meet what is known. */
export function isSame(a: unknown, b: unknown, known: KnownSame): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return known(a, b) ?? haveSameMembers(a, b, known);
}

/** As {@link isSame}, whatever is known of the two themselves. */
export function haveSameMembers(a: object, b: object, known: KnownSame): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && areSameLists(a, b, known);
  if (a instanceof Map) return b instanceof Map && areSameLists([...a].flat(), [...b].flat(), known);
  if (a instanceof Set) return b instanceof Set && areSameLists([...a], [...b], known);
  const prototype: unknown = Object.getPrototypeOf(a);
  invariant(prototype === Object.prototype || prototype === null, "an object of a class is no data");
  return prototype === Object.getPrototypeOf(b) && areSameRecords(a as Members, b as Members, known);
}

function areSameLists(a: readonly unknown[], b: readonly unknown[], known: KnownSame): boolean {
  return a.length === b.length && a.every((item, at) => isSame(item, b[at], known));
}

function areSameRecords(a: Members, b: Members, known: KnownSame): boolean {
  let more = 0;
  for (const name in a) {
    more--;
    const value = a[name];
    if (!isSame(value, b[name], known) || (value === undefined && !Object.hasOwn(b, name))) return false;
  }
  // To count them so takes no list of them.
  for (const _ in b) more++;
  return more === 0;
}
