import { expect, it } from "vitest";
import { compile, type Loaded } from "../src/compile.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { printArtefacts } from "../src/emit/layout.js";
import { readJson } from "../src/read/json.js";
import { checkShape } from "../src/read/shape.js";
import type { Lock } from "../src/resolve/index.js";

interface Tree {
  readonly files: ReadonlyMap<string, string>;
  readonly lock: Lock;
}

/** Twenty servers on four computes, five networks, two routers, three floating IPs. */
function twentyServers(): TopologyDocument {
  const mappings = { physnet: "br-ex" };
  const computes = [1, 2, 3, 4].map(
    (n) => [`compute-${n}`, { agent_mode: "dvr", local_ip: `192.0.2.${n}`, bridge_mappings: mappings }] as const,
  );
  const networks = [1, 2, 3, 4, 5].map((n) => [`net-${n}`, { subnets: { [`sub-${n}`]: { cidr: `10.20.${n}.0/24` } } }] as const);
  const servers = Array.from({ length: 20 }, (_, n) => {
    const floating = n % 8 === 0 ? { floating_ip: true as const } : {};
    return [`vm-${n}`, { networks: [`net-${1 + (n % 5)}`], host: `compute-${1 + (n % 4)}`, ...floating }] as const;
  });
  return {
    name: "twenty",
    release: "zed",
    agent: { firewall_driver: "noop" },
    hosts: {
      gateway: { agent_mode: "dvr_snat", local_ip: "192.0.2.100", bridge_mappings: mappings },
      ...Object.fromEntries(computes),
    },
    networks: {
      ...Object.fromEntries(networks),
      public: {
        "router:external": true,
        "provider:network_type": "flat",
        "provider:physical_network": "physnet",
        subnets: { outside: { cidr: "198.51.100.0/24", enable_dhcp: false } },
      },
    },
    routers: {
      front: { interfaces: ["sub-1", "sub-2", "sub-3"], external_gateway: "public" },
      back: { interfaces: ["sub-4"], external_gateway: "public" },
    },
    servers: Object.fromEntries(servers),
  };
}

function build(topology: TopologyDocument, lock?: Lock): Tree {
  const source = { path: "twenty.json", text: JSON.stringify(topology) };
  const [document] = readJson(source);
  const [value] = document === undefined ? [undefined] : checkShape(document);
  if (document === undefined || value === undefined) throw new Error("the topology has no shape");
  const loaded: Loaded = { document, value, lockPath: "twenty.lock.json", lock, lockText: undefined };
  const [compilation, diagnostics] = compile(loaded);
  if (compilation === undefined) throw new Error(diagnostics.map(({ message }) => message).join(" "));
  const files = new Map<string, string>();
  for (const host of compilation.hosts) {
    const [compiled] = compilation.host(host);
    if (compiled === undefined) throw new Error(`${host} does not compile`);
    for (const { path, text } of printArtefacts(compiled.state)) files.set(path, text);
  }
  return { files, lock: compilation.nextLock() };
}

