import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { runCli } from "../../testing/run-cli.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("writes a topology that is named as its folder", async () => {
  const { code, stdout } = await runCli(["init", "my cloud"], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toBe("Wrote my cloud/topology.yaml.\nNext: dvrc build 'my cloud/topology.yaml'\n");
  expect(parse(readFileSync(join(folder, "my cloud/topology.yaml"), "utf8"))).toMatchObject({ name: "my cloud" });
});

it("quotes a folder's name, whatever it is", async () => {
  const name = "a: \"b\" # $(c) 'd'";
  await runCli(["init", name], { cwd: folder });
  expect((await runCli(["init", "\u001b[31m"], { cwd: folder })).stdout).not.toContain("\u001b");
  expect(parse(readFileSync(join(folder, name, "topology.yaml"), "utf8"))).toMatchObject({ name });
});

it.runIf(existsSync("/proc/self"))("says so where the folder cannot be made, soon", async () => {
  const { code, stderr } = await runCli(["init", "/proc/dvrc"], { cwd: folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining('/proc/dvrc" cannot be used: ')]);
});

it("never overwrites a topology of either language", async () => {
  await runCli(["init"], { cwd: folder });
  const before = readFileSync(join(folder, "topology.yaml"), "utf8");
  const { code, stderr } = await runCli(["init", "--ts"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("DVRC6057");
  expect(readFileSync(join(folder, "topology.yaml"), "utf8")).toBe(before);
});

it("writes a synthetic cloud of the size asked for, in either language, and a sound one", async () => {
  for (const format of ["yaml", "json"]) {
    expect((await runCli(["init", format, "--synthetic", "3:6", "--format", format], { cwd: folder })).code).toBe(0);
    const { code, stdout } = await runCli(["check", `${format}/topology.${format}`], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("4 hosts, 3 networks, 1 router, 6 servers");
  }
});

it("refuses a size that it cannot read, and a synthetic cloud in TypeScript or a format for none", async () => {
  for (const size of ["50", "0:5", "5:-1", "1:9999999", "1e3:5"]) {
    const { code, stderr } = await runCli(["init", "--synthetic", size], { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining("Write it as H:N")]);
  }
  expect((await runCli(["init", "--ts", "--synthetic", "3:6"], { cwd: folder })).code).toBe(2);
  expect((await runCli(["init", "--format", "json"], { cwd: folder })).code).toBe(2);
});
