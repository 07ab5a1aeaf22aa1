import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolders } from "./make-folder.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("makes a folder and those around it, once", () => {
  makeFolders(join(folder, "a/b/c"));
  makeFolders(join(folder, "a/b/c"));
  expect(existsSync(join(folder, "a/b/c"))).toBe(true);
});

it("refuses what a file or a link to nowhere is in the way of", () => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync("nowhere", join(folder, "link"));
  for (const path of ["file", "file/below", "link", "link/below"]) {
    expect(() => makeFolders(join(folder, path))).toThrow(/^E(?:EXIST|NOTDIR|NOENT)/);
  }
});

it.runIf(existsSync("/proc/self"))("gives up below a folder that makes none and denies having it", () => {
  expect(() => makeFolders("/proc/dvrc/below")).toThrow(/^E(?:NOENT|ACCES)/);
});
