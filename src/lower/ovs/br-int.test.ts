import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Bridge } from "../../ir/bridge.js";
import type { HostView } from "../../model/host-view.js";
import { findRelease } from "../../releases/index.js";
import { expectFlows, flowLines } from "../../testing/expect-flows.js";
import { aDelivery, aHost, aHostNetwork, aHostView, aNetwork, aPhysicalBridge, aPort, aSubnet, wire } from "../../testing/host-view.js";
import { lowerBridges } from "./lower-bridges.js";

const host = aHost("alpha", "192.0.2.1", {}, "fa:16:3f:00:00:aa");
const other = aHost("beta", "192.0.2.2", {}, "fa:16:3f:00:00:bb");
const tenant = aNetwork("tenant", "vxlan", { segmentationId: 500 });
const subnet = aSubnet(tenant, "sub", "10.20.0.0/24", "10.20.0.1");
const routerPort = aPort("router", "fa:16:3e:00:01:01", [[subnet, "10.20.0.1"]], { deviceOwner: "network:router_interface_distributed" });
const server = wire(aPort("web", "fa:16:3e:00:02:02", [[subnet, "10.20.0.5"]]), 3, 7);
const router = wire(routerPort, 4, 7, "qr-router");

function brInt(view: HostView, release: string): Bridge {
  return defined(lowerBridges(view, defined(findRelease(release), release))[0], "br-int");
}

function routedView(parts: Partial<HostView> = {}): HostView {
  const network = aHostNetwork(tenant, 7, { ports: [server, router], interfaces: [router], arpReplyInterface: router });
  return aHostView(host, {
    networks: [network],
    ports: [server, router],
    dvrDeliveries: [aDelivery(server, network, routerPort)],
    subnetGateways: [{ subnet, interface: routerPort, wired: router }],
    otherDvrMacs: [{ host: other, mac: defined(other.dvrMac, "DVR MAC") }],
    physicalBridges: [aPhysicalBridge("br-out", "out", 1)],
    ...parts,
  });
}

it("ends local switching in NORMAL up to Newton, twice in DVR mode", () => {
  const lines = flowLines(brInt(aHostView(host), "newton"), 0);
  expect(lines).toEqual(["priority=0 actions=NORMAL", "priority=1 actions=NORMAL"]);
});

it("lets DVR's start-up wipe what came before where flows are dropped on start", () => {
  const dropping = aHost("alpha", "192.0.2.1", { dropFlowsOnStart: true }, "fa:16:3f:00:00:aa");
  const lines = flowLines(brInt(aHostView(dropping), "newton"));
  expect(lines).not.toContain("priority=0 actions=NORMAL");
  expect(lines).not.toContain("table=24, priority=0 actions=drop");
  expect(lines).toContain("table=23, priority=0 actions=drop");
});

it("sends local switching through the tables of the limits in later releases", () => {
  expectFlows(
    brInt(aHostView(host), "2026.1"),
    [30, 31, 58, 59, 60, 62],
    [
      "table=30, priority=0 actions=goto_table:58",
      "table=31, priority=0 actions=goto_table:58",
      "table=58, priority=0 actions=goto_table:59",
      "table=59, priority=0 actions=goto_table:60",
      "table=60, priority=1 actions=NORMAL",
      "table=62, priority=3 actions=NORMAL",
    ],
  );
  expectFlows(
    brInt(aHostView(host), "zed"),
    [59, 60],
    ["table=59, priority=0 actions=goto_table:60", "table=60, priority=3 actions=NORMAL"],
  );
});

it("knows other hosts by their DVR MAC, and itself in later releases", () => {
  expectFlows(
    brInt(routedView({ ports: [] }), "zed"),
    [0],
    [
      "priority=65535,dl_vlan=4095 actions=drop",
      "priority=99,arp,dl_dst=fa:16:3f:00:00:aa,arp_op=2,arp_tha=fa:16:3e:00:01:01 actions=set_field:fa:16:3e:00:01:01->eth_dst,goto_table:59",
      "priority=5,in_port=1,dl_dst=fa:16:3f:00:00:aa actions=goto_table:4",
      "priority=5,in_port=2,dl_dst=fa:16:3f:00:00:aa actions=goto_table:3",
      "priority=4,in_port=1,dl_src=fa:16:3f:00:00:bb actions=goto_table:2",
      "priority=2,in_port=2,dl_src=fa:16:3f:00:00:bb actions=goto_table:1",
      "priority=2,in_port=1 actions=drop",
      "priority=0 actions=goto_table:59",
    ],
  );
});

