import { expect, it } from "vitest";
import type { HostDeclaration } from "../model/topology.js";
import type { Cidr } from "../net/cidr.js";
import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Uuid } from "../net/uuid.js";
import { findRelease } from "../releases/index.js";
import type { Release } from "../releases/release.js";
import {
  emptyDocument,
  floatingIpDeclaration,
  hostDeclaration,
  networkDeclaration,
  routerDeclaration,
  topologyOf,
  type TopologyInput,
} from "../testing/topology.js";
import { defined } from "../base/invariant.js";
import type { LockValue } from "./lock.js";
import { nextLock } from "./next-lock.js";
import { resolveTopology } from "./resolve.js";

const zed: Release = defined(findRelease("zed"), "zed");
const newton: Release = defined(findRelease("newton"), "newton");

const hosts: readonly HostDeclaration[] = [
  hostDeclaration("gate", { agentMode: "dvr_snat", localIp: "192.0.2.1" as Ip, bridgeMappings: new Map([["ext", "br-ex"]]) }),
  hostDeclaration("left", { localIp: "192.0.2.2" as Ip, bridgeMappings: new Map([["ext", "br-ex"]]) }),
  hostDeclaration("right", { localIp: "192.0.2.3" as Ip, bridgeMappings: new Map([["ext", "br-ex"]]) }),
];

function attempt(
  input: Omit<TopologyInput, "hosts"> & Partial<TopologyInput>,
  entries: Readonly<Record<string, LockValue>> = {},
  release = zed,
) {
  const lock = { allocations: new Map(Object.entries(entries)) };
  return resolveTopology(topologyOf({ hosts, ...input }), release, lock, emptyDocument);
}

function resolve(...input: Parameters<typeof attempt>) {
  const [resolution, diagnostics] = attempt(...input);
  const { topology, allocations } = defined(resolution, diagnostics.map(({ message }) => message).join(" "));
  const ports = new Map(topology.ports.map((port) => [port.key, port]));
  const port = (key: string) => defined(ports.get(key), key);
  const ips = (key: string) => port(key).fixedIps.map(({ ip }) => ip);
  return { resolution: defined(resolution, "resolution"), topology, allocations, diagnostics, port, ips };
}

const names = (diagnostics: readonly { readonly name: string }[]) => diagnostics.map(({ name }) => name);
const external = (input = {}) =>
  networkDeclaration(
    "out",
    { s: { cidr: "198.51.100.0/24" as Cidr, enableDhcp: false } },
    { external: true, networkType: "flat", ...input },
  );

it("gives DHCP the first address of a pool, then router ports, then machines in order", () => {
  const { ips } = resolve({
    networks: [networkDeclaration("n", { s: "10.1.0.0/29" }), external()],
    routers: [routerDeclaration("r", ["n/s"], "out")],
    servers: { one: { networks: ["n"] }, two: { networks: ["n"] } },
  });
  expect(ips("network/n/dhcp/gate")).toEqual(["10.1.0.2"]);
  expect(ips("router/r/interface/n/s")).toEqual(["10.1.0.1"]);
  expect(ips("router/r/csnat/n/s")).toEqual(["10.1.0.3"]);
  expect([...ips("port/one/0"), ...ips("port/two/0")]).toEqual(["10.1.0.4", "10.1.0.5"]);
});

it("keeps locked addresses, also of ports that are declared later", () => {
  const { ips, diagnostics } = resolve(
    { networks: [networkDeclaration("n", { s: "10.1.0.0/29" })], servers: { one: { networks: ["n"] }, two: { networks: ["n"] } } },
    { "port/two/0/fixed_ip/n/s": "10.1.0.3" },
  );
  expect([ips("port/one/0"), ips("port/two/0"), diagnostics]).toEqual([["10.1.0.4"], ["10.1.0.3"], []]);
});

it("lets a pinned address win over the lock, and says so", () => {
  const pinned = { on: "n", fixedIps: [{ pointer: "/p", ipAddress: "10.1.0.3" as Ip }] };
  const { ips, diagnostics } = resolve(
    { networks: [networkDeclaration("n", { s: "10.1.0.0/29" })], servers: { one: { networks: ["n"] }, two: { networks: [pinned] } } },
    { "port/one/0/fixed_ip/n/s": "10.1.0.3" },
  );
  expect([ips("port/one/0"), ips("port/two/0"), names(diagnostics)]).toEqual([["10.1.0.4"], ["10.1.0.3"], ["lock-value-taken"]]);
});

