import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Bridge } from "../../ir/bridge.js";
import type { AgentOptions } from "../../model/agent-options.js";
import type { HostNetwork, HostView } from "../../model/host-view.js";
import { findRelease } from "../../releases/index.js";
import { expectFlows, flowLines } from "../../testing/expect-flows.js";
import { aHost, aHostNetwork, aHostView, aNetwork, aPort, aSubnet, aTunnel, wire } from "../../testing/host-view.js";
import { lowerBridges } from "./lower-bridges.js";

const beta = aHost("beta", "192.0.2.2", {}, "fa:16:3f:00:00:bb");
const tenant = aNetwork("tenant", "vxlan", { segmentationId: 500 });
const subnet = aSubnet(tenant, "sub", "10.20.0.0/24", "10.20.0.1");
const six = aSubnet(tenant, "six", "2001:db8:5::/64", "2001:db8:5::1");
const owner = { deviceOwner: "network:router_interface_distributed" };
const first = wire(aPort("one", "fa:16:3e:00:01:01", [[subnet, "10.20.0.1"]], owner), 4, 7);
const second = wire(aPort("two", "fa:16:3e:00:01:02", [[subnet, "10.20.0.254"]], owner), 5, 7);
const overSix = wire(aPort("six", "fa:16:3e:00:01:06", [[six, "2001:db8:5::1"]], owner), 6, 7);
const far = aPort("far", "fa:16:3e:00:02:02", [
  [subnet, "10.20.0.9"],
  [six, "2001:db8:5::9"],
  [subnet, "10.20.0.10"],
]);

function brTun(release: string, network: Partial<HostNetwork>, parts: Partial<HostView> = {}, agent: Partial<AgentOptions> = {}): Bridge {
  const host = aHost("alpha", "192.0.2.1", agent, "fa:16:3f:00:00:aa");
  const tunnels = [aTunnel(host, beta, 3)];
  const view = aHostView(host, { tunnels, networks: [aHostNetwork(tenant, 7, network)], ...parts });
  return defined(lowerBridges(view, defined(findRelease(release), release))[1], "br-tun");
}

const toBeta = aTunnel(aHost("alpha", "192.0.2.1"), beta, 3);

it("goes from the tunnels to the table that learns, by way of the DVR MACs in DVR mode only", () => {
  const network = "table=4, priority=1,tun_id=0x1f4 actions=push_vlan:0x8100,set_field:4103->vlan_vid,goto_table:";
  const dvr = flowLines(brTun("zed", {}, { otherDvrMacs: [{ host: beta, mac: defined(beta.dvrMac, "MAC") }] }));
  expect(dvr).toContain("priority=1,in_port=3 actions=goto_table:4");
  expect(dvr).toContain("priority=1,in_port=1 actions=goto_table:1");
  expect(dvr).toContain(`${network}9`);
  expect(dvr).toContain("table=9, priority=1,dl_src=fa:16:3f:00:00:bb actions=output:1");
  const plain = flowLines(brTun("zed", {}, { dvrMode: false }));
  expect(plain).toContain("priority=1,in_port=1 actions=goto_table:2");
  expect(plain).toContain(`${network}10`);
  expect(plain.filter((line) => /table=[19],/.test(line))).toEqual([]);
});

it.each([
  ["gre", 3],
  ["vxlan", 4],
  ["geneve", 6],
] as const)("gives %s a table of its own", (type, table) => {
  const network = aNetwork("other", type, { segmentationId: 9 });
  const view = aHostView(aHost("alpha", "192.0.2.1"), { tunnels: [{ ...toBeta, type }], networks: [aHostNetwork(network, 8)] });
  const lines = flowLines(defined(lowerBridges(view, defined(findRelease("zed"), "zed"))[1], "br-tun"), 0, table);
  expect(lines).toContain(`priority=1,in_port=3 actions=goto_table:${table}`);
  expect(lines).toContain(`table=${table}, priority=1,tun_id=0x9 actions=push_vlan:0x8100,set_field:4104->vlan_vid,goto_table:9`);
});

it("floods to the tunnels that the view names, in their order, and has no entry without any", () => {
  const gamma = aTunnel(aHost("alpha", "192.0.2.1"), aHost("gamma", "192.0.2.3"), 2);
  const flood = "table=22, priority=1,dl_vlan=7 actions=pop_vlan,set_field:0x1f4->tun_id,output:3,output:2";
  expectFlows(brTun("zed", { floodTo: [toBeta, gamma] }), [22], [flood, "table=22, priority=0 actions=drop"]);
  expectFlows(brTun("zed", { floodTo: [] }), [22], ["table=22, priority=0 actions=drop"]);
});

