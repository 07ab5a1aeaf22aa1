import { expect, it } from "vitest";
import { isSame } from "./same.js";

const same = (a: unknown, b: unknown): boolean => isSame(a, b, () => undefined);

it("looks into lists, maps, sets and objects", () => {
  const make = (last: number) => ({ list: [1, "a", { deep: true }], map: new Map([["x", [1]]]), set: new Set([1n]), last });
  expect(same(make(1), make(1))).toBe(true);
  expect(same(make(1), make(2))).toBe(false);
  expect(same({ a: new Map([["x", 1]]) }, { a: new Map([["x", 2]]) })).toBe(false);
  expect(same([1, 2], [1])).toBe(false);
});

it("tells a member that is undefined from one that is not there, whatever the order of members", () => {
  expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(same({ a: undefined }, { b: undefined })).toBe(false);
  expect(same({ a: undefined }, {})).toBe(false);
  expect(same({}, { a: undefined })).toBe(false);
});

it("tells a number from a big one and from its text", () => {
  expect(same(1, 1n)).toBe(false);
  expect(same(1, "1")).toBe(false);
});

it("does not look into what is known", () => {
  const [a, b] = [{ self: {} }, { self: {} }];
  a.self = a;
  b.self = b;
  const known = (value: object): boolean | undefined => (value === a ? true : undefined);
  expect(isSame([a], [b], known)).toBe(true);
  expect(isSame({ x: a, y: 1 }, { x: b, y: 2 }, known)).toBe(false);
});

it("refuses to compare objects of a class", () => {
  expect(() => same({ at: new Date(0) }, { at: new Date(0) })).toThrow("no data");
});