it("has no flow of DVR outside DVR mode", () => {
  const lines = flowLines(
    brInt(routedView({ dvrMode: false, dvrDeliveries: [], subnetGateways: [], otherDvrMacs: [] }), "zed"),
    0,
    1,
    2,
    3,
    4,
  );
  expect(lines.filter((line) => /table=[1-4],|priority=(?:99|5|4)/.test(line))).toEqual([]);
});

it("delivers routed frames with the router's MAC: at once up to Newton, through the transient table later", () => {
  expectFlows(
    brInt(routedView(), "newton"),
    [1],
    [
      "table=1, priority=4,dl_vlan=7,dl_dst=fa:16:3e:00:02:02 actions=pop_vlan,set_field:fa:16:3e:00:01:01->eth_src,output:3",
      "table=1, priority=1 actions=drop",
    ],
  );
  expectFlows(
    brInt(routedView(), "zed"),
    [1, 3, 60],
    [
      "table=1, priority=20,dl_vlan=7,dl_dst=fa:16:3e:00:02:02 actions=set_field:fa:16:3e:00:01:01->eth_src,goto_table:59",
      "table=1, priority=1 actions=drop",
      "table=3, priority=5,dl_vlan=7,dl_dst=fa:16:3f:00:00:aa actions=set_field:fa:16:3e:00:01:01->eth_dst,pop_vlan,output:4",
      "table=60, priority=20,dl_vlan=7,dl_dst=fa:16:3e:00:02:02 actions=pop_vlan,output:3",
      "table=60, priority=3 actions=NORMAL",
    ],
  );
});

it("leaves out the direct flow that history took", () => {
  const view = routedView();
  const [delivery] = view.dvrDeliveries;
  const lines = flowLines(brInt({ ...view, dvrDeliveries: [{ ...defined(delivery, "delivery"), directMacs: [] }] }, "zed"), 60);
  expect(lines).toEqual(["table=60, priority=3 actions=NORMAL"]);
});

it.each([
  ["vlan", { segmentationId: 90 }, "dl_vlan=90", "pop_vlan,output:3", "in_port=1,dl_vlan=90 actions=set_field:4103->vlan_vid"],
  ["flat", {}, "vlan_tci=0x0000/0x1fff", "output:3", "in_port=1,vlan_tci=0x0000/0x1fff actions=push_vlan:0x8100,set_field:4103->vlan_vid"],
] as const)("matches a routed %s network by what its frames wear outside", (type, segment, frame, deliver, arrive) => {
  const outside = aNetwork("outside", type, { ...segment, physicalNetwork: "out" });
  const on = aSubnet(outside, "sub", "10.30.0.0/24", "10.30.0.1");
  const machine = wire(aPort("db", "fa:16:3e:00:03:03", [[on, "10.30.0.5"]]), 3, 7);
  const gateway = aPort("gw", "fa:16:3e:00:01:02", [[on, "10.30.0.1"]], { deviceOwner: "network:router_interface_distributed" });
  const network = aHostNetwork(outside, 7, { ports: [machine], interfaces: [wire(gateway, 4, 7)], arpReplyInterface: wire(gateway, 4, 7) });
  const view = routedView({ networks: [network], ports: [machine], dvrDeliveries: [aDelivery(machine, network, gateway)] });
  const lines = flowLines(brInt(view, "zed"), 0, 2, 4, 60);
  expect(lines).toContain(`priority=3,${arrive},goto_table:59`);
  expect(lines).toContain(
    `table=2, priority=20,${frame},dl_dst=fa:16:3e:00:03:03 actions=set_field:fa:16:3e:00:01:02->eth_src,goto_table:59`,
  );
  expect(lines).toContain(`table=60, priority=20,${frame},dl_dst=fa:16:3e:00:03:03 actions=${deliver}`);
  expect(lines).toContain(
    "table=4, priority=5,dl_vlan=7,dl_dst=fa:16:3f:00:00:aa actions=set_field:fa:16:3e:00:01:02->eth_dst,pop_vlan,output:4",
  );
});

it("answers for IPv4 subnets only where ARP replies go to the DVR MAC", () => {
  const six = aSubnet(tenant, "six", "2001:db8:5::/64", "2001:db8:5::1");
  const port = aPort("six", "fa:16:3e:00:01:06", [[six, "2001:db8:5::1"]], { deviceOwner: "network:router_interface_distributed" });
  const view = routedView({ subnetGateways: [{ subnet: six, interface: port, wired: wire(port, 9, 7) }] });
  expect(flowLines(brInt(view, "zed"), 0).filter((line) => line.includes("priority=99"))).toEqual([]);
});
