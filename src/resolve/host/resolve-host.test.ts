import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import { TopologySharing } from "../../model/sharing.js";
import type { HostView } from "../../model/host-view.js";
import type { AddressPairDeclaration, HostRoute } from "../../model/topology.js";
import type { Cidr } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Uuid } from "../../net/uuid.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import {
  defaultGroup,
  emptyDocument,
  floatingIpDeclaration,
  hostDeclaration,
  type HostInput,
  networkDeclaration,
  routerDeclaration,
  topologyOf,
  type TopologyInput,
} from "../../testing/topology.js";
import type { LockValue } from "../lock.js";
import { resolveTopology } from "../resolve.js";
import { refreshView, resolveHost } from "./resolve-host.js";

const zed: Release = defined(findRelease("zed"), "zed");
const newton: Release = defined(findRelease("newton"), "newton");
const latest: Release = defined(findRelease("2026.1"), "2026.1");
const bridgeMappings = new Map([["ext", "br-ex"]]);

/** A network host and three computes; options of some. */
function hosts(options: Readonly<Record<string, HostInput>> = {}) {
  return ["gate", "one", "two", "three"].map((name, index) =>
    hostDeclaration(name, {
      agentMode: index === 0 ? "dvr_snat" : "dvr",
      localIp: `192.0.2.${index + 1}` as Ip,
      bridgeMappings,
      ...options[name],
      agent: { firewallDriver: "noop", ...options[name]?.agent },
    }),
  );
}

function viewOf(name: string, input: Partial<TopologyInput>, release = zed, entries: Readonly<Record<string, LockValue>> = {}) {
  const lock = { allocations: new Map(Object.entries(entries)) };
  const [resolution, problems] = resolveTopology(topologyOf({ hosts: hosts(), ...input }), release, lock, emptyDocument);
  const said = [...problems];
  const [resolved, more] = resolution === undefined ? [undefined, []] : resolveHost(resolution, name);
  const { view, allocations } = defined(resolved, [...said, ...more].map(({ message }) => message).join(" "));
  return { view, locked: new Map(allocations.map(({ key, value }) => [key, value])) };
}

const external = networkDeclaration(
  "out",
  { s: { cidr: "198.51.100.0/24" as Cidr, enableDhcp: false } },
  { external: true, networkType: "flat", physicalNetwork: "ext" },
);

/** Two routed networks and an outside, a machine of each on its own compute, and one floating IP. */
const routed: Partial<TopologyInput> = {
  networks: [networkDeclaration("a", { s: "10.1.0.0/24" }), networkDeclaration("b", { s: "10.2.0.0/24" }), external],
  routers: [routerDeclaration("r", ["a/s", "b/s"], "out")],
  servers: { va: { host: "one", networks: ["a"] }, vb: { host: "two", networks: ["b"] } },
  floatingIps: [floatingIpDeclaration("f", "va/0", { network: { key: "out", pointer: "/f" } })],
};

const keysOf = (view: HostView) => view.ports.map(({ port }) => port.key);
const vlans = (view: HostView) => Object.fromEntries(view.networks.map(({ network, localVlan }) => [network.name, localVlan]));

it("wires machines, then the router's interfaces, then the agent gateway", () => {
  const { view } = viewOf("one", routed);
  const interfaces = keysOf(view).slice(1, 3);
  expect(keysOf(view)[0]).toBe("port/va/0");
  expect([...interfaces].sort()).toEqual(["router/r/interface/a/s", "router/r/interface/b/s"]);
  expect(keysOf(view)[3]).toBe("network/out/agent_gateway/one");
  expect(view.ports.map(({ ofport }) => ofport)).toEqual([3, 4, 5, 6]);
  expect([view.physicalBridges[0]?.intOfport, view.brInt.patchTunOfport]).toEqual([1, 2]);
  expect(vlans(view)).toEqual({ a: 1, b: 2, out: 3 });
});

it("wires each interface of the SNAT host with its SNAT port, after the DHCP ports", () => {
  const { view } = viewOf("gate", routed);
  const owners = view.ports.map(({ port }) => port.deviceOwner.replace("network:", ""));
  const pair = ["router_interface_distributed", "router_centralized_snat"];
  expect(owners).toEqual(["dhcp", "dhcp", ...pair, ...pair, "floatingip_agent_gateway", "router_gateway"]);
});

