import { expect, it } from "vitest";
import { mergeEqualRanges, mergePortRanges } from "./port-ranges.js";

it("leaves one range alone, also without ports", () => {
  expect(mergePortRanges([{ id: 8 }])).toEqual([{ ids: [8] }]);
  expect(mergePortRanges([{ id: 8, portRangeMin: 5, portRangeMax: 9 }])).toEqual([{ ids: [8], portRangeMin: 5, portRangeMax: 9 }]);
});

it("cuts ranges where they overlap", () => {
  const merged = mergePortRanges([
    { id: 8, portRangeMin: 20, portRangeMax: 30 },
    { id: 16, portRangeMin: 25, portRangeMax: 40 },
  ]);
  expect(merged).toEqual([
    { portRangeMin: 20, portRangeMax: 24, ids: [8] },
    { portRangeMin: 25, portRangeMax: 30, ids: [8, 16] },
    { portRangeMin: 31, portRangeMax: 40, ids: [16] },
  ]);
});

it("puts two rules of all ports together into one without ports", () => {
  expect(mergePortRanges([{ id: 8 }, { id: 16 }])).toEqual([{ ids: [8, 16] }]);
});

it("cuts the whole range around a rule with a port", () => {
  expect(mergePortRanges([{ id: 8 }, { id: 16, portRangeMin: 80, portRangeMax: 80 }])).toEqual([
    { portRangeMin: 1, portRangeMax: 79, ids: [8] },
    { portRangeMin: 80, portRangeMax: 80, ids: [8, 16] },
    { portRangeMin: 81, portRangeMax: 65535, ids: [8] },
  ]);
});

it("counts a conjunction that covers a port twice once", () => {
  const merged = mergePortRanges([
    { id: 8, portRangeMin: 1, portRangeMax: 10 },
    { id: 8, portRangeMin: 5, portRangeMax: 20 },
  ]);
  expect(merged).toEqual([{ portRangeMin: 1, portRangeMax: 20, ids: [8] }]);
});

it("leaves a gap between ranges that do not touch", () => {
  const merged = mergePortRanges([
    { id: 8, portRangeMin: 1, portRangeMax: 10 },
    { id: 16, portRangeMin: 100, portRangeMax: 100 },
  ]);
  expect(merged).toEqual([
    { portRangeMin: 1, portRangeMax: 10, ids: [8] },
    { portRangeMin: 100, portRangeMax: 100, ids: [16] },
  ]);
});

it("puts equal ICMP types together and keeps others apart", () => {
  const merged = mergeEqualRanges([{ id: 8, portRangeMin: 8 }, { id: 16 }, { id: 24, portRangeMin: 8 }]);
  expect(merged).toEqual([{ portRangeMin: 8, ids: [8, 24] }, { ids: [16] }]);
});
