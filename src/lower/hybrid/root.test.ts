import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { HostView } from "../../model/host-view.js";
import type { ResolvedNetwork, ResolvedPort } from "../../model/resolved.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import { aHost, aHostView, anAddressGroup, aSecurityGroup, cidr, type PortParts, type RuleParts, wire } from "../../testing/host-view.js";
import { chainLines } from "../../testing/namespace-lines.js";
import { aNetworkPort, aSubnettedNetwork, macOf } from "../../testing/router-view.js";
import { linkLocal } from "../../net/ip.js";
import { type HybridRoot, lowerRoot } from "./root.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");
const host = aHost("c1", "10.255.0.1", { firewallDriver: "iptables_hybrid" });

interface Scene {
  readonly network: ResolvedNetwork;
  readonly machine: ResolvedPort;
  readonly view: HostView;
}

/** A host with one machine, 192.0.2.10 and 2001:db8:1::10, and the DHCP port of its network. */
function scene(rules: readonly RuleParts[] = [], parts: PortParts = {}): Scene {
  const network = aSubnettedNetwork("blue", [
    ["192.0.2.0/24", "192.0.2.1"],
    ["2001:db8:1::/64", "2001:db8:1::1"],
  ]);
  const group = aSecurityGroup("web", rules);
  const machine = aNetworkPort(network, "machine", ["192.0.2.10", "2001:db8:1::10"], { host, securityGroups: [group], ...parts });
  const dhcp = aNetworkPort(network, "dhcp", ["192.0.2.2", "2001:db8:1::2"], { deviceOwner: "network:dhcp", host });
  const ports = [wire(dhcp, 3, 1), wire(machine, 4, 1, `qvo${machine.id}`.slice(0, 14))];
  const zones = new Map([[machine.key, 9]]);
  const view = aHostView(host, { ports, firewall: { conjunctionIds: new Map(), zones, groupOrder: new Map() } });
  return { network, machine, view };
}

function chain(root: HybridRoot, table: string, name: string, version: 4 | 6 = 4): readonly string[] | undefined {
  const namespace = defined(root.root, "root");
  return chainLines(version === 4 ? namespace.iptables : namespace.ip6tables, table, name);
}

