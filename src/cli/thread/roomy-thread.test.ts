import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";

const program = resolve("bin/dvrc.js");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-thread-"));
  const small = readFileSync("examples/os-two-routers/topology.yaml", "utf8");
  const large = `${small}${`# ${"x".repeat(100)}\n`.repeat(10_000)}`;
  const [server = ""] = /^ {2}\S+: .*\bhost: .*$/m.exec(small) ?? [];
  for (const [name, text] of [
    ["small", small],
    ["large", large],
  ] as const) {
    writeFileSync(join(folder, `${name}.yaml`), text);
    writeFileSync(join(folder, `${name}-wrong.yaml`), text.replace(server, server.replace(/host: [\w-]+/, "host: nobody")));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run without what tells the two topologies, or two runs, apart. */
function run(
  name: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const env = { ...process.env, CI: "", NO_COLOR: "1" };
  const child = spawnSync(process.execPath, [program, "build", `${name}.yaml`, "-o", name, ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  const alike = (text: string): string =>
    text.replaceAll(/\b(?:small|large)\b|\b[0-9a-f]{64}\b/g, "any").replace(/ in \d+\.\d\d s\n/, "\n");
  return { status: child.status, stdout: alike(child.stdout), stderr: alike(child.stderr) };
}

it.each([
  ["a tree", [], 0],
  ["a tree that is there", ["--check"], 0],
  ["another release", ["--check", "--release", "newton"], 1],
  ["a host that is none", ["--host", "nobody"], 2],
  ["JSON", ["--json", "--check"], 0],
] as const)("builds a large topology as a small one: %s", (_, args, status) => {
  const small = run("small", ...args);
  expect(small.status).toBe(status);
  expect(run("large", ...args)).toEqual(small);
});

it("says of a large topology what is wrong as it does of a small one", () => {
  const small = run("small-wrong");
  expect(small.status).toBe(2);
  expect(small.stderr).toContain("nobody");
  expect(run("large-wrong")).toEqual(small);
});

it("runs there in truth: memory that is used up ends the thread, and the process tells what happened", () => {
  const env = { ...process.env, CI: "", NO_COLOR: "1" };
  const dvrc = (limit: string, ...args: readonly string[]) =>
    spawnSync(
      process.execPath,
      [limit, program, ...args].filter((word) => word !== ""),
      { cwd: folder, env, encoding: "utf8" },
    );
  expect(dvrc("", "init", "many", "--synthetic", "20:3000", "--format", "json").status).toBe(0);
  const { status, stderr } = dvrc("--max-old-space-size=16", "build", "many/topology.json", "-o", "many/out");
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error DVRC6068 out-of-memory: /m);
});
