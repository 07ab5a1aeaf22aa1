import fc from "fast-check";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hasErrors } from "../src/diagnostics/diagnostic.js";
import { build, type BuildOutcome } from "../src/cli/build/build.js";
import { BuildMemory } from "../src/cli/build/memory.js";
import type { BuildRequest } from "../src/cli/build/options.js";
import { rehearseBuild, withoutLastServer } from "../src/cli/build/rehearse.js";
import { parseRecord } from "../src/cli/build/recorded-tree.js";
import type { Context } from "../src/cli/context.js";
import { syntheticCloud } from "../src/cli/synthetic/cloud.js";
import { Compilation, loadTopology } from "../src/compile.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { type CloudDraft, editCloud, editCount } from "./tools/cloud-edits.js";

let folder: string;

/** Tenants' networks as VLANs: no tunnels, and nobody tells hosts of each other's ports but for their routers. */
const overVlans: Pick<TopologyDocument, "neutron"> = {
  neutron: { tenant_network_type: "vlan", network_vlan_ranges: { extnet: [100, 199] } },
};

/** Builds as one process does after another, or one that goes on: each may know of the one before. */
type Builder = (request: BuildRequest, context: Context) => Promise<BuildOutcome>;

/** `--watch`. */
function watching(): Builder {
  const memory = new BuildMemory();
  return (request, context) => build(request, context, memory);
}

/** `--watch` that rehearses each build. */
function rehearsing(): Builder {
  const memory = new BuildMemory();
  return async (request, context) => {
    await rehearseIn(request, context, memory);
    return build(request, context, memory);
  };
}

async function rehearseIn(request: BuildRequest, context: Context, memory: BuildMemory): Promise<void> {
  const [loaded] = await loadTopology(join(context.cwd, "topology.json"), memory.readers);
  if (loaded !== undefined) await rehearseBuild(withoutLastServer(loaded), request, context, memory, () => false);
}

/** Plain builds that leave a record, however small the topology. */
function recording(): Builder {
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  return (request, context) => build(request, { ...context, env, program: "this one" }, undefined, 0);
}

const builders = [
  ["--watch", watching],
  ["--watch and rehearsals", rehearsing],
  ["a record", recording],
] as const;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-incremental-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each(builders)(
  "leaves with %s after any edits what a build from nothing leaves",
  async (_, builder) => {
    const choices = {
      release: fc.constantFrom("newton" as const, "zed" as const, "2026.1" as const),
      firewall: fc.constantFrom("noop" as const, "openvswitch" as const, "iptables_hybrid" as const),
      // With them hosts hear of other hosts' ports through their routers alone.
      vlans: fc.boolean(),
      changes: fc.array(
        fc.record({
          edits: fc.array(fc.record({ edit: fc.nat(editCount - 1), seed: fc.nat(1000) }), { minLength: 1, maxLength: 3 }),
          lockSeed: fc.option(fc.nat(1000), { freq: 3, nil: undefined }),
        }),
        { minLength: 3, maxLength: 6 },
      ),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(choices), async ({ release, firewall, vlans, changes }) => {
        for (const one of readdirSync(folder)) rmSync(join(folder, one), { recursive: true });
        const again = builder();
        let topology: TopologyDocument = {
          ...syntheticCloud({ computeHosts: 4, servers: 24 }),
          release,
          agent: { firewall_driver: firewall },
          ...(vlans ? overVlans : {}),
        };
        await expectSame(topology, again);
        for (const { edits, lockSeed } of changes) {
          const draft = structuredClone(topology) as CloudDraft;
          for (const { edit, seed } of edits) editCloud(draft, edit, seed);
          if (lockSeed !== undefined) editLock(lockSeed);
          // What does not compile is not built upon.
          if (await expectSame(draft, again)) topology = draft;
        }
      }),
      { numRuns: Number(process.env["DVRC_INCREMENTAL_RUNS"] ?? 3) },
    );
  },
  600_000,
);

it("resolves no more hosts once the build was rehearsed than it would have", async () => {
  const memory = new BuildMemory();
  const topology = syntheticCloud({ computeHosts: 4, servers: 8 });
  await buildIn("again", topology, (request, context) => build(request, context, memory));
  const server = { project_id: "tenant-1", host: "compute-1", networks: ["tenant-1-a"] };
  const resolved: string[] = [];
  await buildIn("again", { ...topology, servers: { ...topology.servers, extra: server } }, async (request, context) => {
    await rehearseIn(request, context, memory);
    const hostInParts = vi.spyOn(Compilation.prototype, "hostInParts");
    const outcome = await build(request, context, memory);
    resolved.push(...hostInParts.mock.calls.flat());
    hostInParts.mockRestore();
    return outcome;
  });
  expect(resolved).toEqual(["compute-1"]);
});

