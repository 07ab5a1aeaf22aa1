import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { applyScript } from "./script.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-apply-"));
  writeFileSync(join(folder, "apply.sh"), applyScript);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(["bash", "sh"])("goes on in bash where it is given to %s", (shell) => {
  const { status, stdout, stderr } = spawnSync(shell, ["apply.sh", "--help"], { cwd: folder, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Programs this host .*\n\n {4}bash apply\.sh \[--dry-run\]/);
  expect(stdout).toMatch(/2 trouble\.\n+$/);
});
