import fc from "fast-check";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hasErrors } from "../src/diagnostics/diagnostic.js";
import { build } from "../src/cli/build/build.js";
import { BuildMemory } from "../src/cli/build/memory.js";
import type { Context } from "../src/cli/context.js";
import { syntheticCloud } from "../src/cli/synthetic/cloud.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { type CloudDraft, editCloud, editCount } from "./tools/cloud-edits.js";

let folder: string;

/** Tenants' networks as VLANs: no tunnels, and nobody tells hosts of each other's ports but for their routers. */
const overVlans: Pick<TopologyDocument, "neutron"> = {
  neutron: { tenant_network_type: "vlan", network_vlan_ranges: { extnet: [100, 199] } },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dvrc-incremental-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("leaves after any edits what a build from nothing leaves", async () => {
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
      const memory = new BuildMemory();
      let topology: TopologyDocument = {
        ...syntheticCloud({ computeHosts: 4, servers: 24 }),
        release,
        agent: { firewall_driver: firewall },
        ...(vlans ? overVlans : {}),
      };
      await expectSame(topology, memory);
      for (const { edits, lockSeed } of changes) {
        const draft = structuredClone(topology) as CloudDraft;
        for (const { edit, seed } of edits) editCloud(draft, edit, seed);
        if (lockSeed !== undefined) editLock(lockSeed);
        // What does not compile is not built upon.
        if (await expectSame(draft, memory)) topology = draft;
      }
    }),
    { numRuns: Number(process.env["DVRC_INCREMENTAL_RUNS"] ?? 3) },
  );
}, 600_000);

it("hears of ports that only a router tells of", async () => {
  const memory = new BuildMemory();
  const cloud = syntheticCloud({ computeHosts: 4, servers: 4 });
  const topology: TopologyDocument = {
    ...cloud,
    release: "zed",
    agent: { firewall_driver: "openvswitch" },
    ...overVlans,
  };
  await expectSame(topology, memory);
  const server = { project_id: "tenant-1", host: "compute-1", networks: ["tenant-1-a"] };
  expect(await expectSame({ ...topology, servers: { ...topology.servers, extra: server } }, memory)).toBe(true);
});

it("hears of DHCP servers that only the hybrid firewall names", async () => {
  const memory = new BuildMemory();
  const cloud = syntheticCloud({ computeHosts: 2, servers: 2 });
  const agent = { firewall_driver: "iptables_hybrid" as const };
  const topology: TopologyDocument = { ...cloud, release: "newton", agent, ...overVlans, routers: {}, servers: withoutFloatingIps(cloud) };
  await expectSame(topology, memory);
  const lock = join(folder, "again/topology.lock.json");
  const before = readFileSync(lock, "utf8");
  const after = before.replace(/("network\/tenant-1-a\/dhcp\/[^"]*\/fixed_ip\/[^"]*": )"10\.0\.0\.\d+"/, '$1"10.0.0.77"');
  expect(after).not.toBe(before);
  writeFileSync(lock, after);
  expect(await expectSame(topology, memory)).toBe(true);
});

it("hears of a port of another host that nobody has plugged in, which the lock alone tells", async () => {
  const memory = new BuildMemory();
  const topology: TopologyDocument = { ...syntheticCloud({ computeHosts: 2, servers: 4 }), release: "zed" };
  await expectSame(topology, memory);
  const lock = join(folder, "again/topology.lock.json");
  const before = readFileSync(lock, "utf8");
  writeFileSync(lock, before.replace(/^(?="zed\/compute-1\/uplink)/m, '"zed/compute-1/unplugged/port/vm-1/0": true,\n'));
  expect(await expectSame(topology, memory)).toBe(true);
  expect(readFileSync(lock, "utf8")).toContain("unplugged");
});

it("compiles no host whose view is what it was, and mends what somebody edited", async () => {
  const memory = new BuildMemory();
  const topology = syntheticCloud({ computeHosts: 3, servers: 6 });
  await expectSame(topology, memory);
  const edited = join(folder, "again/out/compute-1/br-int.flows");
  const { atime, mtime } = statSync(edited);
  const wanted = readFileSync(edited, "utf8");
  const other = wanted.replace("table=0", "table=9");
  writeFileSync(edited, other);
  // Only who reads the file can tell.
  utimesSync(edited, atime, mtime);
  await buildIn("again", topology, memory);
  const unread = readFileSync(edited, "utf8");
  writeFileSync(edited, `${other}more\n`);
  await expectSame(topology, memory);
  expect([unread, readFileSync(edited, "utf8")]).toEqual([other, wanted]);
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
async function expectSame(topology: TopologyDocument, memory: BuildMemory): Promise<boolean> {
  rmSync(join(folder, "new"), { recursive: true, force: true });
  mkdirSync(join(folder, "new"));
  const lock = join(folder, "again/topology.lock.json");
  if (existsSync(lock)) cpSync(lock, join(folder, "new/topology.lock.json"));
  const fresh = await buildIn("new", topology, undefined);
  const again = await buildIn("again", topology, memory);
  expect(again).toEqual(fresh);
  const compiles = !fresh.some(([severity]) => severity === "error");
  if (compiles) expect(filesIn("again")).toEqual(filesIn("new"));
  return compiles;
}

async function buildIn(name: string, topology: TopologyDocument, memory: BuildMemory | undefined) {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "topology.json"), JSON.stringify(topology));
  const stream = { write: () => undefined };
  const context: Context = { stdout: stream, stderr: stream, env: {}, cwd };
  const { built, diagnostics } = await build({ topology: "topology.json", out: "out", host: [], jobs: 1 }, context, memory);
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
