import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AnswerFile } from "../src/adopt/answers.js";
import { compiledSide, dumpedSide } from "../src/audit/audited-host.js";
import { compareHost } from "../src/audit/compare/host.js";
import { loadHostDump } from "../src/audit/load-dumps.js";
import { defined } from "../src/base/invariant.js";
import { compiledHost } from "../src/compile.js";
import { printArtefacts } from "../src/emit/layout.js";
import { importCloud } from "../src/import-cloud.js";
import type { SourceText } from "../src/source/span.js";
import { type CliRun, runCli } from "../src/testing/run-cli.js";
import { clouds } from "./tools/clouds.js";
import { compileDocument } from "./tools/compile-document.js";
import { neutronAnswers } from "./tools/neutron-answers.js";

const cloud = compileDocument(defined(clouds["two network nodes"], "cloud"), { release: "zed" });
for (const host of cloud.hosts) cloud.host(host);
const answers = neutronAnswers(cloud.resolution.topology);
const hostName = "cmp-1";
const state = compiledHost(cloud, hostName).state;
const dump = new Map(printArtefacts(state).map(({ path, text }) => [path.slice(hostName.length + 1), text]));

/** Damages a text: some of it is cut off, left out, or replaced. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }), fc.constant(Number.MAX_SAFE_INTEGER)),
  insert: fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom(
      "",
      "null",
      "{}",
      "[]",
      '"',
      "-1",
      "1e999",
      "\u0000",
      "../../etc/passwd",
      "__proto__",
      "9".repeat(400),
      "[".repeat(2000),
    ),
  ),
});

function damaged(text: string, { at, length, insert }: { at: number; length: number; insert: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + length);
}

it("never fails on damaged answers: a cloud or a reason why not", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<AnswerFile>("ports", "networks", "subnets", "routers", "agents", "security-group-rules", "address-groups"),
      damage,
      (resource, how) => {
        const files = new Map<AnswerFile, SourceText>(answers);
        files.set(resource, { path: `${resource}.json`, text: damaged(defined(answers.get(resource), resource).text, how) });
        const [imported, diagnostics] = importCloud(files, new Map(), { name: "cloud", path: "cloud.yaml" });
        expect(imported !== undefined || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

/** Every place in a JSON value, as the list of keys that leads there. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => places(member, [...path, key]))];
}

function withValue(value: unknown, path: readonly string[], other: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  if (Array.isArray(value)) return value.map((member: unknown, index) => (String(index) === key ? withValue(member, rest, other) : member));
  const members = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, name === key ? withValue(member, rest, other) : member]),
  );
}

it("never fails on answers with other values: a cloud or a reason why not", () => {
  const hostile = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1e300,
      [],
      {},
      "",
      "x",
      "../..",
      "__proto__",
      "constructor",
      "a\nb",
      "10.0.0.0/33",
      "fa:16:3e:zz:00:00",
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constant("n".repeat(10_000)),
  );
  fc.assert(
    fc.property(
      fc.constantFrom<AnswerFile>(
        "ports",
        "networks",
        "subnets",
        "routers",
        "agents",
        "floatingips",
        "security-groups",
        "security-group-rules",
        "address-groups",
      ),
      fc.nat(),
      hostile,
      (resource, nth, other) => {
        const value = JSON.parse(defined(answers.get(resource), resource).text) as unknown;
        const all = places(value);
        const text = JSON.stringify(withValue(value, all[nth % all.length] ?? [], other));
        const files = new Map<AnswerFile, SourceText>(answers).set(resource, { path: `${resource}.json`, text });
        const [imported, diagnostics] = importCloud(files, new Map(), { name: "cloud", path: "cloud.yaml" });
        expect(imported !== undefined || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

it("never fails on damaged dumps: what is not understood is told", () => {
  const expected = compiledSide(state);
  fc.assert(
    fc.property(fc.constantFrom(...dump.keys()), damage, (path, how) => {
      const text = damaged(defined(dump.get(path), path), how);
      const loaded = loadHostDump(hostName, new Map(dump).set(path, text));
      const { findings } = compareHost(expected, dumpedSide(loaded, true), cloud.release);
      if (text === dump.get(path)) expect(findings).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

it("adopts from damaged dumps what they still tell, or says why not", () => {
  fc.assert(
    fc.property(fc.constantFrom(...dump.keys()), damage, (path, how) => {
      const loaded = loadHostDump(hostName, new Map(dump).set(path, damaged(defined(dump.get(path), path), how)));
      const [imported, diagnostics] = importCloud(answers, new Map([[hostName, loaded.state]]), { name: "cloud", path: "cloud.yaml" });
      expect(imported !== undefined || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
    }),
    { numRuns: 15 },
  );
});

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-hostile-"));
  mkdirSync(join(folder, "api"));
  for (const [resource, { text }] of answers) writeFileSync(join(folder, "api", `${resource}.json`), text);
  mkdirSync(join(folder, "dumps", hostName), { recursive: true });
  for (const [path, text] of dump) {
    mkdirSync(join(folder, "dumps", hostName, path, ".."), { recursive: true });
    writeFileSync(join(folder, "dumps", hostName, path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dvrc = (...args: readonly string[]): Promise<CliRun> => runCli(args, { cwd: folder });

it("imports into the file that is named and nowhere else, and never over one that is there", async () => {
  const before = readdirSync(folder);
  const first = await dvrc("import", "neutron", "api", "--hosts", "dumps", "-o", "made/cloud.yaml");
  expect(first.code).toBe(0);
  expect(first.stdout).toContain("chance and history");
  expect(readdirSync(folder).filter((name) => !before.includes(name))).toEqual(["made"]);
  expect(readdirSync(join(folder, "made")).sort()).toEqual(["cloud.lock.json", "cloud.yaml"]);
  const second = await dvrc("import", "neutron", "api", "-o", "made/cloud.yaml");
  expect(second.code).toBe(2);
  expect(second.stderr).toContain("--force");
  expect((await dvrc("import", "neutron", "api", "-o", "made/cloud.yaml", "--force")).code).toBe(0);
});

it("writes no YAML into a file that nothing would take for YAML", async () => {
  for (const name of ["made/other.json", "made/other.ts", "made/other", "-", ".yaml", "made/.yml"]) {
    const { code, stderr } = await dvrc("import", "neutron", "api", "-o", name);
    expect([code, stderr]).toEqual([2, expect.stringContaining("its name ends in .yaml")]);
  }
  expect((await dvrc("import", "neutron", "api/ports.json")).stderr).toContain("it is no folder");
});

it("follows no link, opens no device and leaves out what is no host among dumps", async () => {
  const dumps = join(folder, "odd");
  mkdirSync(join(dumps, hostName), { recursive: true });
  writeFileSync(join(dumps, hostName, "br-int.flows"), defined(dump.get("br-int.flows"), "flows"));
  symlinkSync("/etc", join(dumps, "linked-host"));
  symlinkSync("/etc/passwd", join(dumps, hostName, "br-tun.flows"));
  execFileSync("mkfifo", [join(dumps, hostName, "bridges.txt")]);
  mkdirSync(join(dumps, "-rf\n$(id)"), { recursive: true });
  writeFileSync(join(dumps, "-rf\n$(id)", "br-int.flows"), "");
  writeFileSync(join(dumps, hostName, "ipset.txt"), "");
  truncateSync(join(dumps, hostName, "ipset.txt"), 65 * 1024 * 1024);
  const { code, stdout } = await dvrc("import", "neutron", "api", "--hosts", "odd", "-o", "odd.yaml", "--json");
  const told = JSON.parse(stdout) as {
    readonly diagnostics: readonly { readonly name: string; readonly message: string }[];
    readonly dumped: unknown;
  };
  expect(code).toBe(0);
  expect(told.dumped).toEqual([hostName]);
  const left = told.diagnostics.filter(({ name }) => name === "dump-left-out").map(({ message }) => message);
  expect(left.filter((message) => message.includes("symbolic link"))).toHaveLength(1);
  expect(left.filter((message) => message.includes("no plain file"))).toHaveLength(2);
  expect(left.filter((message) => message.includes("no host name"))).toHaveLength(1);
  expect(left.filter((message) => message.includes("bytes"))).toHaveLength(1);
});

it("takes dumps of a machine that calls itself without its domain, and leaves out those of nobody", async () => {
  cpSync(join(folder, "dumps"), join(folder, "named"), { recursive: true });
  cpSync(join(folder, "dumps", hostName), join(folder, "named", "stranger"), { recursive: true });
  renameSync(join(folder, "named", hostName), join(folder, "named", `${hostName}.example.org`));
  const { code, stdout, stderr } = await dvrc("import", "neutron", "api", "--hosts", "named", "-o", "named.yaml", "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const told = JSON.parse(stdout) as { readonly dumped: unknown; readonly diagnostics: readonly { readonly message: string }[] };
  expect(told.dumped).toEqual([hostName]);
  expect(told.diagnostics.map(({ message }) => message).join("\n")).toContain('"stranger" is left out');
});

it("says at its place what it does not understand of a dump", async () => {
  cpSync(join(folder, "dumps"), join(folder, "unread"), { recursive: true });
  const flows = join("unread", hostName, "br-int.flows");
  const lines = readFileSync(join(folder, flows), "utf8").split("\n");
  writeFileSync(join(folder, flows), [...lines.slice(0, 3), ...Array<string>(7).fill("  nonsense"), ...lines.slice(3)].join("\n"));
  const { stdout } = await dvrc("import", "neutron", "api", "--hosts", "unread", "-o", "unread.yaml", "--json");
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly { readonly name: string }[] };
  expect(diagnostics.filter(({ name }) => name.endsWith("unreadable"))).toMatchObject([
    ...[4, 5, 6, 7, 8].map((line) => ({ name: "dump-unreadable", file: flows, line, column: 1 })),
    { name: "dump-more-unreadable", file: flows, line: 9 },
  ]);
});

it("says once that there is no folder of answers", async () => {
  const { code, stderr } = await runCli(["import", "neutron", "nowhere"]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^error DVRC1001 file-not-found: File ".*nowhere" cannot be read: no such folder\.\n1 error/),
  ]);
});

it("says which file is missing, cut off or too large", async () => {
  const api = join(folder, "cut");
  mkdirSync(api);
  for (const resource of ["networks", "subnets", "routers", "agents"] as const)
    writeFileSync(join(api, `${resource}.json`), defined(answers.get(resource), resource).text);
  const missing = await dvrc("import", "neutron", "cut");
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('"ports.json"');
  writeFileSync(join(api, "ports.json"), defined(answers.get("ports"), "ports").text.slice(0, 2000));
  const cut = await dvrc("import", "neutron", "cut");
  expect(cut.stderr).toContain("DVRC7002 answer-syntax");
  truncateSync(join(api, "ports.json"), 65 * 1024 * 1024);
  const large = await dvrc("import", "neutron", "cut");
  expect(large.code).toBe(2);
  expect(large.stderr).toContain("file-too-large");
});

it("reads the bodies of single resources one after the other", async () => {
  const api = join(folder, "one-by-one");
  mkdirSync(api);
  for (const [resource, { text }] of answers) {
    const [[member, list] = ["", []]] = Object.entries(JSON.parse(text) as Readonly<Record<string, readonly object[]>>);
    const bodies = list.map((one) => JSON.stringify({ [member.replace(/s$/, "")]: one }));
    writeFileSync(join(api, `${resource}.json`), bodies.length === 0 ? text : bodies.join("\n"));
  }
  expect((await dvrc("import", "neutron", "one-by-one", "--name", "cloud", "-o", "ones.yaml")).code).toBe(0);
  expect((await dvrc("import", "neutron", "api", "--name", "cloud", "-o", "lists.yaml")).code).toBe(0);
  expect(readFileSync(join(folder, "ones.lock.json"), "utf8")).toBe(readFileSync(join(folder, "lists.lock.json"), "utf8"));
});

it("reads what loops over the openstack client print, and refuses lists of columns and first pages", async () => {
  const shown = (resource: AnswerFile): string => {
    const body = JSON.parse(defined(answers.get(resource), resource).text) as Readonly<Record<string, readonly object[]>>;
    return Object.values(body)
      .flat()
      .map((one) => JSON.stringify(one, undefined, 2))
      .join("\n")
      .replaceAll('"binding:host_id"', '"binding_host_id"')
      .replaceAll('"security_groups"', '"security_group_ids"')
      .replaceAll('"configurations"', '"configuration"');
  };
  const api = join(folder, "openstack");
  mkdirSync(api);
  for (const resource of answers.keys()) {
    // Of what there is none of, a loop prints nothing; a request that failed leaves an empty file, too.
    if (shown(resource) !== "") writeFileSync(join(api, `${resource.replaceAll("-", "_")}.json`), shown(resource));
  }
  const { code } = await dvrc("import", "neutron", "openstack", "--name", "cloud", "-o", "openstack.yaml");
  expect(code).toBe(0);
  expect((await dvrc("import", "neutron", "api", "--name", "cloud", "-o", "plain.yaml")).code).toBe(0);
  const lockOf = (name: string): string => readFileSync(join(folder, `${name}.lock.json`), "utf8");
  expect(lockOf("openstack")).toBe(lockOf("plain"));

  writeFileSync(join(api, "ports.json"), '[{"ID": "1", "Name": "x", "Fixed IP Addresses": []}]');
  expect((await dvrc("import", "neutron", "openstack", "-o", "a.yaml")).stderr).toContain("answer-columns");
  writeFileSync(join(api, "ports.json"), '{"ports": [], "ports_links": [{"rel": "next", "href": "http://x/?marker=1"}]}');
  expect((await dvrc("import", "neutron", "openstack", "-o", "a.yaml")).stderr).toContain("answer-page");
});
