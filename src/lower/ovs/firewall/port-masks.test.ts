import fc from "fast-check";
import { expect, it } from "vitest";
import { portMasks } from "./port-masks.js";

it("leaves a single port as it is", () => {
  expect(portMasks(443, 443)).toEqual([443]);
});

it("splits a range into aligned blocks, ascending", () => {
  expect(portMasks(1000, 1009)).toEqual([
    { value: 1000, mask: 0xfff8 },
    { value: 1008, mask: 0xfffe },
  ]);
  expect(portMasks(1, 4)).toEqual([1, { value: 2, mask: 0xfffe }, 4]);
});

it("covers every port of a range once and no other", () => {
  const port = fc.integer({ min: 0, max: 65535 });
  fc.assert(
    fc.property(port, port, (a, b) => {
      const [min, max] = a < b ? [a, b] : [b, a];
      let next = min;
      for (const block of portMasks(min, max)) {
        const { value, mask } = typeof block === "number" ? { value: block, mask: 0xffff } : block;
        expect(value).toBe(next);
        expect(value & ~mask & 0xffff).toBe(0);
        next = value + (0xffff & ~mask) + 1;
      }
      expect(next).toBe(max + 1);
    }),
  );
});