/** A port's chain with comments taken out, for the rules alone. */
function portChain(root: HybridRoot, letter: "i" | "o" | "s", machine: ResolvedPort, version: 4 | 6 = 4): readonly string[] | undefined {
  const lines = chain(root, "filter", `neutron-openvswi-${letter}${machine.id.slice(0, 10)}`, version);
  return lines?.map((line) => line.replace(/-m comment --comment "[^"]*" /, ""));
}

it("filters nothing with another driver, nor on a host without ports", () => {
  const { view } = scene();
  const other = { ...host, agent: { ...host.agent, firewallDriver: "noop" as const } };
  expect(lowerRoot({ ...view, host: other }, middle)).toEqual({ root: undefined, ipSets: [] });
  expect(lowerRoot({ ...view, ports: [] }, middle)).toEqual({ root: undefined, ipSets: [] });
});

it("sends packets of the machine to its chains, and accepts those of trusted ports after them", () => {
  const { machine, network, view } = scene();
  const tap = `tap${machine.id}`.slice(0, 14);
  const trusted = `tap${defined(network.ports[1], "dhcp").id}`.slice(0, 14);
  const toChain = '--physdev-is-bridged -m comment --comment "Direct traffic from the VM interface to the security group chain."';
  const accept = '--physdev-is-bridged -m comment --comment "Accept all packets when port is trusted." -j ACCEPT';
  expect(chain(lowerRoot(view, middle), "filter", "neutron-openvswi-FORWARD")).toEqual([
    `-m physdev --physdev-out ${tap} ${toChain} -j neutron-openvswi-sg-chain`,
    `-m physdev --physdev-in ${tap} ${toChain} -j neutron-openvswi-sg-chain`,
    `-m physdev --physdev-out ${trusted} ${accept}`,
    `-m physdev --physdev-in ${trusted} ${accept}`,
  ]);
  expect(chain(lowerRoot(view, oldest), "filter", "neutron-openvswi-FORWARD")).toHaveLength(2);
  expect(chain(lowerRoot(view, middle), "filter", "neutron-openvswi-sg-chain")?.at(-1)).toBe("-j ACCEPT");
});

it("accepts a machine without port security and gives it no chains", () => {
  const { machine, view } = scene([], { portSecurity: false });
  const root = lowerRoot(view, middle);
  expect(portChain(root, "i", machine)).toBeUndefined();
  expect(chain(root, "filter", "neutron-openvswi-INPUT")).toEqual([
    `-m physdev --physdev-in tap${machine.id.slice(0, 11)} --physdev-is-bridged -m comment --comment "Accept all packets when port security is disabled." -j ACCEPT`,
  ]);
  expect(chain(root, "raw", "neutron-openvswi-PREROUTING")).toEqual([]);
});

it("lets in what is known, DHCP answers to the machine's addresses, and what the rules say, in this order", () => {
  const { machine, view } = scene([{ protocol: "tcp", portRangeMin: 22, portRangeMax: 22, remoteIpPrefix: cidr("198.51.100.0/24") }]);
  const root = lowerRoot(view, middle);
  expect(portChain(root, "i", machine)).toEqual([
    "-m state --state RELATED,ESTABLISHED -j RETURN",
    "-d 192.0.2.10/32 -p udp -m udp --sport 67 --dport 68 -j RETURN",
    "-d 255.255.255.255/32 -p udp -m udp --sport 67 --dport 68 -j RETURN",
    "-s 198.51.100.0/24 -p tcp -m tcp --dport 22 -j RETURN",
    "-m state --state INVALID -j DROP",
    "-j neutron-openvswi-sg-fallback",
  ]);
  expect(portChain(root, "i", machine, 6)?.slice(0, 7)).toEqual([
    "-p ipv6-icmp -m icmp6 --icmpv6-type 130 -j RETURN",
    "-p ipv6-icmp -m icmp6 --icmpv6-type 135 -j RETURN",
    "-p ipv6-icmp -m icmp6 --icmpv6-type 136 -j RETURN",
    "-m state --state RELATED,ESTABLISHED -j RETURN",
    "-p ipv6-icmp -m icmp6 --icmpv6-type 134 -j RETURN",
    "-d 2001:db8:1::10/128 -p udp -m udp --sport 547 --dport 546 -j RETURN",
    "-d fe80::/64 -p udp -m udp --sport 547 --dport 546 -j RETURN",
  ]);
});

it("lets in DHCP answers by the servers' addresses in the first release", () => {
  const { machine, network, view } = scene();
  const root = lowerRoot(view, oldest);
  const server = linkLocal(defined(network.ports[1], "dhcp").mac);
  expect(portChain(root, "i", machine)?.[1]).toBe("-s 192.0.2.2/32 -p udp -m udp --sport 67 --dport 68 -j RETURN");
  expect(portChain(root, "i", machine, 6)).toContain(`-s ${server}/128 -p udp -m udp --sport 547 --dport 546 -j RETURN`);
});

it("lets out only the machine's own addresses, and DHCP and discovery before them", () => {
  const { machine, view } = scene([{ direction: "egress" }], { pairs: ["192.0.2.64/26", "0.0.0.0/0 fa:16:3e:00:00:99"] });
  const root = lowerRoot(view, middle);
  const spoofing = `neutron-openvswi-s${machine.id.slice(0, 10)}`;
  expect(portChain(root, "o", machine)).toEqual([
    "-s 0.0.0.0/32 -d 255.255.255.255/32 -p udp -m udp --sport 68 --dport 67 -j RETURN",
    `-j ${spoofing}`,
    "-p udp -m udp --sport 68 --dport 67 -j RETURN",
    "-p udp -m udp --sport 67 --dport 68 -j DROP",
    "-m state --state RELATED,ESTABLISHED -j RETURN",
    "-j RETURN",
    "-m state --state INVALID -j DROP",
    "-j neutron-openvswi-sg-fallback",
  ]);
  expect(portChain(root, "s", machine)).toEqual([
    `-s 192.0.2.64/26 -m mac --mac-source ${macOf("machine")} -j RETURN`,
    "-m mac --mac-source fa:16:3e:00:00:99 -j RETURN",
    `-s 192.0.2.10/32 -m mac --mac-source ${macOf("machine")} -j RETURN`,
    "-j DROP",
  ]);
  expect(portChain(root, "s", machine, 6)).toEqual([
    `-s 2001:db8:1::10/128 -m mac --mac-source ${macOf("machine")} -j RETURN`,
    `-s ${linkLocal(macOf("machine"))}/128 -m mac --mac-source ${macOf("machine")} -j RETURN`,
    "-j DROP",
  ]);
});

it("lets all ICMPv6 out but router advertisements, whatever the rules say", () => {
  const { machine, view } = scene();
  const lines = portChain(lowerRoot(view, middle), "o", machine, 6);
  expect(lines?.slice(0, 3)).toEqual(
    [131, 135, 143].map((type) => `-s ::/128 -d ff02::/16 -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j RETURN`),
  );
  expect(lines?.slice(4, 6)).toEqual(["-p ipv6-icmp -m icmp6 --icmpv6-type 134 -j DROP", "-p ipv6-icmp -j RETURN"]);
});

it("writes each kind of rule as iptables prints it, and equal ones once", () => {
  const rules: RuleParts[] = [
    { protocol: "tcp", portRangeMin: 8000, portRangeMax: 8100 },
    { protocol: "tcp", portRangeMin: 8000, portRangeMax: 8100 },
    { protocol: "udp" },
    { protocol: "icmp", portRangeMin: 8, portRangeMax: 0 },
    { protocol: "icmp", portRangeMin: 8 },
    { protocol: "sctp", portRangeMin: 5, portRangeMax: 5 },
    { protocol: "udplite", portRangeMin: 5, portRangeMax: 5 },
    { protocol: "112" },
    { protocol: "250" },
    { protocol: "0" },
    { remoteIpPrefix: cidr("0.0.0.0/0"), protocol: "ipip" },
  ];
  const written = (release: Release): readonly string[] | undefined => {
    const { machine, view } = scene(rules);
    return portChain(lowerRoot(view, release), "i", machine)?.slice(release === oldest ? 2 : 3, -2);
  };
  expect(written(middle)).toEqual([
    "-p tcp -m tcp -m multiport --dports 8000:8100 -j RETURN",
    "-p udp -j RETURN",
    "-p icmp -m icmp --icmp-type 8/0 -j RETURN",
    "-p icmp -m icmp --icmp-type 8 -j RETURN",
    "-p sctp -m sctp --dport 5 -j RETURN",
    "-p udplite -m multiport --dports 5 -j RETURN",
    "-p vrrp -j RETURN",
    "-p 250 -j RETURN",
    "-j RETURN",
    "-p ipip -j RETURN",
  ]);
  expect(written(newest)?.at(-1)).toBe("-p ipencap -j RETURN");
  expect(written(oldest)?.slice(4, 6)).toEqual(["-p sctp -j RETURN", "-p udplite -j RETURN"]);
});

it("matches a remote group by a set of its members' addresses and pairs", () => {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]]);
  const members: ResolvedPort[] = [];
  const group = aSecurityGroup("peers", (self) => [{ remoteGroup: self }, { ethertype: "IPv6", remoteGroup: self }], members);
  const securityGroups = [group];
  members.push(aNetworkPort(network, "machine", ["192.0.2.10"], { host, securityGroups, pairs: ["192.0.2.64/26", "0.0.0.0/0"] }));
  members.push(aNetworkPort(network, "far", ["192.0.2.9"], { securityGroups }));
  const machine = defined(members[0], "machine");
  const zones = new Map(members.map(({ key }) => [key, 4097]));
  const view = aHostView(host, { ports: [wire(machine, 4, 1)], firewall: { conjunctionIds: new Map(), zones, groupOrder: new Map() } });
  const root = lowerRoot(view, middle);
  const name = `NIPv4${group.id}`.slice(0, 29);
  expect(portChain(root, "i", machine)).toContain(`-m set --match-set ${name} src -j RETURN`);
  expect(root.ipSets.map((set) => [set.name, set.family, set.members])).toEqual([
    [name, "inet", ["0.0.0.0/1", "128.0.0.0/1", "192.0.2.9/32", "192.0.2.10/32", "192.0.2.64/26"]],
    [`NIPv6${group.id}`.slice(0, 29), "inet6", []],
  ]);
});

