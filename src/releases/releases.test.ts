import { expect, it } from "vitest";
import { defaultRelease, findRelease, releases } from "./index.js";

it("finds every release by its name and nothing else", () => {
  for (const release of releases) expect(findRelease(release.name)).toBe(release);
  expect(findRelease("__proto__")).toBeUndefined();
  expect(releases).toContain(defaultRelease);
});

it("gives no two tables of a bridge one number", () => {
  for (const { name, flowTables } of releases) {
    const { pipeline, ...tables } = flowTables.brInt;
    const { limitChain = [], ...later } = pipeline ?? {};
    const numbers = [...Object.values(tables), ...Object.values(later), ...limitChain];
    expect(new Set(numbers).size, name).toBe(numbers.length);
  }
});

it("keeps every table number inside OpenFlow's range", () => {
  for (const { flowTables } of releases) {
    for (const table of [...Object.values(flowTables.brTun), ...Object.values(flowTables.brPhys)]) {
      expect(table).toBeGreaterThanOrEqual(0);
      expect(table).toBeLessThan(254);
    }
  }
});
