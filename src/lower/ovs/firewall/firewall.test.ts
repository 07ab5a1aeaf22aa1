import { expect, it } from "vitest";
import { defined } from "../../../base/invariant.js";
import type { HostView } from "../../../model/host-view.js";
import type { ResolvedPort, ResolvedSecurityGroup } from "../../../model/resolved.js";
import type { NetworkType } from "../../../model/topology.js";
import { findRelease } from "../../../releases/index.js";
import { expectFlows, flowLines } from "../../../testing/expect-flows.js";
import {
  aHost,
  aHostNetwork,
  aHostView,
  anAddressGroup,
  aNetwork,
  aPhysicalBridge,
  aPort,
  aSecurityGroup,
  aSubnet,
  cidr,
  type PortParts,
  type RuleParts,
  wire,
} from "../../../testing/host-view.js";
import { lowerBridges } from "../lower-bridges.js";

const host = aHost("alpha", "192.0.2.1", { firewallDriver: "openvswitch" }, "fa:16:3f:00:00:aa");
const tenant = aNetwork("tenant", "vxlan", { segmentationId: 500 });
const subnet = aSubnet(tenant, "sub", "10.20.0.0/24");
const six = aSubnet(tenant, "six", "2001:db8:5::/64");

function lines(release: string, view: Partial<HostView>, ...tables: readonly number[]): string[] {
  const bridges = lowerBridges(aHostView(host, { networks: [aHostNetwork(tenant, 7)], ...view }), defined(findRelease(release), release));
  return flowLines(defined(bridges[0], "br-int"), ...tables);
}

function server(name: string, ofport: number, groups: readonly ResolvedSecurityGroup[], parts: PortParts = {}): HostView["ports"][number] {
  const last = ofport.toString(16).padStart(2, "0");
  return wire(aPort(name, `fa:16:3e:00:00:${last}`, [[subnet, `10.20.0.${ofport}`]], { securityGroups: groups, ...parts }), ofport, 7);
}

/** Lines of a server on port 3 whose one group has these rules. */
function ruleLines(release: string, rules: readonly RuleParts[], table = 82): string[] {
  return lines(release, { ports: [server("web", 3, [aSecurityGroup("g", rules)])] }, table).filter((line) => /priority=7\d/.test(line));
}

it.each([
  [{}, "priority=74", "ip", ""],
  [{ ethertype: "IPv6" }, "priority=74", "ipv6", ""],
  [{ protocol: "icmp" }, "priority=75", "icmp", ""],
  [{ protocol: "icmp", ethertype: "IPv6" }, "priority=75", "icmp6", ""],
  [{ protocol: "ipv6-icmp", ethertype: "IPv6", portRangeMin: 128 }, "priority=76", "icmp6", "icmp_type=128"],
  [{ protocol: "icmp", portRangeMin: 8, portRangeMax: 0 }, "priority=77", "icmp", "icmp_type=8,icmp_code=0"],
  [{ protocol: "tcp", portRangeMin: 22, portRangeMax: 22 }, "priority=77", "tcp", "tp_dst=22"],
  [{ protocol: "udp" }, "priority=77", "udp", ""],
  [{ protocol: "sctp", portRangeMin: 5, portRangeMax: 5 }, "priority=77", "sctp", "tp_dst=5"],
  [{ protocol: "dccp", portRangeMin: 5, portRangeMax: 5 }, "priority=77", "ip", "nw_proto=33"],
  [{ protocol: "112" }, "priority=77", "ip", "nw_proto=112"],
  [{ remoteIpPrefix: cidr("203.0.113.7/24") }, "priority=74", "ip", "nw_src=203.0.113.0/24"],
  [{ remoteIpPrefix: cidr("203.0.113.7/32") }, "priority=74", "ip", "nw_src=203.0.113.7"],
  [{ remoteIpPrefix: cidr("0.0.0.0/0") }, "priority=74", "ip", ""],
  [{ ethertype: "IPv6", remoteIpPrefix: cidr("2001:db8::/32") }, "priority=74", "ipv6", "ipv6_src=2001:db8::/32"],
] as readonly (readonly [RuleParts, string, string, string])[])("lets %j in at %s as %s", (rule, priority, word, rest) => {
  const end = `${word},reg5=0x3${rest === "" ? "" : `,${rest}`}`;
  expect(ruleLines("zed", [rule]).sort()).toEqual([
    `table=82, ${priority},ct_state=+est-rel-rpl,${end} actions=output:3`,
    `table=82, ${priority},ct_state=+new-est,${end} actions=ct(commit,zone=NXM_NX_REG6[0..15]),output:3,resubmit(,92)`,
  ]);
});