it("matches an address group by a set, but lets everybody in by its rules before the agent knew better", () => {
  const offices = anAddressGroup("offices", ["203.0.113.0/24", "198.51.100.9/32", "0.0.0.0/0", "2001:db8:7::/48"]);
  const { machine, view } = scene([{ protocol: "tcp", portRangeMin: 443, portRangeMax: 443, remoteAddressGroup: offices }]);
  const name = `NIPv4${offices.id}`.slice(0, 29);
  const rule = "-p tcp -m tcp --dport 443";
  const [before, after] = [lowerRoot(view, middle), lowerRoot(view, newest)];
  expect(portChain(before, "i", machine)).toContain(`${rule} -j RETURN`);
  expect(portChain(after, "i", machine)).toContain(`${rule} -m set --match-set ${name} src -j RETURN`);
  for (const { ipSets } of [before, after]) {
    expect(ipSets.map((set) => [set.name, set.members])).toEqual([
      [name, ["0.0.0.0/1", "128.0.0.0/1", "198.51.100.9/32", "203.0.113.0/24"]],
    ]);
  }
});

it("does not track a port whose groups are stateless, where the first of them has a rule", () => {
  const raw = (rules: readonly RuleParts[]): readonly string[] | undefined => {
    const { view } = scene([], { securityGroups: [{ ...aSecurityGroup("fast", rules), stateful: false }] });
    return chain(lowerRoot(view, middle), "raw", "neutron-openvswi-PREROUTING")?.map((line) => line.replace(/^.*--comment /, ""));
  };
  const id = scene().machine.id;
  expect(raw([{ protocol: "tcp" }])).toEqual(Array.from({ length: 3 }, () => `"Make ${id} stateless" -j CT --notrack`));
  expect(raw([])).toEqual(Array.from({ length: 3 }, () => `"Set zone for ${id}" -j CT --zone 9`));
});