it("knows a port on another host by one MAC and each IPv4 address", () => {
  const bridge = brTun("zed", { remotePorts: [{ port: far, tunnel: toBeta }] });
  expect(flowLines(bridge, 20)).toContain(
    "table=20, priority=2,dl_vlan=7,dl_dst=fa:16:3e:00:02:02 actions=pop_vlan,set_field:0x1f4->tun_id,output:3",
  );
  const answers = flowLines(bridge, 21).filter((line) => line.includes("arp_tpa"));
  expect(answers.map((line) => /arp_tpa=(\S+)/.exec(line)?.[1])).toEqual(["10.20.0.9", "10.20.0.10"]);
  expect(answers[0]).toBe(
    "table=21, priority=1,arp,dl_vlan=7,arp_tpa=10.20.0.9 actions=set_field:2->arp_op,move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[],set_field:fa:16:3e:00:02:02->arp_sha,set_field:10.20.0.9->arp_spa,move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],set_field:fa:16:3e:00:02:02->eth_src,IN_PORT",
  );
});

it("says nothing of a port without an address", () => {
  const bare = { ...far, fixedIps: [] };
  expectFlows(
    brTun("zed", { remotePorts: [{ port: bare, tunnel: toBeta }] }),
    [20, 21],
    ["table=20, priority=0 actions=goto_table:22", "table=21, priority=0 actions=goto_table:22"],
  );
});

it.each([
  ["newton", { arpResponder: false }, {}, false],
  ["newton", { arpResponder: true, l2Population: false }, {}, false],
  ["zed", { arpResponder: false }, {}, true],
  ["zed", { arpResponder: false }, { dvrMode: false }, false],
] as const)("%s: answers ARP with %j and %j: %s", (release, agent, parts, answers) => {
  const lines = flowLines(brTun(release, { remotePorts: [{ port: far, tunnel: toBeta }] }, parts, agent), 2, 21);
  expect(lines.some((line) => line.startsWith("table=21,"))).toBe(answers);
  expect(lines.some((line) => line.includes("goto_table:21"))).toBe(answers);
});

it("hides each interface of a distributed router, its ARP in the flood table", () => {
  expectFlows(
    brTun("zed", { interfaces: [first, second] }),
    [1, 22],
    [
      "table=1, priority=2,dl_vlan=7,dl_dst=fa:16:3e:00:01:01 actions=drop",
      "table=1, priority=2,dl_vlan=7,dl_dst=fa:16:3e:00:01:02 actions=drop",
      "table=1, priority=1,dl_vlan=7,dl_src=fa:16:3e:00:01:01 actions=set_field:fa:16:3f:00:00:aa->eth_src,goto_table:2",
      "table=1, priority=1,dl_vlan=7,dl_src=fa:16:3e:00:01:02 actions=set_field:fa:16:3f:00:00:aa->eth_src,goto_table:2",
      "table=1, priority=0 actions=goto_table:2",
      "table=22, priority=3,arp,dl_vlan=7,arp_tpa=10.20.0.1 actions=drop",
      "table=22, priority=3,arp,dl_vlan=7,arp_tpa=10.20.0.254 actions=drop",
      "table=22, priority=0 actions=drop",
    ],
  );
});

it("keeps ARP requests for the subnet's gateway in up to Newton, whatever the interface's own address", () => {
  const lines = flowLines(brTun("newton", { interfaces: [first, second] }), 1);
  expect(lines.filter((line) => line.includes("arp"))).toEqual(["table=1, priority=3,arp,dl_vlan=7,arp_tpa=10.20.0.1 actions=drop"]);
  expect(lines).toContain("table=1, priority=2,dl_vlan=7,dl_dst=fa:16:3e:00:01:02 actions=drop");
});

it("keeps an IPv6 interface's router advertisements in", () => {
  const drop = "icmp6,dl_vlan=7,dl_src=fa:16:3e:00:01:06,icmp_type=134 actions=drop";
  expect(flowLines(brTun("zed", { interfaces: [overSix] }), 22)).toContain(`table=22, priority=3,${drop}`);
  expect(flowLines(brTun("newton", { interfaces: [overSix] }), 1)).toContain(`table=1, priority=3,${drop}`);
});

it("learns from announcements before other frames since 2025.1", () => {
  const matches = (release: string): string[] => flowLines(brTun(release, {}), 10).map((line) => line.slice(0, line.indexOf(" actions=")));
  expect(matches("zed")).toEqual(["table=10, priority=1"]);
  expect(matches("2025.1").sort()).toEqual([
    "table=10, priority=1",
    "table=10, priority=2,arp,arp_tha=ff:ff:ff:ff:ff:ff",
    "table=10, priority=2,icmp6,icmp_type=134",
    "table=10, priority=2,icmp6,icmp_type=136",
  ]);
});

it("puts the bridge's own cookie on every flow and inside learn", () => {
  const bridge = brTun("2026.1", {});
  expect(new Set(bridge.flows.map(({ cookie }) => cookie))).toEqual(new Set([2n]));
  expect(flowLines(bridge, 10).every((line) => line.includes("cookie=0x2,"))).toBe(true);
});

it("leaves networks without tunnels to their physical bridges", () => {
  const outside = aNetwork("outside", "flat", { physicalNetwork: "out" });
  const bridge = brTun("zed", {}, { networks: [aHostNetwork(outside, 8, { interfaces: [first] })] });
  expect(flowLines(bridge).filter((line) => /dl_vlan=8|dl_vlan=7|tun_id=/.test(line))).toEqual([]);
});