it("lets egress rules leave by way of local filtered ports", () => {
  expect(ruleLines("zed", [{ direction: "egress", remoteIpPrefix: cidr("203.0.113.0/24") }], 72).sort()).toEqual([
    "table=72, priority=74,ct_state=+est-rel-rpl,ip,reg5=0x3,nw_dst=203.0.113.0/24 actions=resubmit(,73)",
    "table=72, priority=74,ct_state=+new-est,ip,reg5=0x3,nw_dst=203.0.113.0/24 actions=resubmit(,73)",
  ]);
});

it("splits a range of ports into masks", () => {
  const ports = ruleLines("zed", [{ protocol: "tcp", portRangeMin: 8000, portRangeMax: 8100 }]).map(
    (line) => /tp_dst=([^ ]+)/.exec(line)?.[1],
  );
  expect(ports).toEqual(["0x1f40/0xffc0", "0x1f80/0xffe0", "0x1fa0/0xfffc", "8100"].flatMap((mask) => [mask, mask]));
});

it("merges equal rules of two groups and joins their places", () => {
  const groups = [aSecurityGroup("a", [{ protocol: "icmp" }]), aSecurityGroup("b", [{ protocol: "icmp" }])];
  const [brInt] = lowerBridges(
    aHostView(host, { networks: [aHostNetwork(tenant, 7)], ports: [server("web", 3, groups)] }),
    defined(findRelease("zed"), "zed"),
  );
  const rules = brInt?.flows.filter(({ table, priority }) => table === 82 && priority === 75) ?? [];
  expect(rules).toHaveLength(2);
  expect(rules[0]?.origin.because).toEqual(["/security_groups/a/rules/0", "/ports/web", "/security_groups/b/rules/0"]);
});

it("gives a MAC of an address pair its own entry but neither link-local address nor a first DHCP request", () => {
  const port = server("web", 3, [], { pairs: ["10.20.0.99 fa:16:3e:00:ff:ff"] });
  const own = lines("2025.1", { ports: [port] }).filter((line) => line.includes("fa:16:3e:00:ff:ff"));
  expect(own.sort()).toEqual([
    "table=60, priority=90,dl_vlan=7,dl_dst=fa:16:3e:00:ff:ff actions=set_field:0x3->reg5,set_field:0x7->reg6,pop_vlan,resubmit(,81)",
    "table=71, priority=65,ip,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:ff:ff,nw_src=10.20.0.99 actions=ct(table=72,zone=NXM_NX_REG6[0..15])",
    "table=71, priority=80,udp,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:ff:ff,nw_src=10.20.0.99,tp_src=68,tp_dst=67 actions=resubmit(,73)",
    "table=71, priority=95,arp,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:ff:ff,arp_spa=10.20.0.99 actions=resubmit(,94)",
    "table=71, priority=95,rarp,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:ff:ff actions=resubmit(,94)",
    "table=73, priority=100,reg6=0x7,dl_dst=fa:16:3e:00:ff:ff actions=set_field:0x3->reg5,resubmit(,81)",
  ]);
});

it("lets a port use every IPv6 address it has, not only its link-local one", () => {
  const port = wire(aPort("six", "fa:16:3e:00:00:03", [[six, "2001:db8:5::9"]]), 3, 7);
  const own = lines("zed", { ports: [port] }, 71).filter((line) => line.includes("2001:db8:5::9"));
  expect(own.map((line) => line.replace(/ actions.*/, "")).sort()).toEqual([
    "table=71, priority=65,ipv6,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03,ipv6_src=2001:db8:5::9",
    "table=71, priority=80,udp6,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03,ipv6_src=2001:db8:5::9,tp_src=546,tp_dst=547",
    "table=71, priority=95,icmp6,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03,ipv6_src=2001:db8:5::9,icmp_type=130",
    "table=71, priority=95,icmp6,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03,ipv6_src=2001:db8:5::9,icmp_type=133",
    "table=71, priority=95,icmp6,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03,ipv6_src=2001:db8:5::9,icmp_type=135",
    "table=71, priority=95,icmp6,reg5=0x3,in_port=3,icmp_type=136,nd_target=2001:db8:5::9",
  ]);
});

it("names no source where an address pair stands for every address", () => {
  const open = lines("zed", { ports: [server("web", 3, [], { pairs: ["0.0.0.0/0"] })] }, 71);
  expect(open).toContain(
    "table=71, priority=65,ip,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03 actions=ct(table=72,zone=NXM_NX_REG6[0..15])",
  );
  expect(open).toContain("table=71, priority=95,arp,reg5=0x3,in_port=3,dl_src=fa:16:3e:00:00:03 actions=resubmit(,94)");
});