/** Paths that differ, ids in names of namespaces cut off. */
function changed(before: Tree, after: Tree): string[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  const differ = [...paths].filter((path) => before.files.get(path) !== after.files.get(path));
  return [...new Set(differ.map((path) => path.replace(/-[0-9a-f]{8}-[0-9a-f-]{27}\//, "/")))].sort();
}

/** One file of each host. */
function onHosts(file: string, hosts: readonly string[] = everyHost): string[] {
  return hosts.map((host) => `${host}/${file}`);
}

const everyHost = ["compute-1", "compute-2", "compute-3", "compute-4", "gateway"];

function reversed<T>(section: Readonly<Record<string, T>> | undefined): Record<string, T> {
  return Object.fromEntries(Object.entries(section ?? {}).reverse());
}

function without<T>(section: Readonly<Record<string, T>> | undefined, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(section ?? {}).filter(([key]) => key !== name));
}

const base = twentyServers();
const before = build(base);

it("changes nothing when built again with its lock", () => {
  const again = build(base, before.lock);
  expect(changed(before, again)).toEqual([]);
  expect(again.lock.allocations).toEqual(before.lock.allocations);
});

it("changes nothing when servers, networks, routers and hosts are declared in another order", () => {
  const { servers, networks, routers, hosts, ...rest } = base;
  const shuffled = {
    ...rest,
    servers: reversed(servers),
    networks: reversed(networks),
    routers: reversed(routers),
    hosts: reversed(hosts),
  };
  const after = build(shuffled, before.lock);
  expect(changed(before, after)).toEqual([]);
  expect(after.lock.allocations).toEqual(before.lock.allocations);
});

it("changes the new server's host, and what the network's other hosts know of it", () => {
  const after = build({ ...base, servers: { early: { networks: ["net-5"], host: "compute-2" }, ...base.servers } }, before.lock);
  const own = ["compute-2/br-int.flows", "compute-2/br-int.ports", "compute-2/bridges.txt"];
  const others = onHosts("br-tun.flows", ["compute-1", "compute-3", "compute-4", "gateway"]);
  expect(changed(before, after)).toEqual([...own, ...others].sort());
});

it("changes nothing for good when a server comes and goes", () => {
  const during = build({ ...base, servers: { early: { networks: ["net-1"], host: "compute-3" }, ...base.servers } }, before.lock);
  const after = build(base, during.lock);
  expect(changed(before, after)).toEqual([]);
  expect(after.lock.allocations).toEqual(before.lock.allocations);
});

it("changes what a removed server's neighbours know of it, and frees its numbers", () => {
  const servers = without(base.servers, "vm-5");
  const after = build({ ...base, servers }, before.lock);
  const own = ["compute-2/br-int.flows", "compute-2/br-int.ports", "compute-2/bridges.txt"];
  const tunnels = onHosts("br-tun.flows", ["compute-1", "compute-3", "compute-4", "gateway"]);
  expect(changed(before, after)).toEqual([...own, ...tunnels, ...onHosts("qrouter/ip-neigh.txt")].sort());
  expect([...before.lock.allocations.keys()].filter((key) => !after.lock.allocations.has(key)).every((key) => key.includes("vm-5"))).toBe(
    true,
  );
});

it("changes the DHCP host alone when a network comes", () => {
  const networks = { early: { subnets: { "sub-early": { cidr: "10.99.0.0/24" } } }, ...base.networks };
  const namespace = ["ip-addr", "ip-neigh", "ip-route", "ip-rule", "ip6-route", "ip6-rule", "ip6tables-save", "iptables-save", "sysctl"];
  const bridges = ["br-int.ports", "br-tun.flows", "bridges.txt"];
  const expected = [...bridges, ...namespace.map((name) => `qdhcp/${name}.txt`)].map((file) => `gateway/${file}`);
  expect(changed(before, build({ ...base, networks }, before.lock))).toEqual(expected);
});

it("tells the other hosts a new host's DVR MAC, and nothing else", () => {
  const early = { agent_mode: "dvr" as const, local_ip: "192.0.2.50", bridge_mappings: { physnet: "br-ex" } };
  const after = build({ ...base, hosts: { early, ...base.hosts } }, before.lock);
  expect(changed(before, after).filter((path) => !path.startsWith("early/"))).toEqual(
    ["br-ex.flows", "br-int.flows", "br-tun.flows"].flatMap((file) => onHosts(file)).sort(),
  );
});

it("forgets a removed host and its servers everywhere, and renumbers nobody", () => {
  const hosts = without(base.hosts, "compute-4");
  const servers = Object.fromEntries(Object.entries(base.servers ?? {}).filter(([, { host }]) => host !== "compute-4"));
  const after = build({ ...base, hosts, servers }, before.lock);
  const rest = everyHost.filter((host) => host !== "compute-4");
  const bridges = ["br-ex.flows", "br-int.flows", "br-tun.flows", "br-tun.ports", "bridges.txt"].flatMap((file) => onHosts(file, rest));
  const neighbours = onHosts("qrouter/ip-neigh.txt", rest);
  expect(changed(before, after).filter((path) => !path.startsWith("compute-4/"))).toEqual([...bridges, ...neighbours].sort());
  for (const [key, value] of after.lock.allocations) expect(value).toEqual(before.lock.allocations.get(key));
});
