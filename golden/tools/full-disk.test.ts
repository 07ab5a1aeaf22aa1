import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeProgram } from "./dvrc-program.js";

let folder = "";
let disk = "";
let bin = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-full-"));
  disk = join(folder, "disk");
  mkdirSync(disk);
  bin = await makeProgram(folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "dvrc-test", disk]);
});
afterAll(() => {
  execFileSync("umount", [disk]);
  rmSync(folder, { recursive: true, force: true });
});

function dvrc(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(join(bin, "dvrc"), args, { cwd: disk, env: { ...process.env, CI: "", NO_COLOR: "1" }, encoding: "utf8" });
}

function contents(): Record<string, string> {
  const files = readdirSync(disk, { recursive: true, encoding: "utf8" }).filter(
    (file) => !file.startsWith("ballast") && statSync(join(disk, file)).isFile(),
  );
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(disk, file), "utf8")]));
}

/** Takes all room but some. */
function fill(free: number): void {
  rmSync(join(disk, "ballast"), { force: true });
  const room = Number(execFileSync("df", ["--output=avail", "-B1", disk], { encoding: "utf8" }).split("\n")[1]);
  writeFileSync(join(disk, "ballast"), Buffer.alloc(Math.max(room - free, 0)));
}

it("loses nothing to a full disk, wherever the room ends, and goes on where there is some again", () => {
  for (const file of ["topology.yaml", "topology.lock.json"]) cpSync(join("examples/os-vlan", file), join(disk, file));
  expect(dvrc("build").status).toBe(0);
  const lock = readFileSync(join(disk, "topology.lock.json"), "utf8");
  writeFileSync(join(disk, "topology.lock.json"), '{"version":1,"allocations":{}}\n');
  const topology = readFileSync(join(disk, "topology.yaml"), "utf8");
  const before = contents();
  let failures = 0;
  for (let free = 0; free < 400_000; free += 16_384) {
    fill(free);
    const { status, stderr } = dvrc("build", "--release", "newton");
    if (status === 0) break;
    failures++;
    expect(stderr).toMatch(/error DVRC\d+ (?:disk-full: |(?:system-refused|lock-not-writable): .*no space left on the device)/);
    expect(stderr).not.toMatch(/has a bug|\n\s+at /);
    const { "topology.lock.json": after, ...others } = contents();
    const { "topology.lock.json": old, ...rest } = before;
    expect(others).toEqual(rest);
    // Either the old lock or the whole new one.
    if (after !== old) expect(JSON.parse(after ?? "")).toHaveProperty("allocations");
    writeFileSync(join(disk, "topology.lock.json"), old ?? "");
  }
  expect(failures).toBeGreaterThan(3);
  rmSync(join(disk, "ballast"), { force: true });
  writeFileSync(join(disk, "topology.lock.json"), lock);
  expect(dvrc("build").status).toBe(0);
  expect(readFileSync(join(disk, "topology.yaml"), "utf8")).toBe(topology);
});
