import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import { loadTopology } from "../../compile.js";
import { build } from "../build/build.js";
import { BuildRecord } from "../build/record.js";
import { parseRecord } from "../build/recorded-tree.js";
import { type CliRun, type CliSurroundings, runCli } from "../../testing/run-cli.js";

let folder = "";
const at = (path: string): string => join(folder, path);
const dvrc = (line: string, surroundings: CliSurroundings = {}): Promise<CliRun> =>
  runCli(line.split(" "), { cwd: folder, ...surroundings });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-build-"));
  await dvrc("init");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function filesUnder(path: string): ReadonlyMap<string, string> {
  const entries = readdirSync(at(path), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((file) => [file.slice(at(path).length + 1), readFileSync(file, "utf8")]));
}

function replaceIn(path: string, from: string, to: string): void {
  const text = readFileSync(at(path), "utf8");
  expect(text).toContain(from);
  writeFileSync(at(path), text.replace(from, to));
}

it("writes the tree and the lock, and says what it did", async () => {
  const { code, stdout, stderr } = await dvrc("build");
  expect({ code, stderr: stderr.includes("error") }).toEqual({ code: 0, stderr: false });
  expect(stdout).toMatch(/^dvrc-build-\w+ for 2026\.1: 3 hosts in \d+\.\d\d s\n/);
  expect(stdout).toMatch(/\n {2}compute-1 +3 +2 +\d+ +\d+ +\d+\n/);
  expect(stdout).toMatch(/\n {2}topology {2}topology\.yaml\n {2}tree {6}out: \d+ files written, 0 unchanged, 0 removed\n/);
  expect(stdout).toMatch(/\n {2}lock {6}topology\.lock\.json: \d+ allocations added\n/);
  expect(existsSync(at("out/compute-1/br-int.flows"))).toBe(true);
});

it("touches nothing the second time", async () => {
  await dvrc("build");
  const before = statSync(at("out/compute-1/br-int.flows")).mtimeMs;
  const lock = statSync(at("topology.lock.json")).mtimeMs;
  const { stdout } = await dvrc("build");
  expect(stdout).toMatch(/tree {6}out: 0 files written, \d+ unchanged, 0 removed\n {2}lock {6}topology\.lock\.json: unchanged\n/);
  expect([statSync(at("out/compute-1/br-int.flows")).mtimeMs, statSync(at("topology.lock.json")).mtimeMs]).toEqual([before, lock]);
});

it("refuses to change the lock with --frozen, and where CI is set", async () => {
  for (const run of [await dvrc("build --frozen"), await dvrc("build", { env: { CI: "true" } })]) {
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(/lock-would-change: Lock "topology\.lock\.json" would change: \d+ allocations added\./);
  }
  expect([existsSync(at("topology.lock.json")), readdirSync(at("out"))]).toEqual([false, []]);
  expect((await dvrc("build --no-frozen", { env: { CI: "true" } })).code).toBe(0);
  expect((await dvrc("build --frozen")).code).toBe(0);
});

it("tells a fresh tree by --check", async () => {
  await dvrc("build");
  expect(await dvrc("build --check")).toEqual({ code: 0, stdout: "out is what would be built.\n", stderr: expect.any(String) as string });
});

it("shows by --check what differs and how to mend it, and writes nothing", async () => {
  await dvrc("build -o tree");
  appendFileSync(at("tree/compute-1/br-int.flows"), " by hand\n");
  unlinkSync(at("tree/compute-2/bridges.txt"));
  const before = filesUnder("tree");
  const { code, stdout } = await dvrc("build topology.yaml -o tree --check");
  expect(code).toBe(1);
  expect(stdout).toContain("--- a/compute-1/br-int.flows\n+++ b/compute-1/br-int.flows\n@@");
  expect(stdout).toContain("\n- by hand\n");
  expect(stdout).toContain("--- /dev/null\n+++ b/compute-2/bridges.txt\n");
  expect(stdout).toMatch(/\n2 files of tree are not what would be built\. Mend it with: dvrc build topology\.yaml -o tree\n$/);
  expect(filesUnder("tree")).toEqual(before);
});

it("says by --check that the lock would change", async () => {
  await dvrc("build");
  replaceIn("topology.yaml", "host: compute-2", "host: compute-1");
  const { code, stdout } = await dvrc("build --check");
  expect(code).toBe(1);
  expect(stdout).toMatch(/the lock would change \([^)]+\)\. Mend it with: dvrc build\n$/);
});

