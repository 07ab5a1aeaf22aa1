import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
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

it.each(examples())("compiles $name to the same bytes with its declarations in another order and the same lock", async ({ name, path }) => {
  const twin = join(folder, name, "topology.json");
  mkdirSync(dirname(twin));
  const { compilation, files } = await compileExample(path);
  writeFileSync(twin, JSON.stringify(reversed(compilation.loaded.value)));
  copyFileSync(compilation.loaded.lockPath, join(folder, name, "topology.lock.json"));
  expect((await compileExample(twin)).files).toEqual(files);
});

it("writes the same tree from another folder, in another locale and another time zone", () => {
  const topology = resolve("examples/os-two-routers/topology.yaml");
  const here = build("here", process.cwd(), "examples/os-two-routers/topology.yaml", { LC_ALL: "C", TZ: "UTC" });
  const there = build("there", folder, topology, { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati" });
  expect(there).toEqual(here);
});

/** Builds with the bundled command line, and reads the tree; each is as far from the topology as the other, whose place the manifest has. */
function build(name: string, cwd: string, topology: string, env: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const out = join(folder, name);
  const args = [resolve("bin/dvrc.js"), "build", topology, "--frozen", "-o", out];
  execFileSync(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe" });
  const entries = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(out.length), readFileSync(path, "utf8")]));
}

/** The same value with the members of every object in reverse order. Lists keep theirs: it is meaning. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]: [string, unknown]) => [key, reversed(member)])
      .reverse(),
  );
}
