import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileExample, examples } from "../src/testing/compile-example.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-determinism-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(examples())("compiles $name twice to the same bytes", async ({ path }) => {
  const [first, second] = [await compileExample(path), await compileExample(path)];
  expect(second.files).toEqual(first.files);
});

it("compiles the twins of os-dvr to the same bytes", async () => {
  const [typescript, yaml] = [await compileExample("examples/os-dvr/topology.ts"), await compileExample("examples/os-dvr/topology.yaml")];
  expect(yaml.files).toEqual(typescript.files);
});

it("writes the same tree from another folder, in another locale and another time zone", () => {
  const topology = resolve("examples/os-two-routers/topology.yaml");
  const here = build("here", process.cwd(), "examples/os-two-routers/topology.yaml", { LC_ALL: "C", TZ: "UTC" });
  const there = build("there", folder, topology, { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati" });
  expect(there).toEqual(here);
});

/** Builds with the bundled command line, and reads the tree; both trees are as far from the topology, whose place the manifest has. */
function build(name: string, cwd: string, topology: string, env: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const out = join(folder, name);
  execFileSync(process.execPath, [resolve("bin/dvrc.js"), "build", topology, "--frozen", "-o", out], {
    cwd,
    env: { ...process.env, ...env },
    stdio: "pipe",
  });
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => [join(entry.parentPath, entry.name), entry])
      .map(([path]) => [String(path).slice(out.length), readFileSync(String(path), "utf8")]),
  );
}