it("says by --check what differs before it refuses to change the lock", async () => {
  await dvrc("build");
  replaceIn("topology.yaml", "host: compute-2", "host: compute-1");
  const { code, stdout, stderr } = await dvrc("build --check --frozen");
  expect(code).toBe(2);
  expect(stdout).toContain("--- a/compute-1/br-int.flows\n");
  expect(stderr).toMatch(
    /lock-would-change.*\n(?:.*\n)*1 error, 1 warning; \d+ files of out are not what would be built, as far as they were compared\n$/,
  );
});

it("advises a shard that may not change the lock to build the whole once", async () => {
  const { code, stderr } = await dvrc("build --frozen --shard 2/2 -o tree");
  expect(code).toBe(2);
  expect(stderr).toContain("commit the lock: dvrc build -o tree --no-frozen\n");
});

it("tells once by --check that the tree's manifest is a link", async () => {
  await dvrc("build");
  unlinkSync(at("out/manifest.json"));
  symlinkSync("/nowhere", at("out/manifest.json"));
  const { code, stderr } = await dvrc("build --check");
  expect([code, stderr.split("symbolic-link-in-output").length - 1]).toEqual([2, 1]);
});

it("builds named hosts only, and leaves the others alone", async () => {
  await dvrc("build");
  const before = filesUnder("out");
  rmSync(at("out/compute-1"), { recursive: true });
  rmSync(at("out/compute-2"), { recursive: true });
  expect((await dvrc("build --host compute-1")).code).toBe(0);
  expect(readdirSync(at("out")).sort()).toEqual(["allocations.txt", "compute-1", "manifest.json", "network-1"]);
  await dvrc("build --host compute-2");
  expect(filesUnder("out")).toEqual(before);
});

it("builds in shards, on one machine or many, what one build writes", async () => {
  await dvrc("build -o whole");
  const shards = ["1/3", "2/3", "3/3"];
  for (const shard of shards) expect((await dvrc(`build -o parts --frozen --shard ${shard}`)).code).toBe(0);
  expect(filesUnder("parts")).toEqual(filesUnder("whole"));
  // Trees of other machines, put into one folder.
  for (const shard of shards) {
    const out = `alone-${shard.replace("/", "-")}`;
    await dvrc(`build -o ${out} --frozen --shard ${shard}`);
    cpSync(at(out), at("joined"), { recursive: true });
  }
  expect([...filesUnder("joined")].sort()).toEqual([...filesUnder("whole")].sort());
  for (const shard of shards) expect((await dvrc(`build -o joined --check --shard ${shard}`)).code).toBe(0);
  appendFileSync(at("joined/allocations.txt"), "by hand\n");
  expect((await dvrc("build -o joined --check --shard 1/3")).code).toBe(1);
});

it("finds in the first shard that the lock lacks what another shard's hosts choose", async () => {
  await dvrc("build");
  const lock = readFileSync(at("topology.lock.json"), "utf8");
  const without = lock.replaceAll(/^"2026\.1\/compute-2\/.*\n/gm, "").replace(/,\n\}\}/, "\n}}");
  expect(without).not.toBe(lock);
  writeFileSync(at("topology.lock.json"), without);
  expect((await dvrc("build --frozen --shard 1/3")).code).toBe(2);
  expect((await dvrc("build --shard 1/3")).code).toBe(0);
  expect(readFileSync(at("topology.lock.json"), "utf8")).toBe(lock);
});