it.each([
  ["vlan", { segmentationId: 90 }, "dl_vlan=90", "pop_vlan,resubmit(,81)"],
  ["flat", {}, "vlan_tci=0x0000/0x1fff", "resubmit(,81)"],
] as readonly (readonly [NetworkType, { segmentationId?: number }, string, string])[])(
  "takes frames of a %s network as they come from outside, too",
  (type, segment, frame, enter) => {
    const outside = aNetwork("outside", type, { ...segment, physicalNetwork: "out" });
    const port = wire(aPort("web", "fa:16:3e:00:00:03", [[aSubnet(outside, "sub", "10.9.0.0/24"), "10.9.0.3"]]), 3, 7);
    const view = { networks: [aHostNetwork(outside, 7)], ports: [port], physicalBridges: [aPhysicalBridge("br-out", "out", 1)] };
    const marked = "set_field:0x3->reg5,set_field:0x7->reg6";
    expect(lines("zed", view, 60).filter((line) => line.includes("priority=90"))).toEqual([
      `table=60, priority=90,dl_vlan=7,dl_dst=fa:16:3e:00:00:03 actions=${marked},pop_vlan,resubmit(,81)`,
      `table=60, priority=90,${frame},dl_dst=fa:16:3e:00:00:03 actions=${marked},${enter}`,
    ]);
  },
);

it("does not filter Neutron's own ports and ports without port security", () => {
  const dhcp = server("dhcp", 4, [], { deviceOwner: "network:dhcp" });
  const open = server("open", 5, [], { portSecurity: false });
  expectFlows(
    defined(
      lowerBridges(aHostView(host, { networks: [aHostNetwork(tenant, 7)], ports: [dhcp, open] }), defined(findRelease("zed"), "zed"))[0],
      "br-int",
    ),
    [60, 73],
    [
      "table=60, priority=100,in_port=4 actions=set_field:0x4->reg5,set_field:0x7->reg6,resubmit(,73)",
      "table=60, priority=100,in_port=5 actions=set_field:0x5->reg5,set_field:0x7->reg6,resubmit(,73)",
      "table=60, priority=3 actions=NORMAL",
      "table=73, priority=80,reg5=0x4 actions=resubmit(,94)",
      "table=73, priority=80,reg5=0x5 actions=resubmit(,94)",
      "table=73, reset_counts priority=0 actions=drop",
    ],
  );
});

/** A server in group `app` that lets group `db` in, with two members of `db`. */
function conjunctionView(rules: (db: ResolvedSecurityGroup) => readonly RuleParts[], members: readonly ResolvedPort[]): Partial<HostView> {
  const db = aSecurityGroup("db", [], members);
  const app = aSecurityGroup("app", rules(db));
  return {
    ports: [server("web", 3, [app])],
    firewall: {
      conjunctionIds: new Map([[`${app.key}/ingress/IPv4/${db.key}`, 40]]),
      zones: new Map(),
      groupOrder: new Map(),
    },
  };
}

const member = aPort("db1", "fa:16:3e:00:0d:01", [[subnet, "10.20.0.71"]]);