it("plugs gateway devices into the external bridge where the release can and the host says so", () => {
  const input = { ...routed, hosts: hosts({ gate: { externalNetworkBridge: "br-ex" } }) };
  const { view } = viewOf("gate", input, newton);
  const gateway = view.ports.find(({ port }) => port.deviceOwner === "network:router_gateway");
  expect([gateway?.bridge, gateway?.ofport, gateway?.localVlan]).toEqual(["br-ex", 3, undefined]);
  expect(view.physicalBridges[0]?.ports).toEqual([gateway]);
  expect(vlans(view)).toEqual({ a: 1, b: 2 });
  expect(viewOf("gate", input, zed).view.physicalBridges[0]?.ports).toEqual([]);
});

it("keeps locked numbers and fills gaps with new ones", () => {
  const entries = { "zed/one/ofport/port/va/0": 9, "zed/one/local_vlan/network/a": 7, "zed/one/ofport/bridge/br-ex/int": 3 };
  const { view } = viewOf("one", routed, zed, entries);
  expect(view.ports.map(({ ofport }) => ofport)).toEqual([2, 4, 5, 9]);
  expect(view.brInt.patchTunOfport).toBe(1);
  expect(vlans(view).a).toBe(7);
});

it("links routers to fip by pair, and gives priorities per floating IP, as the release's agent draws them", () => {
  const link = (release: Release, host: string) => viewOf(host, routed, release).view.routers[0];
  expect(link(zed, "one")?.fipLink?.rfpIp).toBe(link(zed, "two")?.fipLink?.rfpIp);
  expect(link(zed, "one")?.fipLink?.rfpIfindex).toBe(2);
  expect(link(newton, "two")?.fipLink).toBeUndefined();
  expect(link(newton, "one")?.fipLink).toBeDefined();
  expect(link(zed, "one")?.floatingIps.map(({ rulePriority }) => rulePriority)).toEqual([32768]);
  expect(link(zed, "two")?.floatingIps).toEqual([]);
});

it("serves floating IPs of unbound ports and of hosts without external access on the SNAT host", () => {
  const input = { ...routed, hosts: hosts({ one: { agentMode: "dvr_no_external" } }) };
  const gate = viewOf("gate", input).view.routers[0];
  const one = viewOf("one", input).view;
  expect(gate?.snat?.centralFloatingIps.map(({ fixedIp }) => fixedIp)).toEqual(["10.1.0.4"]);
  expect([one.routers[0]?.fipLink, one.routers[0]?.redirects, one.fips, vlans(one)]).toEqual([undefined, true, [], { a: 1, b: 2 }]);
});

it("brings routers one network away to a host, where the release connects them", () => {
  const input: Partial<TopologyInput> = {
    networks: ["a", "b", "c"].map((key, index) => networkDeclaration(key, { s: `10.${index}.0.0/24` })),
    routers: [
      routerDeclaration("x", ["a/s", "b/s"]),
      routerDeclaration("y", ["c/s"], undefined, { interfaces: [atAddress("b/s", "10.1.0.9"), atAddress("c/s")] }),
    ],
    servers: { va: { host: "one", networks: ["a"] } },
  };
  const routers = (release: Release) =>
    viewOf("one", input, release)
      .view.routers.map(({ router }) => router.name)
      .sort();
  expect(routers(zed)).toEqual(["x", "y"]);
  expect(routers(newton)).toEqual(["x"]);
});

function atAddress(subnet: string, ipAddress?: string) {
  const reference = { key: subnet, pointer: "/i" };
  return { pointer: "/i", subnet: reference, ...(ipAddress === undefined ? {} : { ipAddress: ipAddress as Ip }) };
}

it("opens tunnels to hosts that share a network only, and floods to those", () => {
  const { view } = viewOf("one", { ...routed, routers: [] });
  expect(view.brTun?.tunnels.map(({ name, ofport }) => [name, ofport])).toEqual([["vxlan-c0000201", 2]]);
  expect(view.networks[0]?.floodTo?.map(({ ofport }) => ofport)).toEqual([2]);
  expect(view.networks[0]?.remotePorts.map(({ port }) => port.key)).toEqual(["network/a/dhcp/gate"]);
  expect(viewOf("three", routed).view.brTun?.tunnels).toEqual([]);
});

