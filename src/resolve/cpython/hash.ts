/**
 * Hashes of CPython on 64-bit machines, where Neutron's choice among the members of a set follows from them.
 *
 * Shape: unsigned 64-bit integers as two 32-bit halves.
 */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** Hash of a small non-negative integer: itself. Source: CPython `long_hash`. */
export function hashOfInteger(value: number): Hash64 {
  return { high: Math.floor(value / 2 ** 32), low: value >>> 0 };
}

/** Hash of an ASCII string without hash randomisation. Source: CPython 2.7 `string_hash`. */
export function hashOfString27(text: string): Hash64 {
  let high = 0;
  let low = (text.charCodeAt(0) << 7) >>> 0;
  for (let index = 0; index < text.length; index++) {
    const product = low * 1000003;
    high = (high * 1000003 + Math.floor(product / 2 ** 32)) >>> 0;
    low = (product ^ text.charCodeAt(index)) >>> 0;
  }
  return { high, low: (low ^ text.length) >>> 0 };
}

/** Hash of a tuple of small non-negative integers. Source: CPython 2.7 `tuplehash`. */
export function hashOfTuple27(items: readonly number[]): Hash64 {
  let high = 0;
  let low = 0x345678;
  let multiplier = 1000003;
  items.forEach((item, index) => {
    const hash = hashOfInteger(item);
    const product = ((low ^ hash.low) >>> 0) * multiplier;
    high = (((high ^ hash.high) >>> 0) * multiplier + Math.floor(product / 2 ** 32)) >>> 0;
    low = product >>> 0;
    multiplier += 82520 + 2 * (items.length - index - 1);
  });
  const sum = low + 97531;
  return { high: (high + Math.floor(sum / 2 ** 32)) >>> 0, low: sum >>> 0 };
}

const prime1 = 11400714785074694791n;
const prime2 = 14029467366897019727n;
const prime5 = 2870177450012600261n;

/** Hash of a tuple of small non-negative integers. Source: CPython 3.8 `tuplehash`, after xxHash. */
export function hashOfTuple38(items: readonly number[]): Hash64 {
  let hash = prime5;
  for (const item of items) {
    hash = BigInt.asUintN(64, hash + BigInt(item) * prime2);
    hash = BigInt.asUintN(64, (hash << 31n) | (hash >> 33n));
    hash = BigInt.asUintN(64, hash * prime1);
  }
  hash = BigInt.asUintN(64, hash + (BigInt(items.length) ^ prime5 ^ 3527539n));
  return { high: Number(hash >> 32n), low: Number(hash & 0xffffffffn) };
}
