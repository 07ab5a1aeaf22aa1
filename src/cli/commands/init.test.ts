import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
  expect(stdout).toContain("dvrc build my cloud/topology.yaml");
  expect(parse(readFileSync(join(folder, "my cloud/topology.yaml"), "utf8"))).toMatchObject({ name: "my cloud" });
});

it("quotes a folder's name, whatever it is", async () => {
  const name = "a: \"b\" # $(c) 'd'";
  await runCli(["init", name], { cwd: folder });
  expect(parse(readFileSync(join(folder, name, "topology.yaml"), "utf8"))).toMatchObject({ name });
});

it("never overwrites a topology of either language", async () => {
  await runCli(["init"], { cwd: folder });
  const before = readFileSync(join(folder, "topology.yaml"), "utf8");
  const { code, stderr } = await runCli(["init", "--ts"], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("DVRC6057");
  expect(readFileSync(join(folder, "topology.yaml"), "utf8")).toBe(before);
});