it("puts a port's packets in its zone by three matches, by two in the first release", () => {
  const { machine, view } = scene();
  const id = machine.id.slice(0, 11);
  const zone = `-m comment --comment "Set zone for ${machine.id}" -j CT --zone 9`;
  expect(chain(lowerRoot(view, middle), "raw", "neutron-openvswi-PREROUTING")).toEqual([
    `-m physdev --physdev-in qvb${id} ${zone}`,
    `-i qvb${id} ${zone}`,
    `-m physdev --physdev-in tap${id} ${zone}`,
  ]);
  expect(chain(lowerRoot(view, oldest), "raw", "neutron-openvswi-PREROUTING")).toEqual([
    `-m physdev --physdev-in qvb${id} -j CT --zone 9`,
    `-m physdev --physdev-in tap${id} -j CT --zone 9`,
  ]);
});

it.each([
  [oldest, ["mangle", "raw", "filter", "nat"], ["mangle", "raw", "filter"]],
  [middle, ["raw", "filter"], ["raw", "filter"]],
  [newest, ["raw", "filter", "nat"], ["raw", "filter", "nat"]],
])("has the host's tables of $name", (release, ipv4, ipv6) => {
  const { root } = lowerRoot(scene().view, release);
  expect(root?.iptables.map(({ name }) => name)).toEqual(ipv4);
  expect(root?.ip6tables.map(({ name }) => name)).toEqual(ipv6);
});

it("keeps bridged packets out of nat in the last release, trusted ports before machines", () => {
  const { machine, network, view } = scene();
  const devices = chain(lowerRoot(view, newest), "nat", "neutron-openvswi-PREROUTING")?.map((line) => line.split(" ")[3]);
  const trusted = `tap${defined(network.ports[1], "dhcp").id.slice(0, 11)}`;
  expect(devices).toEqual([trusted, trusted, `tap${machine.id.slice(0, 11)}`, `tap${machine.id.slice(0, 11)}`]);
});

it("joins the machine to br-int by a bridge and a pair whose ends know each other", () => {
  const { machine, view } = scene();
  const id = machine.id.slice(0, 11);
  const devices = lowerRoot(view, middle).root?.devices ?? [];
  expect(devices.map(({ name, master, type }) => [name, master, type.kind])).toEqual([
    [`qbr${id}`, undefined, "bridge"],
    [`qvo${id}`, undefined, "veth"],
    [`qvb${id}`, `qbr${id}`, "veth"],
    [`tap${id}`, `qbr${id}`, "tap"],
  ]);
  expect(new Set(devices.map(({ index }) => index)).size).toBe(4);
});

it("turns on netfilter for bridges only where the agent does", () => {
  expect(lowerRoot(scene().view, oldest).root?.sysctls).toHaveLength(3);
  expect(lowerRoot(scene().view, middle).root?.sysctls).toEqual([]);
});
