import { expect, it } from "vitest";
import { pointerTo } from "../source/pointer.js";
import { calledBy } from "./called.js";

it("knows resources by their keys, and by names that only one of them bears", () => {
  const server = (key: string, name: string) => ({ pointer: pointerTo("", "servers", key), name });
  const called = calledBy([
    server("a/b", "web"),
    server("b", "web"),
    server("c", "db"),
    server("d", ""),
    server("e", "b"),
    server("f", "f"),
  ]);
  const keys = [...called].map(([word, { pointer }]) => [word, pointer]);
  expect(Object.fromEntries(keys)).toEqual({
    "a/b": "/servers/a~1b",
    b: "/servers/b",
    c: "/servers/c",
    db: "/servers/c",
    d: "/servers/d",
    e: "/servers/e",
    f: "/servers/f",
  });
});
