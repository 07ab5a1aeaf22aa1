import { expect, it } from "vitest";
import { isSafeName, isSafePath, unsafeCharacter } from "./safe-name.js";

it("takes plain names of at most 255 bytes", () => {
  for (const name of ["compute-1", "10.0.0.1", "_x", "a+b@c=d:e", "x".repeat(255)]) expect(isSafeName(name), name).toBe(true);
  for (const name of ["", ".", "..", ".x", "-x", "a/b", "a b", "a\nb", "\0", "é", "'", "x".repeat(256)]) {
    expect(isSafeName(name), name).toBe(false);
  }
});

it("looks at every part of a path", () => {
  expect(isSafePath("a/b.txt")).toBe(true);
  for (const path of ["/a", "a/", "a//b", "a/../b", ""]) expect(isSafePath(path), path).toBe(false);
});

it("tells the character that is at fault, whole", () => {
  expect(unsafeCharacter("a\u{1f680}b")).toEqual({ character: "\u{1f680}", leading: false });
  expect(unsafeCharacter("-rf")).toEqual({ character: "-", leading: true });
  expect(unsafeCharacter("a-b")).toBeUndefined();
});