it("rewrites for one server more only what concerns it", async () => {
  const others = ["compute-22", "compute-23", "compute-24"];
  await dvrc("init cloud --synthetic 24:24");
  await dvrc("build cloud/topology.yaml -o tree");
  const before = filesUnder("tree");
  // The second tenant is on the last four hosts; its new server is beside one of its others.
  appendFileSync(
    at("cloud/topology.yaml"),
    "  extra: { project_id: tenant-2, host: compute-21, networks: [ tenant-2-a ], security_groups: [ tenant-2-group ] }\n",
  );
  const { stdout } = await dvrc("build cloud/topology.yaml -o tree --json");
  const after = filesUnder("tree");
  const changed = [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
  const places = new Set(changed.map((path) => path.replace(/\/(qrouter|snat|qdhcp|fip)-[^/]+\//, "/$1/")));
  const ofHost = (host: string): string[] => [`${host}/br-tun.flows`, `${host}/manifest.json`, `${host}/qrouter/ip-neigh.txt`];
  const own = ["br-int.flows", "br-int.ports", "bridges.txt", "manifest.json", "qrouter/ip-neigh.txt"].map((file) => `compute-21/${file}`);
  expect([...places].filter((path) => path.startsWith("compute-")).sort()).toEqual([...others.flatMap(ofHost), ...own].sort());
  expect([...after.keys()]).toEqual([...before.keys()]);
  const { files } = JSON.parse(stdout) as { readonly files: { readonly changed: number } };
  // The tree's own two files are not counted.
  expect(files.changed).toBe(changed.filter((path) => path.includes("/")).length);
});

it("removes a host that is gone, and nothing that it did not write", async () => {
  await dvrc("build");
  writeFileSync(at("out/compute-2/notes.txt"), "mine\n");
  replaceIn("topology.yaml", "host: compute-2", "host: compute-1");
  replaceIn("topology.yaml", "  compute-2: { agent_mode: dvr, local_ip: 192.0.2.12, bridge_mappings: { extnet: br-ex } }\n", "");
  const { code, stdout } = await dvrc("build");
  expect(code).toBe(0);
  expect(stdout).toMatch(/[1-9]\d* removed\n/);
  expect(readdirSync(at("out/compute-2"))).toEqual(["notes.txt"]);
});

it("says which host is meant", async () => {
  const { code, stderr } = await dvrc("build --host compute1");
  expect(code).toBe(2);
  expect(stderr).toContain('DVRC6051 unknown-host-option: The topology has no host "compute1".\n  help: Did you mean "compute-1"?');
});

it("shows every error of the topology at its place, and writes nothing", async () => {
  replaceIn("topology.yaml", "external_gateway: public", "external_gateway: publik");
  const { code, stdout, stderr } = await dvrc("build");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^topology\.yaml:\d+:\d+ - error DVRC3003 unknown-network: /m);
  expect(stderr).toContain("1 error");
  expect(existsSync(at("out"))).toBe(false);
});

it("prints the same facts as JSON", async () => {
  const { stdout } = await dvrc("build --json");
  expect(JSON.parse(stdout)).toMatchObject({
    topology: "topology.yaml",
    out: "out",
    hosts: [{ name: "network-1", bridges: 3 }, { name: "compute-1" }, { name: "compute-2" }],
    files: { unchanged: 0, removed: 0 },
    lock: { path: "topology.lock.json", changed: true },
  });
  expect(JSON.parse((await dvrc("build --check --json")).stdout)).toMatchObject({ fresh: true, differences: [], lockChanges: false });
});

it("compiles for another release, and keeps the lock of the first", async () => {
  await dvrc("build");
  const [, ...names] = readdirSync(folder).filter((name) => name.startsWith("topology"));
  expect(names).toEqual(["topology.yaml"]);
  expect((await dvrc("build --release zed -o zed")).stdout).toMatch(/^\S+ for zed: 3 hosts/);
  expect((await dvrc("build --frozen")).code).toBe(0);
});

it("says that a folder has no topology, or several", async () => {
  rmSync(at("topology.yaml"));
  expect(await dvrc("check")).toMatchObject({ code: 2, stderr: expect.stringContaining('no-topology: Folder "." has no') as string });
  writeFileSync(at("topology.ts"), "");
  writeFileSync(at("topology.yml"), "");
  const several = 'several-topologies: Folder "." has several topologies: topology.ts, topology.yml.';
  expect(await dvrc("build .")).toMatchObject({ code: 2, stderr: expect.stringContaining(several) as string });
});

it("explains a line of an artefact by its rule and the topology", async () => {
  await dvrc("build");
  const line =
    readFileSync(at("out/compute-1/br-tun.flows"), "utf8")
      .split("\n")
      .findIndex((text) => text.includes("table=1, priority=2,dl_vlan")) + 1;
  const { code, stdout } = await dvrc(`explain out/compute-1/br-tun.flows:${line}`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\ndvr-process\/[\w-]+\n {2}[A-Z].*\.\n\nBecause of\n {2}topology\.yaml:\d+:\d+ routers\/r1/);
});

it("explains where an allocated value comes from", async () => {
  await dvrc("build");
  const rows = readFileSync(at("out/allocations.txt"), "utf8").split("\n");
  const line = rows.findIndex((row) => row.startsWith("network/red/segmentation_id")) + 1;
  expect((await dvrc(`explain out/allocations.txt:${line}`)).stdout).toMatch(/topology\.yaml:\d+:\d+ networks\/red\n/);
});

it("says that a line is of a stale tree", async () => {
  await dvrc("build");
  const path = "out/compute-1/br-tun.flows";
  writeFileSync(at(path), ` by hand\n${readFileSync(at(path), "utf8")}`);
  expect(await dvrc(`explain ${path}:1`)).toMatchObject({ code: 1, stdout: expect.stringContaining("does not make this line") as string });
  expect(await dvrc(`explain ${path}:3`)).toMatchObject({ code: 0, stdout: expect.stringContaining("It is line 2 now") as string });
});

it.each([
  ["explain topology.yaml:3", "not-in-a-tree"],
  ["explain nowhere/br-tun.flows:3", "no such file"],
  ["explain out/compute-1/br-tun.flows:9999", "no-such-line"],
  ["explain out/compute-1/nothing:1", "file-not-found"],
  ["explain out/compute-1/empty.txt:1", "has no line 1; it has 0"],
  ["explain out/compute-1/br-tun.flows", "<artefact>:<line>"],
])("refuses `%s`", async (line, what) => {
  await dvrc("build");
  writeFileSync(at("out/compute-1/empty.txt"), "");
  const { code, stderr } = await dvrc(line);
  expect(code).toBe(2);
  expect(stderr).toContain(what);
});

it("says in JSON, too, why a line is not explained", async () => {
  await dvrc("build");
  const { code, stdout } = await dvrc("explain out/compute-1/br-tun.flows:9999 --json");
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ name: "no-such-line" }] });
});

