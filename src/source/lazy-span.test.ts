import { expect, it } from "vitest";
import { lazySpan } from "./lazy-span.js";

const span = { source: { path: "topology.yaml", text: "name: a\n" }, start: 6, end: 7 };

it("looks a place up once, and not before it is asked for", () => {
  let asked = 0;
  const lazy = lazySpan(() => {
    asked++;
    return span;
  });
  expect(asked).toBe(0);
  expect([lazy.start, lazy.end, lazy.source]).toEqual([6, 7, span.source]);
  expect(asked).toBe(1);
});

it("is copied and printed as any span is", () => {
  const lazy = lazySpan(() => span);
  expect({ ...lazy }).toEqual(span);
  expect(JSON.stringify(lazy)).toBe(JSON.stringify(span));
  expect(structuredClone(lazy)).toEqual(span);
});
