import { expect, it } from "vitest";
import { printAllocations } from "./allocations.js";

it("prints values in columns that others do not move", () => {
  const rows = [
    { owner: "host/h-1/local-vlan", value: 4, how: "derived" },
    { owner: "host/h-2/order", value: ["a", "b c"], how: "allocated" },
  ];
  expect(printAllocations(rows)).toBe(
    `${"host/h-1/local-vlan".padEnd(56)} ${"4".padEnd(40)} derived\n${"host/h-2/order".padEnd(56)} ${'a,"b c"'.padEnd(40)} allocated\n`,
  );
});

it("keeps hostile names on their line", () => {
  const owner = 'x\ny"\u202e\u{1f600}';
  const text = printAllocations([{ owner, value: "", how: "pinned" }]);
  expect(text.split("\n")).toHaveLength(2);
  expect(text).toMatch(/^[ -~]+\n$/);
  expect(JSON.parse(text.slice(0, text.indexOf('" ') + 1))).toBe(owner);
});