it("never tells of distributed interfaces, but floods to hosts that have only these", () => {
  const a = viewOf("one", routed).view.networks.find(({ network }) => network.name === "a");
  expect(a?.remotePorts.map(({ port }) => port.key).sort()).toEqual(["network/a/dhcp/gate", "router/r/csnat/a/s"]);
  expect(a?.floodTo?.map(({ remote }) => remote.name)).toEqual(["gate", "two"]);
});

it("floods a network that nobody else has to the tunnels of the networks wired before", () => {
  const lonely = { cidr: "10.3.0.0/24" as Cidr, enableDhcp: false };
  const input: Partial<TopologyInput> = {
    networks: [networkDeclaration("a", { s: "10.1.0.0/24" }), networkDeclaration("lone", { s: lonely })],
    servers: { va: { host: "one", networks: ["a"] }, vl: { host: "one", networks: ["lone"] } },
  };
  const flood = (entries: Readonly<Record<string, LockValue>>) =>
    viewOf("one", input, zed, entries)
      .view.networks.find(({ network }) => network.name === "lone")
      ?.floodTo?.map(({ remote }) => remote.name);
  expect(flood({})).toEqual(["gate"]);
  expect(flood({ "zed/one/flood/network/lone": [] })).toBeUndefined();
  expect(flood({ "zed/one/local_vlan/network/a": 2, "zed/one/ofport/port/vl/0": 3 })).toBeUndefined();
});

it("has a tunnel to every host, and floods to all, without l2population", () => {
  const options = Object.fromEntries(["gate", "one", "two", "three"].map((name) => [name, { agent: { l2Population: false } }]));
  const { view } = viewOf("one", { ...routed, hosts: hosts(options) });
  expect(view.brTun?.tunnels.map(({ remote }) => remote.name)).toEqual(["gate", "two", "three"]);
  expect(view.networks[0]?.floodTo).toHaveLength(3);
  expect(view.networks[0]?.remotePorts).toEqual([]);
});

it("floods without l2population in the order in which tunnels were made, up to Newton in that of their addresses' hashes", () => {
  const options = Object.fromEntries(["gate", "one", "two", "three"].map((name) => [name, { agent: { l2Population: false } }]));
  const flood = (release: Release) =>
    viewOf("one", { ...routed, hosts: hosts(options) }, release, {
      [`${release.name}/one/ofport/tunnel/vxlan/three`]: 9,
    }).view.networks[0]?.floodTo?.map(({ remoteIp }) => remoteIp);
  expect(flood(newton)).toEqual(["192.0.2.4", "192.0.2.1", "192.0.2.3"]);
  expect(flood(zed)).toEqual(["192.0.2.1", "192.0.2.3", "192.0.2.4"]);
});

it("has no tunnel between addresses of different IP versions", () => {
  const view = (l2Population: boolean) => {
    const agent = { agent: { l2Population } };
    const six = { localIp: "2001:db8::3" as Ip, ...agent };
    return viewOf("one", { ...routed, hosts: hosts({ gate: agent, one: agent, two: six, three: agent }) }).view;
  };
  expect(view(false).brTun?.tunnels.map(({ remote }) => remote.name)).toEqual(["gate", "three"]);
  expect(view(true).brTun?.tunnels.map(({ remote }) => remote.name)).toEqual(["gate"]);
});

it("delivers to serviced ports and SNAT ports with the MAC of their subnet's interface", () => {
  const { view } = viewOf("gate", routed);
  const delivered = view.dvrDeliveries.map(({ wired, gateway }) => [wired.port.key, gateway.key]);
  expect(delivered.sort()).toEqual([
    ["network/a/dhcp/gate", "router/r/interface/a/s"],
    ["network/b/dhcp/gate", "router/r/interface/b/s"],
    ["router/r/csnat/a/s", "router/r/interface/a/s"],
    ["router/r/csnat/b/s", "router/r/interface/b/s"],
  ]);
});