it.each(builders)("hears with %s of ports that only a router tells of", async (_, builder) => {
  const again = builder();
  const cloud = syntheticCloud({ computeHosts: 4, servers: 4 });
  const topology: TopologyDocument = {
    ...cloud,
    release: "zed",
    agent: { firewall_driver: "openvswitch" },
    ...overVlans,
  };
  await expectSame(topology, again);
  const server = { project_id: "tenant-1", host: "compute-1", networks: ["tenant-1-a"] };
  expect(await expectSame({ ...topology, servers: { ...topology.servers, extra: server } }, again)).toBe(true);
});

it.each(builders)("hears with %s of ports that only l2population tells of", async (_, builder) => {
  const again = builder();
  const cloud = syntheticCloud({ computeHosts: 2, servers: 2 });
  const topology: TopologyDocument = { ...cloud, release: "zed", routers: {}, servers: withoutFloatingIps(cloud) };
  await expectSame(topology, again);
  const server = { project_id: "tenant-1", host: "compute-2", networks: ["tenant-1-a"] };
  expect(await expectSame({ ...topology, servers: { ...topology.servers, extra: server } }, again)).toBe(true);
});

it.each(builders)("hears with %s of DHCP servers that only the hybrid firewall names", async (_, builder) => {
  const again = builder();
  const cloud = syntheticCloud({ computeHosts: 2, servers: 2 });
  const agent = { firewall_driver: "iptables_hybrid" as const };
  const topology: TopologyDocument = { ...cloud, release: "newton", agent, ...overVlans, routers: {}, servers: withoutFloatingIps(cloud) };
  await expectSame(topology, again);
  const lock = join(folder, "again/topology.lock.json");
  const before = readFileSync(lock, "utf8");
  const after = before.replace(/("network\/tenant-1-a\/dhcp\/[^"]*\/fixed_ip\/[^"]*": )"10\.0\.0\.\d+"/, '$1"10.0.0.77"');
  expect(after).not.toBe(before);
  writeFileSync(lock, after);
  expect(await expectSame(topology, again)).toBe(true);
});

