import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TextReader } from "./text.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-text-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("reads a file once for as long as nobody writes to it, and again where it was written just now", async () => {
  const path = join(folder, "topology.yaml");
  const reader = new TextReader();
  const textNow = (): string | undefined => reader.read(path)[0]?.text;
  writeFileSync(path, "one");
  expect(textNow()).toBe("one");
  writeFileSync(path, "two");
  expect(textNow()).toBe("two");
  await setTimeout(150);
  const [settled] = reader.read(path);
  expect(reader.read(path)[0]).toBe(settled);
  // As long as before, and said to be as old.
  writeFileSync(path, "six");
  utimesSync(path, 1, 1);
  expect(textNow()).toBe("six");
});

it("hears of a file that comes, goes and comes back", () => {
  const path = join(folder, "topology.lock.json");
  const reader = new TextReader();
  expect(reader.readIfAny(path)).toEqual([undefined, []]);
  expect(reader.read(path)[1][0]?.name).toBe("file-not-found");
  writeFileSync(path, "{}");
  expect(reader.readIfAny(path)[0]?.text).toBe("{}");
  rmSync(path);
  expect(reader.readIfAny(path)).toEqual([undefined, []]);
});
