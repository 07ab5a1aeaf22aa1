import { expect, it } from "vitest";
import { LockReader } from "./lock-reader.js";

const path = "topology.lock.json";
const lockOf = (...lines: readonly string[]): { readonly path: string; readonly text: string } => ({
  path,
  text: `{"version":1,"allocations":{\n${lines.join(",\n")}\n}}\n`,
});

it("reads a lock once for as long as it is what it was", () => {
  const locks = new LockReader();
  const [first] = locks.read(lockOf('"network/a/id": "x"'));
  expect(locks.read(lockOf('"network/a/id": "x"'))[0]).toBe(first);
  const [second] = locks.read(lockOf('"network/a/id": "y"'));
  expect([...(first?.allocations ?? [])]).toEqual([["network/a/id", "x"]]);
  expect([...(second?.allocations ?? [])]).toEqual([["network/a/id", "y"]]);
});

it("has read ahead what the next build finds, and reads anew what is another after all", () => {
  const locks = new LockReader();
  expect(locks.read(lockOf('"network/a/id": "x"'))[0]?.allocations.get("network/a/id")).toBe("x");
  locks.readAhead(lockOf('"network/a/id": "y"', '"network/b/id": "z"'));
  expect(locks.read(lockOf('"network/a/id": "y"', '"network/b/id": "z"'))[0]?.allocations.get("network/b/id")).toBe("z");
  expect(locks.read({ path, text: "{" })[1].map(({ name }) => name)).toEqual(["lock-syntax"]);
  expect(locks.read(lockOf('"network/a/id": "v"'))[0]?.allocations.get("network/a/id")).toBe("v");
});