it("allocates anew what a changed subnet does not allow any more", () => {
  const { ips, diagnostics } = resolve(
    { networks: [networkDeclaration("n", { s: "10.9.0.0/29" })], servers: { one: { networks: ["n"] } } },
    { "port/one/0/fixed_ip/n/s": "10.1.0.3" },
  );
  expect([ips("port/one/0"), names(diagnostics)]).toEqual([["10.9.0.3"], ["lock-value-stale"]]);
});

it.each(["10.1.0.0", "10.1.0.1", "10.1.0.7"])("allocates anew where the lock was edited to %s, which no port can have", (locked) => {
  const { ips, diagnostics } = resolve(
    { networks: [networkDeclaration("n", { s: "10.1.0.0/29" })], servers: { one: { networks: ["n"] } } },
    { "port/one/0/fixed_ip/n/s": locked },
  );
  expect([ips("port/one/0"), names(diagnostics)]).toEqual([["10.1.0.3"], ["lock-value-stale"]]);
});

it("refuses values of the wrong type in the lock, and pools that are used up", () => {
  const networks = [networkDeclaration("n", { s: "10.1.0.0/30" })];
  expect(names(attempt({ networks }, { "network/n/segmentation_id": "7" })[1])).toEqual(["lock-value-invalid"]);
  expect(names(attempt({ networks }, { "network/n/id": "no uuid" })[1])).toEqual(["lock-value-invalid"]);
  expect(names(attempt({ networks, servers: { one: { networks: ["n"] } } })[1])).toEqual(["pool-exhausted"]);
});

it("refuses two resources with one pinned id", () => {
  const id = "00000000-0000-4000-8000-000000000001" as Uuid;
  const [resolution, diagnostics] = attempt({ networks: [networkDeclaration("a", {}, { id }), networkDeclaration("b", {}, { id })] });
  expect([resolution, names(diagnostics)]).toEqual([undefined, ["pin-collides"]]);
});

it("takes segmentation ids ascending from the range, past pinned and locked ones", () => {
  const networks = ["a", "b", "c", "d"].map((key) => networkDeclaration(key, {}, key === "c" ? { segmentationId: 40 } : {}));
  const { topology } = resolve({ networks, server: { vniRange: [40, 50] } }, { "network/d/segmentation_id": 41 });
  expect(topology.networks.map(({ segmentationId }) => segmentationId)).toEqual([42, 43, 40, 41]);
});

it("makes the MTU of a tunnelled network from the path's", () => {
  const networks = [
    networkDeclaration("v", {}),
    networkDeclaration("g", {}, { networkType: "gre" }),
    networkDeclaration("f", {}, { networkType: "flat" }),
  ];
  const mtus = (server: TopologyInput["server"], localIp: string) =>
    resolve({ hosts: [hostDeclaration("h", { localIp: localIp as Ip })], networks, server: server ?? {} }).topology.networks.map(
      ({ mtu }) => mtu,
    );
  expect(mtus({}, "192.0.2.1")).toEqual([1450, 1458, 1500]);
  expect(mtus({ globalPhysnetMtu: 9000, pathMtu: 4000 }, "192.0.2.1")).toEqual([3950, 3958, 9000]);
  expect(mtus({}, "2001:db8::1")).toEqual([1430, 1438, 1500]);
});