it.each(builders)("hears with %s of a port of another host that nobody has plugged in, which the lock alone tells", async (_, builder) => {
  const again = builder();
  const topology: TopologyDocument = { ...syntheticCloud({ computeHosts: 2, servers: 4 }), release: "zed" };
  await expectSame(topology, again);
  const lock = join(folder, "again/topology.lock.json");
  const before = readFileSync(lock, "utf8");
  writeFileSync(lock, before.replace(/^(?="zed\/compute-1\/uplink)/m, '"zed/compute-1/unplugged/port/vm-1/0": true,\n'));
  expect(await expectSame(topology, again)).toBe(true);
  expect(readFileSync(lock, "utf8")).toContain("unplugged");
});

it.each(builders)("hears with %s of a port that is switched off, and of what the lock tells of it", async (_, builder) => {
  const again = builder();
  const cloud = syntheticCloud({ computeHosts: 2, servers: 4 });
  const withPort = (up: boolean): TopologyDocument => ({
    ...cloud,
    release: "zed",
    ports: { switch: { network: "tenant-1-a", admin_state_up: up } },
    servers: { ...cloud.servers, switched: { host: "compute-1", networks: [{ port: "switch" }] } },
  });
  const flows = (): string => readFileSync(join(folder, "again/out/compute-1/br-int.flows"), "utf8");
  const dropped = /priority=2,in_port=\d+ actions=drop/g;
  await expectSame(withPort(true), again);
  const up = flows();
  await expectSame(withPort(false), again);
  expect(flows().length).toBeLessThan(up.length);
  const lock = join(folder, "again/topology.lock.json");
  for (const [state, more] of [
    ["dead", 1],
    ["forgotten", 0],
  ] as const) {
    const text = readFileSync(lock, "utf8").replace(/^"zed\/compute-1\/port_state.*\n/m, "");
    writeFileSync(lock, text.replace(/^(?="zed\/compute-1\/uplink)/m, `"zed/compute-1/port_state/port/switch": "${state}",\n`));
    expect(await expectSame(withPort(false), again)).toBe(true);
    expect(flows().match(dropped)?.length).toBe((up.match(dropped)?.length ?? 0) + more);
  }
  await expectSame(withPort(true), again);
  expect(readFileSync(lock, "utf8")).not.toContain("port_state");
  expect(flows()).toBe(up);
});

it("compiles no host whose view is what it was, and mends what somebody edited", async () => {
  const again = watching();
  const topology = syntheticCloud({ computeHosts: 3, servers: 6 });
  await expectSame(topology, again);
  const edited = join(folder, "again/out/compute-1/br-int.flows");
  const { atime, mtime } = statSync(edited);
  const wanted = readFileSync(edited, "utf8");
  const other = wanted.replace("table=0", "table=9");
  writeFileSync(edited, other);
  // Only who reads the file can tell.
  utimesSync(edited, atime, mtime);
  await buildIn("again", topology, again);
  const unread = readFileSync(edited, "utf8");
  writeFileSync(edited, `${other}more\n`);
  await expectSame(topology, again);
  expect([unread, readFileSync(edited, "utf8")]).toEqual([other, wanted]);
});

it("compiles no host again that the record knows, and mends what somebody edited", async () => {
  const again = recording();
  const topology = syntheticCloud({ computeHosts: 3, servers: 6 });
  const compiledAt = (): ReadonlyMap<string, number> => {
    const [name = ""] = readdirSync(join(folder, "cache/dvrc/trees"));
    const record = parseRecord(readFileSync(join(folder, "cache/dvrc/trees", name), "utf8"));
    return new Map(Array.from(record?.hosts ?? [], ([host, { since }]) => [host, since]));
  };
  const hostsLaterThan = (before: ReadonlyMap<string, number>): readonly string[] =>
    [...compiledAt()].filter(([host, since]) => since !== before.get(host)).map(([host]) => host);
  await expectSame(topology, again);
  const first = compiledAt();
  await expectSame(topology, again);
  const afterNothing = hostsLaterThan(first);
  const edited = join(folder, "again/out/compute-1/br-int.flows");
  const { atime, mtime } = statSync(edited);
  writeFileSync(edited, readFileSync(edited, "utf8").replace("table=0", "table=9"));
  utimesSync(edited, atime, mtime);
  renameSync(join(folder, "again/out/compute-2"), join(folder, "again/out/aside"));
  cpSync(join(folder, "again/out/aside"), join(folder, "again/out/compute-2"), { recursive: true });
  rmSync(join(folder, "again/out/aside"), { recursive: true });
  await expectSame(topology, again);
  expect([afterNothing, hostsLaterThan(first)]).toEqual([[], ["compute-1", "compute-2"]]);
});

it("compiles all where the list of allocations, the record or the folder is not the one that the build left", async () => {
  const again = recording();
  const topology = syntheticCloud({ computeHosts: 2, servers: 4 });
  const out = join(folder, "again/out");
  const trees = join(folder, "cache/dvrc/trees");
  await expectSame(topology, again);
  writeFileSync(join(out, "allocations.txt"), "mine\n");
  await expectSame(topology, again);
  const [name = ""] = readdirSync(trees);
  writeFileSync(join(trees, name), readFileSync(join(trees, name), "utf8").replace(/"flows":\d+/, '"flows":7'));
  await expectSame(topology, again);
  cpSync(out, join(folder, "again/other"), { recursive: true });
  rmSync(out, { recursive: true });
  renameSync(join(folder, "again/other"), out);
  writeFileSync(join(out, "compute-1/br-int.flows"), "mine\n");
  await expectSame(topology, again);
  rmSync(trees, { recursive: true });
  writeFileSync(trees, "in the way");
  await expectSame(topology, again);
});

/** Gives another value to a MAC, an address or a number of the lock, somewhere that the seed says. */
function editLock(seed: number): void {
  const lock = join(folder, "again/topology.lock.json");
  const lines = readFileSync(lock, "utf8").split("\n");
  const at = 1 + (seed % (lines.length - 3));
  lines[at] = (lines[at] ?? "").replace(/(": "?)(.*?)(\d\d?)("?,?)$/, (_, before: string, start: string, end: string, after: string) => {
    return `${before}${start}${10 + ((Number(end) + seed) % 80)}${after}`;
  });
  writeFileSync(lock, lines.join("\n"));
}

/** Builds a topology again and from nothing, with the same lock. Answers whether it compiles. */
async function expectSame(topology: TopologyDocument, builder: Builder): Promise<boolean> {
  rmSync(join(folder, "new"), { recursive: true, force: true });
  mkdirSync(join(folder, "new"));
  const lock = join(folder, "again/topology.lock.json");
  if (existsSync(lock)) cpSync(lock, join(folder, "new/topology.lock.json"));
  const fresh = await buildIn("new", topology, build);
  const again = await buildIn("again", topology, builder);
  expect(again).toEqual(fresh);
  const compiles = !fresh.some(([severity]) => severity === "error");
  if (compiles) expect(filesIn("again")).toEqual(filesIn("new"));
  return compiles;
}

async function buildIn(name: string, topology: TopologyDocument, builder: Builder) {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "topology.json"), JSON.stringify(topology));
  const stream = { write: () => undefined };
  const context: Context = { stdout: stream, stderr: stream, env: {}, cwd };
  const { built, diagnostics } = await builder({ topology: "topology.json", out: "out", host: [], jobs: 1 }, context);
  expect(built === undefined).toBe(hasErrors(diagnostics));
  const said = diagnostics.map(({ severity, code, message }) => [severity, code, message] as const);
  return built === undefined
    ? said
    : [...said, ["hosts", "", JSON.stringify(built.hosts.map(({ name, counts }) => [name, counts]))] as const];
}

function filesIn(name: string): ReadonlyMap<string, string> {
  const root = join(folder, name);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name));
  return new Map(paths.map((path) => [relative(root, path), readFileSync(path, "utf8")] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutFloatingIps({ servers }: TopologyDocument): NonNullable<TopologyDocument["servers"]> {
  return Object.fromEntries(Object.entries(servers ?? {}).map(([name, { floating_ip: _, ...server }]) => [name, server]));
}