it("delivers to host-only pairs of ports that came after the router, or as the lock says", () => {
  const pair: AddressPairDeclaration = { pointer: "/p", ipAddress: "10.1.0.77/32" as Cidr, mac: "fa:16:3e:0a:0b:0c" as Mac };
  const wide: AddressPairDeclaration = { pointer: "/w", ipAddress: "10.1.0.0/28" as Cidr, mac: "fa:16:3e:0a:0b:0d" as Mac };
  const input = { ...routed, servers: { va: { host: "one", networks: [{ on: "a", allowedAddressPairs: [pair, wide] }] } } };
  const macs = (entries: Readonly<Record<string, LockValue>>) => viewOf("one", input, latest, entries).view.dvrDeliveries[0]?.macs.slice(1);
  expect(macs({})).toEqual([]);
  expect(macs({ "2026.1/one/ofport/port/va/0": 50 })).toEqual(["fa:16:3e:0a:0b:0c"]);
  expect(macs({ "2026.1/one/pair_deliveries/port/va/0": ["fa:16:3e:0a:0b:0c"] })).toEqual(["fa:16:3e:0a:0b:0c"]);
});

it("delivers to a pair with the MAC of its own subnet's interface", () => {
  const pair: AddressPairDeclaration = { pointer: "/p", ipAddress: "10.1.0.77/32" as Cidr, mac: "fa:16:3e:0a:0b:0c" as Mac };
  const input: Partial<TopologyInput> = {
    networks: [networkDeclaration("a", { s: "10.1.0.0/24", t: "10.2.0.0/24" })],
    routers: [routerDeclaration("x", ["a/s", "a/t"])],
    servers: { va: { host: "one", networks: [{ on: "a", fixedIps: [atAddress("a/s"), atAddress("a/t")], allowedAddressPairs: [pair] }] } },
  };
  const { view } = viewOf("one", input, latest, { "2026.1/one/ofport/port/va/0": 50 });
  expect(view.dvrDeliveries.map(({ macs, gateway }) => [macs.length, gateway.key])).toEqual([
    [1, "router/x/interface/a/t"],
    [1, "router/x/interface/a/s"],
  ]);
});

it("delivers to DHCP ports without host_dvr_for_dhcp only where they came after the router", () => {
  const agent = { agent: { hostDvrForDhcp: false } };
  const input = { ...routed, hosts: hosts({ gate: agent }) };
  const delivered = (entries: Readonly<Record<string, LockValue>>) =>
    viewOf("gate", input, zed, entries).view.dvrDeliveries.filter(({ wired }) => wired.port.deviceOwner === "network:dhcp").length;
  expect([delivered({}), delivered({ "zed/gate/ofport/network/a/dhcp/gate": 90 })]).toEqual([0, 1]);
});

it("remembers the interface at the gateway address where an sg- port came first", () => {
  const input: Partial<TopologyInput> = {
    networks: [networkDeclaration("a", { s: "10.1.0.0/24" }), external],
    routers: [routerDeclaration("w", [], "out", { interfaces: [atAddress("a/s", "10.1.0.9")] }), routerDeclaration("x", ["a/s"])],
    servers: { va: { host: "gate", networks: ["a"] } },
  };
  const gateway = (entries: Readonly<Record<string, LockValue>>) =>
    viewOf("gate", input, zed, entries).view.subnetGateways[0]?.interface.key;
  expect(gateway({})).toBe("router/w/interface/a/s");
  const last = { "zed/gate/ofport/router/w/interface/a/s": 90, "zed/gate/ofport/router/x/interface/a/s": 91 };
  expect(gateway(last)).toBe("router/x/interface/a/s");
});

it("leaves out the direct flow of filtered ports but where the lock has it", () => {
  const input = { ...routed, hosts: hosts({ one: { agent: { firewallDriver: "openvswitch" } } }) };
  const direct = (entries: Readonly<Record<string, LockValue>>) =>
    viewOf("one", input, zed, entries).view.dvrDeliveries[0]?.directMacs.length;
  expect([direct({}), direct({ "zed/one/direct_delivery/port/va/0": true })]).toEqual([0, 1]);
  expect(viewOf("two", input).view.dvrDeliveries[0]?.directMacs).toHaveLength(1);
});

it("leads a DHCP namespace out by the gateway of the subnet with the lowest id, unless locked", () => {
  const id = (last: number): Uuid => `00000000-0000-4000-8000-00000000000${last}` as Uuid;
  const subnets = { s: { cidr: "10.1.0.0/24" as Cidr, id: id(2) }, t: { cidr: "10.2.0.0/24" as Cidr, id: id(1) } };
  const gateway = (entries: Readonly<Record<string, LockValue>>) =>
    viewOf("gate", { networks: [networkDeclaration("a", subnets)] }, zed, entries).view.dhcps[0]?.defaultGateway4;
  expect(gateway({})).toBe("10.2.0.1");
  expect(gateway({ "zed/gate/dhcp_gateway/network/a/4": "subnet/a/s" })).toBe("10.1.0.1");
});

