import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { hashOfString27, hashOfTuple27, hashOfTuple38, type Hash64 } from "./hash.js";
import { fipRulePriorities27, integerSetOrder, linkLocalPairs } from "./sequences.js";

// Expected values were printed by CPython 2.7.18 and 3.11.7.

function digest(values: readonly (string | number)[]): string {
  return createHash("sha256").update(values.join(",")).digest("hex");
}

function unsigned({ high, low }: Hash64): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

it("hashes texts as CPython 2.7 does", () => {
  expect(unsigned(hashOfString27("interface"))).toBe(2265223003852215512n);
});

it("hashes tuples of integers as either CPython does", () => {
  expect(unsigned(hashOfTuple27([4, 11, 12]))).toBe(6312121716797776256n);
  expect(unsigned(hashOfTuple38([4, 11, 12]))).toBe(9390410014159285415n);
});

it("pops every link-local pair in the order of CPython 2.7", () => {
  expect(digest(linkLocalPairs("cpython-2.7-set").map(lower))).toBe("012a2306a28d5d63ee42edeccd3987a7e6f116c80aa96ad1ce12fa9ff47f3323");
});

it("pops every link-local pair in the order of CPython 3.8 and later", () => {
  expect(digest(linkLocalPairs("cpython-3.8-set").map(lower))).toBe("d0427d1b556a3a2e9bab37566e6befa0a1c748e7b7da8371c96c94aefde6d312");
});

it("pops every rule priority in the order of CPython 2.7", () => {
  expect(digest(fipRulePriorities27(32768, 40000))).toBe("d083c4459a90108e62c083d701f807896f97255867b07a476c36d3ab8926a5a6");
});

it("iterates small sets of port numbers by slot: ascending until one is beyond the table", () => {
  expect(integerSetOrder([1, 2, 9, 17], "cpython-2.7-set")).toEqual([1, 2, 17, 9]);
  expect(integerSetOrder([1, 2, 9, 17], "cpython-3.8-set")).toEqual([1, 2, 9, 17]);
  expect(integerSetOrder([1, 2, 3, 8, 40], "cpython-2.7-set")).toEqual([8, 1, 2, 3, 40]);
  expect(integerSetOrder([1, 2, 3, 8, 40], "cpython-3.8-set")).toEqual([1, 2, 3, 8, 40]);
  expect(integerSetOrder([2, 3, 4, 5], "cpython-2.7-set")).toEqual([2, 3, 4, 5]);
});

it("grows larger sets as CPython does", () => {
  const sevens = Array.from({ length: 10 }, (_, index) => 7 * (1 + 3 * index));
  const expected = [196, 133, 70, 7, 175, 112, 49, 154, 91, 28];
  expect(integerSetOrder(sevens, "cpython-2.7-set")).toEqual(expected);
  expect(integerSetOrder(sevens, "cpython-3.8-set")).toEqual(expected);
});

function lower(pair: string): string {
  return pair.slice(0, -"/31".length);
}
