import { getHeapSpaceStatistics } from "node:v8";
import { expect, it } from "vitest";
import { collectYoung } from "./thrift.js";

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_used_size ?? 0;
}

it("collects what died young", () => {
  collectYoung();
  const before = youngBytes();
  for (let at = 0; youngBytes() < before + 2 ** 18; at++) expect({ at }).toBeDefined();
  const used = youngBytes();
  collectYoung();
  expect(youngBytes()).toBeLessThan(used - 2 ** 17);
});