it("remembers the interface wired first for a subnet and answers ARP by the one wired last, unless locked", () => {
  const input: Partial<TopologyInput> = {
    networks: [networkDeclaration("a", { s: "10.1.0.0/24" })],
    routers: [routerDeclaration("x", ["a/s"]), routerDeclaration("y", [], undefined, { interfaces: [atAddress("a/s", "10.1.0.9")] })],
    servers: { va: { host: "one", networks: ["a"] } },
  };
  const chosen = (entries: Readonly<Record<string, LockValue>>) => {
    const { view } = viewOf("one", input, zed, entries);
    return [view.subnetGateways[0]?.interface.key, view.networks[0]?.arpReplyInterface?.port.key, view.dvrDeliveries[0]?.gateway.key];
  };
  const [x, y] = ["router/x/interface/a/s", "router/y/interface/a/s"];
  expect(chosen({})).toEqual([x, y, x]);
  expect(chosen({ "zed/one/subnet_gateway/subnet/a/s": y, "zed/one/arp_reply_interface/network/a": x })).toEqual([y, x, y]);
  expect(chosen({ "zed/one/subnet_gateway/subnet/a/s": "router/gone/interface/a/s" })).toEqual([x, y, x]);
});

it("takes a second interface on a subnet for a mistake up to Newton, unless an sg- port of the subnet came before", () => {
  const second = routerDeclaration("y", [], undefined, { interfaces: [atAddress("a/s", "10.1.0.9")] });
  const input = (gateway?: string): Partial<TopologyInput> => ({
    networks: [networkDeclaration("a", { s: "10.1.0.0/24" }), external],
    routers: [routerDeclaration("x", ["a/s"], gateway), second],
    servers: { va: { host: "one", networks: ["a"] }, vg: { host: "gate", networks: ["a"] } },
  });
  const bound = (host: string, gateway?: string, release = newton) =>
    viewOf(host, input(gateway), release).view.networks[0]?.interfaces.map(({ port }) => port.router?.name);
  expect(bound("gate")).toEqual(["x"]);
  expect(bound("gate", "out")).toEqual(["x", "y"]);
  expect(bound("one", "out")).toEqual(["x"]);
  expect(bound("one", "out", zed)).toEqual(["x", "y"]);
});

it("delivers by the first address of an interface that has several", () => {
  const six = (cidr: string) => ({ cidr: cidr as Cidr, ipv6RaMode: "slaac", ipv6AddressMode: "slaac" }) as const;
  const input: Partial<TopologyInput> = {
    networks: [networkDeclaration("a", { s: six("2001:db8:1::/64"), t: six("2001:db8:2::/64") })],
    routers: [routerDeclaration("x", ["a/s", "a/t"])],
    servers: { va: { host: "one", networks: ["a"] } },
  };
  const { view } = viewOf("one", input);
  expect(view.networks[0]?.interfaces[0]?.port.fixedIps.map(({ subnet }) => subnet.key)).toEqual(["subnet/a/s", "subnet/a/t"]);
  expect(view.subnetGateways.map(({ subnet }) => subnet.key)).toEqual(["subnet/a/s"]);
});

it("delivers to a machine on two routed subnets by the one whose interface came last, the remembered one's MAC with a second router", () => {
  const input: Partial<TopologyInput> = {
    networks: [networkDeclaration("a", { s: "10.1.0.0/24", t: "10.2.0.0/24" })],
    routers: [
      routerDeclaration("x", ["a/s", "a/t"]),
      routerDeclaration("y", [], undefined, { interfaces: [atAddress("a/s", "10.1.0.9")] }),
    ],
    servers: { va: { host: "one", networks: [{ on: "a", fixedIps: [atAddress("a/s"), atAddress("a/t")] }] } },
  };
  const gateway = (entries: Readonly<Record<string, LockValue>> = {}) =>
    viewOf("one", input, zed, entries).view.dvrDeliveries[0]?.gateway.key;
  expect(gateway()).toBe("router/x/interface/a/s");
  expect(gateway({ "zed/one/ofport/router/x/interface/a/t": 90 })).toBe("router/x/interface/a/t");
});

