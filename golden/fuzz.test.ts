import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readYaml } from "../src/read/yaml.js";
import { type CliRun, runCli } from "../src/testing/run-cli.js";

const examples = readdirSync("examples").filter((name) => name.startsWith("os-"));
const words = [
  "null",
  "{}",
  "[",
  '"',
  "-1",
  "1e999",
  "\u0000",
  "../..",
  "__proto__",
  "9".repeat(400),
  "[".repeat(2000),
  "&a ",
  "*a",
  "<<: ",
  "---\n",
];
const more = [
  "\ufeff",
  "\r\n",
  "\t",
  "0.0.0.0/0",
  "::/0",
  "4294967296",
  "resubmit(,",
  "-A ",
  "COMMIT\n",
  "```console x\n",
  "$ ",
  "|",
  "constructor",
];

/** One change to the bytes of a file, at a part of its length. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 }), fc.constant(Number.MAX_SAFE_INTEGER)),
  insert: fc.oneof(fc.constantFrom(...words, ...more), fc.string({ unit: "binary", maxLength: 6 }), fc.uint8Array({ maxLength: 4 })),
});
const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function damaged(content: Buffer, all: Edits): Buffer {
  return all.reduce((bytes, { at, remove, insert }) => {
    const start = Math.floor(at * bytes.length);
    return Buffer.concat([
      bytes.subarray(0, start),
      typeof insert === "string" ? Buffer.from(insert) : insert,
      bytes.subarray(start + remove),
    ]);
  }, content);
}

let root = "";
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "dvrc-fuzz-"));
  for (const name of examples) {
    const folder = join(root, "sound", name);
    mkdirSync(folder, { recursive: true });
    for (const file of ["topology.yaml", "topology.lock.json"]) cpSync(join("examples", name, file), join(folder, file));
    for (const book of readdirSync(join("golden", name)).filter((file) => file.endsWith(".md")))
      cpSync(join("golden", name, book), join(folder, "runbook.md"));
    expect((await runCli(["build", "topology.yaml", "--frozen"], { cwd: folder })).code).toBe(0);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of an example, built, of which one file is damaged. */
function damagedCopy(name: string, file: string, all: Edits): string {
  const folder = join(root, "damaged");
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, "sound", name), folder, { recursive: true });
  writeFileSync(join(folder, file), damaged(readFileSync(join(folder, file)), all));
  return folder;
}

function builtFiles(name: string): string[] {
  const out = join(root, "sound", name, "out");
  return readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) => statSync(join(out, file)).isFile());
}

/** Milliseconds of processor time that one command may take: most take a hundredth. */
const patience = 10_000;

/** Runs a command that may refuse what it is given, but not fail: it says what is wrong, soon, and at its place. */
async function runs(cwd: string, args: readonly string[]): Promise<CliRun> {
  const before = process.cpuUsage();
  const run = await runCli(args, { cwd });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(patience);
  expect([0, 1, 2], run.stderr).toContain(run.code);
  expect(run.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  if (run.code === 2 && args[0] !== "exec") expect(run.stdout + run.stderr).toMatch(/DVRC\d{4}/);
  return run;
}

/** Diagnostics of files that could not be taken for texts: they have no lines. */
const withoutPlace = new Set(["not-utf-8"]);

function expectPlaces({ code, stdout }: CliRun): void {
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly { name: string; severity: string; line?: number }[] };
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (code === 2) expect(errors).not.toEqual([]);
  expect(errors.filter(({ name, line }) => line === undefined && !withoutPlace.has(name))).toEqual([]);
}

/** As many runs as fit into two seconds, at least one; a failure prints its seed. */
function fuzz(numRuns: number, check: (name: string, how: Edits, nth: number) => Promise<void>): Promise<void> {
  const end = performance.now() + 2000;
  const inTime: typeof check = async (...input) => {
    if (performance.now() < end) await check(...input);
  };
  return fc.assert(fc.asyncProperty(fc.constantFrom(...examples), edits, fc.nat(), inTime), { numRuns });
}

it("builds from a damaged YAML topology, or says where it is wrong", () =>
  fuzz(60, async (name, how) => {
    expectPlaces(await runs(damagedCopy(name, "topology.yaml", how), ["build", "--no-frozen", "--json"]));
  }));

it("builds from a damaged JSON topology, or says where it is wrong", () =>
  fuzz(80, async (name, how) => {
    const folder = join(root, "json");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const [document] = readYaml({ path: "topology.yaml", text: readFileSync(join("examples", name, "topology.yaml"), "utf8") });
    writeFileSync(join(folder, "topology.json"), damaged(Buffer.from(JSON.stringify(document?.value)), how));
    expectPlaces(await runs(folder, ["build", "--no-frozen", "--json"]));
  }));

it("builds with a damaged lock, or says where it is wrong", () =>
  fuzz(60, async (name, how) => {
    expectPlaces(await runs(damagedCopy(name, "topology.lock.json", how), ["build", "--no-frozen", "--json"]));
  }));

it("explains, compares and mends a damaged tree", () =>
  fuzz(30, async (name, how, nth) => {
    const files = builtFiles(name);
    const file = join("out", files[nth % files.length] ?? "manifest.json");
    const folder = damagedCopy(name, file, how);
    const line = 1 + (nth % 40);
    await runs(folder, ["explain", `${file}:${line}`]);
    await runs(folder, ["diff", "topology.yaml", "out", "--no-effects", "--json"]);
    expectPlaces(await runs(folder, ["build", "--check", "--json"]));
    const { code } = await runs(folder, ["build", "--frozen", "--json"]);
    if (code === 0) expect((await runs(folder, ["build", "--check", "--frozen"])).code).toBe(0);
  }));

it("replays a damaged runbook, or says where it is none", () =>
  fuzz(25, async (name, how) => {
    const { code, stderr } = await runs(damagedCopy(name, "runbook.md", how), ["replay", "topology.yaml", "runbook.md"]);
    if (code === 2 && !stderr.includes("not-utf-8")) expect(stderr).toMatch(/^runbook\.md:\d+:\d+ - error/);
  }));

it.each([
  ["ping -c 65535 db", "up to 1000"],
  ["traceroute -m 99999999 192.0.2.1", "255 hops"],
])("does not simulate for ever: %s", async (command, limit) => {
  const { code, stderr } = await runs(join(root, "sound/os-vlan"), ["exec", "topology.yaml", "web", "--", command]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(limit)]);
});

it("says in a trace what a server is called so that no terminal obeys it", async () => {
  const folder = join(root, "odd");
  mkdirSync(folder);
  const hosts = { "node-1": { agent_mode: "dvr", local_ip: "192.0.2.1" } };
  const networks = { n: { subnets: { s: { cidr: "10.0.0.0/24" } } } };
  const name = "red\u001b[31m\u202ename";
  const servers = { [name]: { host: "node-1", networks: ["n"] }, other: { host: "node-1", networks: ["n"] } };
  writeFileSync(join(folder, "topology.json"), JSON.stringify({ name: "odd", hosts, networks, servers }));
  const { stdout } = await runs(folder, ["trace", "topology.json", name, "other"]);
  expect(stdout).toContain("red\\u001b[31m\\u202ename");
  expect(["\u001b", "\u202e"].filter((control) => stdout.includes(control))).toEqual([]);
});
