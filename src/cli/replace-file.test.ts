import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refusalOf } from "./failure.js";
import { replaceFile, replaceFiles } from "./replace-file.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-replace-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("replaces a file, keeps its mode, and leaves nothing beside it", () => {
  const path = join(folder, "lock.json");
  writeFileSync(path, "old");
  chmodSync(path, 0o640);
  replaceFile(path, "new");
  expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777, readdirSync(folder)]).toEqual(["new", 0o640, ["lock.json"]]);
});

it("writes where a link points to, and leaves the link", () => {
  mkdirSync(join(folder, "shared"));
  writeFileSync(join(folder, "shared/lock.json"), "old");
  symlinkSync("shared/lock.json", join(folder, "lock.json"));
  replaceFile(join(folder, "lock.json"), "new");
  expect(readlinkSync(join(folder, "lock.json"))).toBe("shared/lock.json");
  expect(readFileSync(join(folder, "shared/lock.json"), "utf8")).toBe("new");
});

it("writes where a link points to although nothing is there yet", () => {
  mkdirSync(join(folder, "shared"));
  symlinkSync("shared/lock.json", join(folder, "lock.json"));
  replaceFile(join(folder, "lock.json"), "new");
  expect(readlinkSync(join(folder, "lock.json"))).toBe("shared/lock.json");
  expect(readFileSync(join(folder, "shared/lock.json"), "utf8")).toBe("new");
});

it("leaves nothing behind where the place is taken by a folder", () => {
  mkdirSync(join(folder, "lock.json/inner"), { recursive: true });
  expect(() => {
    replaceFile(join(folder, "lock.json"), "new");
  }).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(["lock.json"]);
});

it("writes a file whose name is as long as a name can be", () => {
  const path = join(folder, "\u00e9".repeat(127));
  replaceFile(path, "new");
  expect([readFileSync(path, "utf8"), readdirSync(folder).length]).toEqual(["new", 1]);
});

it("tells of the file and not of its draft what the system refuses, and writes none of several", () => {
  const missing = join(folder, "gone", "b.json");
  let told: unknown;
  try {
    replaceFiles([
      [join(folder, "a.yaml"), "new"],
      [missing, "new"],
    ]);
  } catch (error) {
    told = error;
  }
  expect(refusalOf(told)).toEqual({ path: missing, reason: "no such file or folder" });
  expect(readdirSync(folder)).toEqual([]);
});
