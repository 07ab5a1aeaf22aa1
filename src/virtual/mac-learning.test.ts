import { expect, it } from "vitest";
import { ageSeconds, MacTable } from "./mac-learning.js";

it("keeps an address for three hundred seconds after it was last seen", () => {
  const table = new MacTable();
  table.learn(1, 0xa, 3, 0);
  expect(table.lookup(1, 0xa, 299_999)).toBe(3);
  expect(table.lookup(1, 0xa, 300_000)).toBeUndefined();
});

it("keeps VLANs apart", () => {
  const table = new MacTable();
  table.learn(1, 0xa, 3, 0);
  table.learn(2, 0xa, 4, 0);
  expect(table.lookup(1, 0xa, 0)).toBe(3);
  expect(table.lookup(2, 0xa, 0)).toBe(4);
  expect(table.lookup(3, 0xa, 0)).toBeUndefined();
});

it("lists the least recently used first, and refreshes only after a second", () => {
  const table = new MacTable();
  table.learn(1, 0xa, 1, 0);
  table.learn(1, 0xb, 2, 0);
  table.learn(1, 0xa, 1, 900);
  expect(table.entries(900).map(({ mac }) => mac)).toEqual([0xa, 0xb]);
  table.learn(1, 0xa, 1, 1000);
  expect(table.entries(3500).map((entry) => [entry.mac, ageSeconds(entry, 3500)])).toEqual([
    [0xb, 3],
    [0xa, 2],
  ]);
});

it("moves an address at once that comes by another port", () => {
  const table = new MacTable();
  table.learn(1, 0xa, 1, 0);
  table.learn(1, 0xa, 2, 10);
  expect(table.lookup(1, 0xa, 10)).toBe(2);
});