it("keeps what it knows of a large tree for the next process, and does without it where --force says so", async () => {
  await dvrc("init --synthetic 2:400 --format json large");
  const surroundings: CliSurroundings = { env: { XDG_CACHE_HOME: at("cache") }, program: "this one" };
  const build = async (more = ""): Promise<string> =>
    (await dvrc(`build large/topology.json -o tree --jobs 1${more}`, surroundings)).stdout;
  const since = (): readonly unknown[] => {
    const [name = ""] = readdirSync(at("cache/dvrc/trees"));
    return [...(parseRecord(readFileSync(at(`cache/dvrc/trees/${name}`), "utf8"))?.hosts.values() ?? [])].map((host) => host.since);
  };
  await build();
  const first = since();
  const kept = await build();
  expect(first).toHaveLength(3);
  expect(since()).toEqual(first);
  const forced = await build(" --force");
  expect(since()).not.toEqual(first);
  expect(forced.replace(/ in .*/, "")).toBe(kept.replace(/ in .*/, ""));
  expect((await dvrc("build large/topology.json -o tree --check", surroundings)).code).toBe(0);
});

it("does not take a host's lines of the list from before the build that changed only the host", async () => {
  await dvrc("init --synthetic 2:400 --format json large");
  const surroundings: CliSurroundings = { env: { XDG_CACHE_HOME: at("cache") }, program: "this one" };
  const built = async (more = ""): Promise<number> => (await dvrc(`build large/topology.json -o tree --jobs 1${more}`, surroundings)).code;
  expect(await built()).toBe(0);
  const document = JSON.parse(readFileSync(at("large/topology.json"), "utf8")) as { servers: Record<string, unknown> };
  document.servers["new"] = { project_id: "tenant-1", host: "compute-1", networks: ["tenant-1-a"] };
  writeFileSync(at("large/topology.json"), JSON.stringify(document));
  expect(await built(" --host compute-1")).toBe(0);
  expect(readFileSync(at("tree/allocations.txt"), "utf8")).not.toContain("port/new/0");
  expect(await built()).toBe(0);
  expect(readFileSync(at("tree/allocations.txt"), "utf8")).toMatch(/^2026\.1\/compute-1\/ofport\/port\/new\/0/m);
  expect((await dvrc("build large/topology.json -o tree --check", surroundings)).code).toBe(0);
});

it("looks before it compiles only where the record is of the tree that is there", async () => {
  await dvrc("init --synthetic 2:400 --format json large");
  const env = { XDG_CACHE_HOME: at("cache") };
  const context = { stdout: { write: () => undefined }, stderr: { write: () => undefined }, env, cwd: folder, program: "this one" };
  const [loaded] = await loadTopology(at("large/topology.json"));
  const request = { topology: "large/topology.json", out: "tree", host: [], jobs: 1 };
  const knowsMost = (force = false): boolean | undefined =>
    BuildRecord.of({ ...request, force }, context)?.knowsMost(defined(loaded, "topology"));
  const before = knowsMost();
  await build(request, context);
  const after = [knowsMost(), knowsMost(true)];
  rmSync(at("tree"), { recursive: true });
  expect([before, ...after, knowsMost()]).toEqual([false, true, false, false]);
});