it("joins a port's rules and a group's addresses by conjunctions, one for each priority", () => {
  const rules = (db: ResolvedSecurityGroup): readonly RuleParts[] => [
    { remoteGroup: db },
    { protocol: "tcp", portRangeMin: 3306, portRangeMax: 3306, remoteGroup: db },
  ];
  const accept = "ct(commit,zone=NXM_NX_REG6[0..15]),output:3,resubmit(,92)";
  expect(
    lines("zed", conjunctionView(rules, [member]), 82)
      .filter((line) => /priority=7\d/.test(line))
      .sort(),
  ).toEqual([
    "table=82, priority=70,conj_id=40,ct_state=+est-rel-rpl,ip,reg5=0x3 actions=set_field:0x28->reg7,output:3",
    `table=82, priority=70,conj_id=41,ct_state=+new-est,ip,reg5=0x3 actions=set_field:0x29->reg7,${accept}`,
    "table=82, priority=70,ct_state=+est-rel-rpl,ip,reg5=0x3 actions=conjunction(40,2/2)",
    "table=82, priority=70,ct_state=+est-rel-rpl,ip,reg6=0x7,nw_src=10.20.0.71 actions=conjunction(40,1/2)",
    "table=82, priority=70,ct_state=+new-est,ip,reg5=0x3 actions=conjunction(41,2/2)",
    "table=82, priority=70,ct_state=+new-est,ip,reg6=0x7,nw_src=10.20.0.71 actions=conjunction(41,1/2)",
    "table=82, priority=73,conj_id=46,ct_state=+est-rel-rpl,ip,reg5=0x3 actions=set_field:0x2e->reg7,output:3",
    `table=82, priority=73,conj_id=47,ct_state=+new-est,ip,reg5=0x3 actions=set_field:0x2f->reg7,${accept}`,
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7,nw_src=10.20.0.71 actions=conjunction(46,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,tcp,reg5=0x3,tp_dst=3306 actions=conjunction(46,2/2)",
    "table=82, priority=73,ct_state=+new-est,ip,reg6=0x7,nw_src=10.20.0.71 actions=conjunction(47,1/2)",
    "table=82, priority=73,ct_state=+new-est,tcp,reg5=0x3,tp_dst=3306 actions=conjunction(47,2/2)",
  ]);
});

it("counts address pairs among a group's addresses, by MAC where they stand for every address", () => {
  const paired = aPort("db1", "fa:16:3e:00:0d:01", [[subnet, "10.20.0.71"]], { pairs: ["10.20.1.0/24", "0.0.0.0/0 fa:16:3e:00:0d:02"] });
  const halves = lines(
    "zed",
    conjunctionView((db) => [{ remoteGroup: db }], [paired]),
    82,
  ).filter((line) => line.includes("(40,1/2)"));
  expect(halves.map((line) => /reg6=0x7,(\S+)/.exec(line)?.[1]).sort()).toEqual([
    "dl_src=fa:16:3e:00:0d:02",
    "nw_src=10.20.0.71",
    "nw_src=10.20.1.0/24",
  ]);
});

it("puts the ids of several groups with one address on one flow, ascending", () => {
  const db = aSecurityGroup("db", [], [member]);
  const ops = aSecurityGroup("ops", [], [member]);
  const app = aSecurityGroup("app", [{ remoteGroup: ops }, { remoteGroup: db }]);
  const conjunctionIds = new Map([
    [`${app.key}/ingress/IPv4/${db.key}`, 16],
    [`${app.key}/ingress/IPv4/${ops.key}`, 24],
  ]);
  const found = lines(
    "zed",
    { ports: [server("web", 3, [app])], firewall: { conjunctionIds, zones: new Map(), groupOrder: new Map() } },
    82,
  );
  expect(found).toContain(
    "table=82, priority=70,ct_state=+est-rel-rpl,ip,reg6=0x7,nw_src=10.20.0.71 actions=conjunction(16,1/2),conjunction(24,1/2)",
  );
  expect(found).toContain("table=82, priority=70,ct_state=+est-rel-rpl,ip,reg5=0x3 actions=conjunction(24,2/2),conjunction(16,2/2)");
});

it("puts the ids of all groups with a pair for every address on each such pair's MAC", () => {
  const open = (name: string, last: string): ResolvedPort =>
    aPort(name, `fa:16:3e:00:0e:${last}`, [[subnet, `10.20.0.1${last}`]], { pairs: ["0.0.0.0/0"] });
  const db = aSecurityGroup("db", [], [open("db1", "01")]);
  const ops = aSecurityGroup("ops", [], [open("ops1", "02")]);
  const app = aSecurityGroup("app", [{ remoteGroup: ops }, { remoteGroup: db, protocol: "tcp" }]);
  const conjunctionIds = new Map([
    [`${app.key}/ingress/IPv4/${db.key}`, 16],
    [`${app.key}/ingress/IPv4/${ops.key}`, 24],
  ]);
  const view = { ports: [server("web", 3, [app])], firewall: { conjunctionIds, zones: new Map(), groupOrder: new Map() } };
  const found = lines("zed", view, 82).filter((line) => line.includes("dl_src") && line.includes("+est"));
  expect(found.sort()).toEqual([
    "table=82, priority=70,ct_state=+est-rel-rpl,ip,reg6=0x7,dl_src=fa:16:3e:00:0e:01 actions=conjunction(24,1/2)",
    "table=82, priority=70,ct_state=+est-rel-rpl,ip,reg6=0x7,dl_src=fa:16:3e:00:0e:02 actions=conjunction(24,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7,dl_src=fa:16:3e:00:0e:01 actions=conjunction(22,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7,dl_src=fa:16:3e:00:0e:02 actions=conjunction(22,1/2)",
  ]);
});

it("takes an address group for a remote group whose addresses have no MACs", () => {
  const offices = anAddressGroup("offices", ["203.0.113.0/24", "198.51.100.9/32", "0.0.0.0/0", "2001:db8:7::/48"]);
  const db = aSecurityGroup("db", [], [member]);
  const app = aSecurityGroup("app", [
    { protocol: "tcp", remoteAddressGroup: offices },
    { ethertype: "IPv6", remoteAddressGroup: offices },
    { protocol: "tcp", remoteGroup: db },
  ]);
  const conjunctionIds = new Map([
    [`${app.key}/ingress/IPv4/${offices.key}`, 16],
    [`${app.key}/ingress/IPv6/${offices.key}`, 24],
    [`${app.key}/ingress/IPv4/${db.key}`, 32],
  ]);
  const view = { ports: [server("web", 3, [app])], firewall: { conjunctionIds, zones: new Map(), groupOrder: new Map() } };
  const established = lines("zed", view, 82).filter((line) => line.includes("+est") && line.includes("conjunction"));
  expect(established.sort()).toEqual([
    "table=82, priority=70,ct_state=+est-rel-rpl,ipv6,reg5=0x3 actions=conjunction(24,2/2)",
    "table=82, priority=70,ct_state=+est-rel-rpl,ipv6,reg6=0x7,ipv6_src=2001:db8:7::/48 actions=conjunction(24,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7 actions=conjunction(22,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7,nw_src=10.20.0.71 actions=conjunction(38,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7,nw_src=198.51.100.9 actions=conjunction(22,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,ip,reg6=0x7,nw_src=203.0.113.0/24 actions=conjunction(22,1/2)",
    "table=82, priority=73,ct_state=+est-rel-rpl,tcp,reg5=0x3 actions=conjunction(22,2/2),conjunction(38,2/2)",
  ]);
});

it("expands remote groups up to Newton, the port's own address left out", () => {
  const members: ResolvedPort[] = [];
  const self = aSecurityGroup("self", (group) => [{ protocol: "tcp", portRangeMin: 80, portRangeMax: 80, remoteGroup: group }], members);
  const port = server("web", 3, [self]);
  members.push(port.port, member);
  expect(
    lines("newton", { ports: [port] }, 82)
      .filter((line) => line.includes("priority=70"))
      .sort(),
  ).toEqual([
    "table=82, reset_counts priority=70,ct_state=+est-rel-rpl,tcp,reg5=0x3,dl_dst=fa:16:3e:00:00:03,nw_src=10.20.0.71,tp_dst=80 actions=pop_vlan,output:3",
    "table=82, reset_counts priority=70,ct_state=+new-est,tcp,reg5=0x3,dl_dst=fa:16:3e:00:00:03,nw_src=10.20.0.71,tp_dst=80 actions=ct(commit,zone=NXM_NX_REG6[0..15]),pop_vlan,output:3",
  ]);
});

it("knows neither ICMP types nor other protocols up to Newton", () => {
  const words = ruleLines("newton", [{ protocol: "icmp", portRangeMin: 8 }, { protocol: "112" }]).map(
    (line) => /-rpl,(.*?) actions/.exec(line)?.[1],
  );
  expect(words.filter(Boolean)).toEqual(["icmp,reg5=0x3,dl_dst=fa:16:3e:00:00:03", "ip,reg5=0x3,dl_dst=fa:16:3e:00:00:03"]);
});

it("matches ICMPv6 up to Newton only where a rule calls it icmp", () => {
  const words = (protocol: string) => ruleLines("newton", [{ protocol, ethertype: "IPv6" }]).map((line) => line.split(",")[3]);
  expect([...new Set(words("icmp"))]).toEqual(["icmp6"]);
  expect([...new Set(words("icmpv6"))]).toEqual(["ipv6"]);
});

it("enters from local switching and matches no VLAN up to Newton", () => {
  const found = lines("newton", { ports: [server("web", 3, [])] }, 0, 73);
  expect(found).toContain("reset_counts priority=100,in_port=3 actions=load:0x3->NXM_NX_REG5[],load:0x7->NXM_NX_REG6[],resubmit(,71)");
  expect(found).toContain(
    "reset_counts priority=90,dl_dst=fa:16:3e:00:00:03 actions=load:0x3->NXM_NX_REG5[],load:0x7->NXM_NX_REG6[],resubmit(,81)",
  );
  expect(found).toContain(
    "table=73, reset_counts priority=90,ct_state=+new-est,reg5=0x3 actions=ct(commit,zone=NXM_NX_REG6[0..15]),NORMAL",
  );
});