it("gives SLAAC addresses by MAC to machines and DHCP, and pool addresses to router ports", () => {
  const slaac = { cidr: "2001:db8:0:1::/64" as Cidr, ipv6RaMode: "slaac", ipv6AddressMode: "slaac" } as const;
  const { ips, port, allocations } = resolve({
    networks: [networkDeclaration("n", { s4: "10.1.0.0/24", s6: slaac }), external()],
    routers: [routerDeclaration("r", ["n/s4", "n/s6"], "out")],
    servers: { one: { networks: [{ on: "n", mac: "fa:16:3e:01:02:03" as Mac }] } },
  });
  expect(ips("port/one/0")).toEqual(["10.1.0.4", "2001:db8:0:1:f816:3eff:fe01:203"]);
  expect(ips("network/n/dhcp/gate")).toHaveLength(2);
  expect(ips("router/r/csnat/n/s6")).toEqual(["2001:db8:0:1::2"]);
  expect(port("router/r/interface/n/s6").fixedIps).toHaveLength(1);
  expect(allocations.filter(({ key }) => key.startsWith("port/one/0/fixed_ip"))).toHaveLength(1);
});

it("lets IPv6 subnets of one network share a router port, and its SNAT port", () => {
  const stateful = (cidr: string) => ({ cidr: cidr as Cidr, ipv6AddressMode: "dhcpv6-stateful" as const });
  const { topology, ips } = resolve({
    networks: [networkDeclaration("n", { a: stateful("2001:db8:a::/64"), b: stateful("2001:db8:b::/64") }), external()],
    routers: [routerDeclaration("r", ["n/a", "n/b"], "out")],
  });
  expect(topology.routers[0]?.interfaces).toHaveLength(1);
  expect(ips("router/r/interface/n/a")).toEqual(["2001:db8:a::1", "2001:db8:b::1"]);
  expect(ips("router/r/csnat/n/a")).toHaveLength(2);
});

it("takes addresses for an owner from the subnets of its service type", () => {
  const of = (cidr: string, type: string) => ({ cidr: cidr as Cidr, enableDhcp: false, serviceTypes: [type] });
  const networks = [
    networkDeclaration("n", { s: "10.1.0.0/24" }),
    networkDeclaration(
      "out",
      {
        rest: "198.51.100.0/25",
        fip: of("203.0.113.0/24", "network:floatingip"),
        fg: of("192.0.2.0/24", "network:floatingip_agent_gateway"),
      },
      { external: true, networkType: "flat" },
    ),
  ];
  const { ips, topology } = resolve({
    networks,
    routers: [routerDeclaration("r", ["n/s"], "out")],
    servers: { one: { host: "left", networks: ["n"] } },
    floatingIps: [floatingIpDeclaration("f", "one/0", { network: { key: "out", pointer: "/f" } })],
  });
  expect(ips("router/r/gateway")).toEqual(["198.51.100.3"]);
  expect(topology.floatingIps[0]?.ip).toBe("203.0.113.2");
  expect(ips("network/out/agent_gateway/left")).toEqual(["192.0.2.3"]);
});

it("makes agent gateways on every DVR host with a router, or only where a floating IP is, by release", () => {
  const input = {
    networks: [networkDeclaration("n", { s: "10.1.0.0/24" }), external()],
    routers: [routerDeclaration("r", ["n/s"], "out")],
    servers: { one: { host: "left", networks: ["n"] }, two: { host: "right", networks: ["n"] } },
    floatingIps: [floatingIpDeclaration("f", "one/0", { network: { key: "out", pointer: "/f" } })],
  };
  const gateways = (release: Release) =>
    resolve(input, {}, release)
      .topology.ports.filter(({ deviceOwner }) => deviceOwner === "network:floatingip_agent_gateway")
      .map(({ key }) => key);
  expect(gateways(newton)).toEqual(["network/out/agent_gateway/left"]);
  expect(gateways(zed)).toEqual(["gate", "left", "right"].map((host) => `network/out/agent_gateway/${host}`));
});

it("keeps what another release allocated, and takes nothing from it", () => {
  const input = {
    networks: [networkDeclaration("n", { s: "10.1.0.0/24" }), external()],
    routers: [routerDeclaration("r", ["n/s"], "out")],
    servers: { one: { host: "left", networks: ["n"] } },
  };
  const { resolution } = resolve(input);
  const lock = nextLock(resolution, new Map());
  const later = resolve(
    { ...input, floatingIps: [floatingIpDeclaration("f", "one/0", { network: { key: "out", pointer: "/f" } })] },
    Object.fromEntries(lock.allocations),
    newton,
  );
  expect(later.topology.floatingIps[0]?.ip).toBe("198.51.100.5");
  const kept = nextLock(later.resolution, new Map()).allocations;
  expect(kept.get("network/out/agent_gateway/gate/fixed_ip/out/s")).toBe(
    lock.allocations.get("network/out/agent_gateway/gate/fixed_ip/out/s"),
  );
});

