import fc from "fast-check";
import { v5 } from "uuid";
import { expect, it } from "vitest";
import { parseUuid, uuidOf, uuidOfDomain } from "./uuid.js";

it("derives the version 5 id of any path", () => {
  const namespace = v5("dvrc", v5.DNS);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (path) => uuidOf(path) === v5(path, namespace)));
});

it("derives the version 5 id of a domain name", () => {
  expect(uuidOfDomain("host.example")).toBe(v5("host.example", v5.DNS));
});

it("reads ids in either letter case", () => {
  const id = uuidOf("a");
  expect(parseUuid(id.toUpperCase())).toBe(id);
  expect(parseUuid(`${id}0`)).toBeUndefined();
});
