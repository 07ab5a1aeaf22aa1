import { expect, it } from "vitest";
import { Cpython27Dict } from "./cpython-dict.js";

function order(keys: readonly string[]): string[] {
  const dict = new Cpython27Dict();
  for (const key of keys) dict.set(key);
  return dict.keys();
}

it("iterates by hash, whatever the order of insertion, while no two keys collide", () => {
  expect(order(["a", "b", "c", "d"])).toEqual(["a", "c", "b", "d"]);
  expect(order(["d", "c", "b", "a"])).toEqual(["a", "c", "b", "d"]);
});

it("lets the earlier of two colliding keys keep the slot", () => {
  expect(order(["a", "i"])).not.toEqual(order(["i", "a"]));
});

it("grows the table to four times the keys once it is two thirds full", () => {
  expect(order(["a", "b", "c", "d", "e", "f"])).toEqual(["a", "c", "b", "e", "d", "f"]);
});

it("keeps one entry of a key that is set twice", () => {
  expect(order(["qr-1", "qr-1"])).toEqual(["qr-1"]);
});

it("adds the key of an update like any other", () => {
  const dict = new Cpython27Dict();
  for (const key of ["a", "b", "c"]) dict.set(key);
  dict.update("d");
  expect(dict.keys()).toEqual(["a", "c", "b", "d"]);
});