it("drops orphans of the server and of hosts, and keeps other hosts' entries while their owners exist", () => {
  const { resolution } = resolve(
    { networks: [networkDeclaration("n", { s: "10.1.0.0/24" })], servers: { one: { host: "left", networks: ["n"] } } },
    {
      "port/gone/0/id": "00000000-0000-4000-8000-000000000001",
      "zed/left/ofport/port/one/0": 9,
      "zed/left/ofport/port/gone/0": 8,
      "newton/right/local_vlan/network/n": 5,
      "newton/gone/local_vlan/network/n": 5,
      "newton/right/ofport/bridge/br-ex/int": 4,
      "newton/right/ofport/bridge/br-gone/int": 3,
      "newton/right/ofport/tunnel/vxlan/left": 6,
      "newton/right/ofport/tunnel/vxlan/gone": 7,
      nonsense: 1,
    },
  );
  const kept = [...nextLock(resolution, new Map()).allocations.keys()].filter((key) => /gone|nonsense|^zed|^newton/.test(key));
  expect(kept).toEqual([
    "newton/right/local_vlan/network/n",
    "newton/right/ofport/bridge/br-ex/int",
    "newton/right/ofport/tunnel/vxlan/left",
    "zed/left/ofport/port/one/0",
  ]);
});

it("spreads servers over computes, and routers and DHCP over network hosts", () => {
  const gates = ["gate-a", "gate-b"].map((name) =>
    hostDeclaration(name, { agentMode: "dvr_snat", localIp: `192.0.2.${name === "gate-a" ? 8 : 9}` as Ip }),
  );
  const { topology } = resolve(
    {
      hosts: [...gates, ...hosts.slice(1)],
      networks: ["a", "b"].map((key) => networkDeclaration(key, { s: "10.1.0.0/24" })),
      routers: [routerDeclaration("x", ["a/s"]), routerDeclaration("y", ["b/s"])],
      servers: { one: { networks: ["a"] }, two: { networks: ["a"] }, three: { networks: ["a"] } },
    },
    { "server/three/host": "left" },
  );
  expect(topology.servers.map(({ host }) => host.name)).toEqual(["right", "left", "left"]);
  expect(topology.routers.map(({ host }) => host?.name)).toEqual(["gate-a", "gate-b"]);
  expect(topology.ports.filter(({ deviceOwner }) => deviceOwner === "network:dhcp").map(({ host }) => host?.name)).toEqual([
    "gate-a",
    "gate-b",
  ]);
});

it("escapes names in keys, so that no two owners share one", () => {
  const networks = [networkDeclaration("a/b", { "c~d": "10.1.0.0/24" }), networkDeclaration("a", { "b/c": "10.2.0.0/24" })];
  const { topology } = resolve({ networks, servers: { "v/0": { networks: ["a"] }, v: { networks: ["a/b"] } } });
  const keys = [
    ...topology.networks.flatMap(({ key, subnets }) => [key, ...subnets.map((subnet) => subnet.key)]),
    ...topology.ports.map(({ key }) => key),
  ];
  expect(keys).toContain("subnet/a~1b/c~0d");
  expect(keys).toContain("port/v~10/0");
  expect(new Set(keys).size).toBe(keys.length);
});

it("says how each value first came about", () => {
  const { allocations } = resolve(
    {
      networks: [networkDeclaration("n", { s: "10.1.0.0/24" }, { segmentationId: 9 })],
      servers: { one: { host: "left", networks: ["n"] } },
    },
    { "server/one/id": "00000000-0000-4000-8000-000000000001" },
  );
  const how = (key: string) => allocations.find((allocation) => allocation.key === key)?.how;
  expect(["network/n/segmentation_id", "network/n/id", "server/one/id", "port/one/0/fixed_ip/n/s"].map(how)).toEqual([
    "pinned",
    "derived",
    "allocated",
    "allocated",
  ]);
});
