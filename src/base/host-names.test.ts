import { expect, it } from "vitest";
import { matchHostNames } from "./host-names.js";

const matches = (known: readonly string[], names: readonly string[]): object => Object.fromEntries(matchHostNames(known, names));

it("takes a host's own name first, then the same name with or without its domain", () => {
  expect(matches(["c1", "c2.example.org", "C3"], ["c1", "c2", "c3.example.org"])).toEqual({
    c1: "c1",
    "c2.example.org": "c2",
    C3: "c3.example.org",
  });
  expect(matches(["c1", "c1.example.org"], ["c1"])).toEqual({ c1: "c1" });
});

it("takes no name that two hosts could mean, nor one of another domain", () => {
  expect(matches(["c1"], ["c1.a", "c1.b"])).toEqual({});
  expect(matches(["c1.a", "c1.b"], ["c1"])).toEqual({});
  expect(matches(["c1.a"], ["c1.b"])).toEqual({});
  expect(matches(["c1"], ["c10"])).toEqual({});
});
