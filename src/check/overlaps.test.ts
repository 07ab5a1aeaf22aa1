import { expect, it } from "vitest";
import fc from "fast-check";
import { overlapsOf } from "./overlaps.js";

const ranges = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 8 })), { maxLength: 12 });

it("finds an overlap exactly where comparing every pair finds one", () => {
  fc.assert(
    fc.property(ranges, (list) => {
      const all = list.map(([first, length], index) => ({ of: index, first: BigInt(first), last: BigInt(first + length) }));
      const pairs = all.flatMap((a) => all.filter((b) => a.of < b.of && a.first <= b.last && b.first <= a.last).map((b) => [a.of, b.of]));
      const found = overlapsOf(all);
      for (const { first, second } of found) expect(pairs).toContainEqual([first, second]);
      const atFault = (list: readonly (readonly number[])[]): readonly number[] => [...new Set(list.flat())].sort((a, b) => a - b);
      expect(atFault(found.map(({ first, second }) => [first, second]))).toEqual(atFault(pairs));
    }),
  );
});
