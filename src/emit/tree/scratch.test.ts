import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Scratch } from "./scratch.js";

it("joins texts and bytes to their UTF-8, whatever was there before", () => {
  const scratch = new Scratch();
  scratch.join(["a longer text that was there before"]);
  expect(scratch.join(["bräu ", Buffer.from("€"), "", "\u{1f980}"]).toString("utf8")).toBe("bräu €\u{1f980}");
  expect(scratch.join([]).length).toBe(0);
});

it("reads files into the same memory, a small one after a large one, too", () => {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-scratch-"));
  const scratch = new Scratch();
  const read = (text: string): string => {
    const path = join(folder, "file");
    writeFileSync(path, text);
    const file = openSync(path, "r");
    try {
      return scratch.read(file).toString("utf8");
    } finally {
      closeSync(file);
    }
  };
  try {
    expect(read("")).toBe("");
    const large = "0123456789".repeat(20_000);
    expect(read(large)).toBe(large);
    expect(read("small")).toBe("small");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("reads a file to its end whose size is not told", () => {
  const file = openSync("/proc/self/status", "r");
  try {
    expect(new Scratch().read(file).toString("utf8")).toContain("\nPid:");
  } finally {
    closeSync(file);
  }
});