it("numbers conjunctions by eights and conntrack zones from the release's first", () => {
  const group = { ...defaultGroup(), isDefault: true };
  const hybrid = hosts({ one: { agent: { firewallDriver: "iptables_hybrid" } }, two: { agent: { firewallDriver: "openvswitch" } } });
  const input = { ...routed, hosts: hybrid, groups: [group] };
  expect([...viewOf("two", input).view.firewall.conjunctionIds.values()]).toEqual([16, 24]);
  expect([...viewOf("one", input).view.firewall.zones]).toEqual([["port/va/0", 4097]]);
  const both = { ...input, servers: { va: { host: "one", networks: ["a"] }, vc: { host: "one", networks: ["a"] } } };
  expect([...viewOf("one", both).view.firewall.zones.values()]).toEqual([4097, 4098]);
  const locked = { "zed/one/conntrack_zone/port/va/0": 4100, "zed/one/conntrack_zone/port/vc/0": 4100 };
  expect([...viewOf("one", both, zed, locked).view.firewall.zones.values()]).toEqual([4100, 4100]);
  expect([...viewOf("one", input, newton).view.firewall.zones]).toEqual([["port/va/0", 1]]);
  expect(viewOf("one", input).view.ports[0]?.device).toMatch(/^qvo/);
  expect(viewOf("two", input, newton).view.firewall.conjunctionIds.size).toBe(0);
});

it("puts a centralised router on its host alone", () => {
  const input = { ...routed, routers: [routerDeclaration("r", ["a/s", "b/s"], "out", { distributed: false })] };
  const gate = viewOf("gate", input).view.routers[0];
  expect([gate?.kind, gate?.interfaces.length, gate?.gateway?.device.slice(0, 3), gate?.floatingIps.length]).toEqual([
    "centralised",
    2,
    "qg-",
    1,
  ]);
  expect(gate?.floatingIps[0]?.rulePriority).toBeUndefined();
  expect(viewOf("one", input).view.routers).toEqual([]);
});

it("orders several next hops as declared, and keeps one for snat where the release does", () => {
  const route = (nexthop: string): HostRoute => ({ destination: "203.0.113.0/24" as Cidr, nexthop: nexthop as Ip, pointer: "/r" });
  const routers = [routerDeclaration("r", ["a/s"], "out", { routes: [route("10.1.0.20"), route("10.1.0.10")] })];
  const gate = viewOf("gate", { ...routed, routers, floatingIps: [] }, zed, {
    "zed/gate/multipath_order/router/r/203.0.113.0~124": ["10.1.0.10", "10.9.9.9"],
  });
  expect(gate.view.routers[0]?.multipathOrder.get("203.0.113.0/24")).toEqual(["10.1.0.10", "10.1.0.20"]);
  expect(gate.view.routers[0]?.snatNextHop.get("203.0.113.0/24")).toBe("10.1.0.10");
  expect(viewOf("gate", { ...routed, routers, floatingIps: [] }, latest).view.routers[0]?.snatNextHop.size).toBe(0);
});

it("locks all that the host chose, and nothing that is no choice", () => {
  const { locked } = viewOf("one", routed);
  const whats = new Set([...locked.keys()].map((key) => key.split("/")[2]));
  expect([...whats].sort()).toEqual([
    "cookie",
    "datapath_id",
    "datapath_port",
    "fip_rule_priority",
    "fpr_ifindex",
    "fpr_mac",
    "ifindex",
    "link_local_pair",
    "local_vlan",
    "ofport",
    "rfp_mac",
    "uplink",
  ]);
});

it("refreshes a view with the ports of its networks alone", () => {
  const sharing = new TopologySharing();
  const resolved = (servers: TopologyInput["servers"]) => {
    const topology = topologyOf({ hosts: hosts(), ...routed, servers: { ...routed.servers, ...servers } });
    const [resolution] = resolveTopology(topology, zed, undefined, emptyDocument);
    const { topology: own, ...rest } = defined(resolution, "resolution");
    return { ...rest, topology: sharing.share(own) };
  };
  const before = defined(resolveHost(resolved({}), "one")[0], "host").view;
  const now = resolved({ vc: { host: "two", networks: ["a"] } });
  const view = refreshView(now, before);
  expect(view.networks[0]?.remotePorts.map(({ port }) => port.key)).toContain("port/vc/0");
  expect(view).toEqual(defined(resolveHost(now, "one")[0], "host").view);
  expect(view.networks[1]).toBe(before.networks[1]);
});
