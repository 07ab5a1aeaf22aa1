import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { FirewallDriver } from "../../model/agent-options.js";
import { findRelease } from "../../releases/index.js";
import { expectFlows, flowLines } from "../../testing/expect-flows.js";
import { aHost, aHostNetwork, aHostView, aNetwork, aPhysicalBridge, aPort, aSubnet, wire } from "../../testing/host-view.js";
import { lowerBridges } from "./lower-bridges.js";

function brInt(firewallDriver: FirewallDriver, release: string): ReturnType<typeof lowerBridges>[number] {
  const host = aHost("alpha", "192.0.2.1", { firewallDriver, explicitlyEgressDirect: true }, "fa:16:3f:00:00:aa");
  const networks = [
    aNetwork("tunnelled", "vxlan", { segmentationId: 500 }),
    aNetwork("tagged", "vlan", { segmentationId: 90, physicalNetwork: "out" }),
    aNetwork("outside", "flat", { physicalNetwork: "out" }),
  ];
  const ports = networks.map((network, index) => {
    const subnet = aSubnet(network, "sub", `10.${index}.0.0/24`);
    const parts = { deviceOwner: index === 2 ? "network:floatingip_agent_gateway" : "compute:nova" };
    return wire(aPort(network.name, `fa:16:3e:00:00:0${index}`, [[subnet, `10.${index}.0.5`]], parts), index + 3, index + 11);
  });
  const view = aHostView(host, {
    networks: networks.map((network, index) => aHostNetwork(network, index + 11)),
    ports,
    physicalBridges: [aPhysicalBridge("br-out", "out", 1)],
  });
  return defined(lowerBridges(view, defined(findRelease(release), release))[0], "br-int");
}

it("delivers by MAC without the openvswitch firewall", () => {
  expectFlows(
    brInt("noop", "zed"),
    [60, 61, 62],
    [
      "table=60, priority=9,in_port=3,dl_src=fa:16:3e:00:00:00 actions=set_field:0xb->reg6,resubmit(,61)",
      "table=60, priority=9,in_port=4,dl_src=fa:16:3e:00:00:01 actions=set_field:0xc->reg6,resubmit(,61)",
      "table=60, priority=9,in_port=5,dl_src=fa:16:3e:00:00:02 actions=set_field:0xd->reg6,resubmit(,61)",
      "table=60, priority=4,in_port=1 actions=goto_table:61",
      "table=60, priority=4,in_port=2 actions=goto_table:61",
      "table=60, priority=3 actions=NORMAL",
      "table=61, priority=12,dl_vlan=11,dl_dst=fa:16:3e:00:00:00 actions=pop_vlan,output:3",
      "table=61, priority=12,dl_vlan=12,dl_dst=fa:16:3e:00:00:01 actions=pop_vlan,output:4",
      "table=61, priority=12,dl_vlan=13,dl_dst=fa:16:3e:00:00:02 actions=pop_vlan,output:5",
      "table=61, priority=12,reg6=0xb,dl_dst=fa:16:3e:00:00:00 actions=output:3",
      "table=61, priority=12,reg6=0xc,dl_dst=fa:16:3e:00:00:01 actions=output:4",
      "table=61, priority=12,reg6=0xd,dl_dst=fa:16:3e:00:00:02 actions=output:5",
      "table=61, priority=0 actions=goto_table:62",
      "table=62, priority=10,in_port=3,dl_src=fa:16:3e:00:00:00,dl_dst=00:00:00:00:00:00/01:00:00:00:00:00 actions=push_vlan:0x8100,set_field:4107->vlan_vid,output:2",
      "table=62, priority=10,in_port=4,dl_src=fa:16:3e:00:00:01,dl_dst=00:00:00:00:00:00/01:00:00:00:00:00 actions=push_vlan:0x8100,set_field:4108->vlan_vid,output:1",
      "table=62, priority=3 actions=NORMAL",
    ],
  );
});

it("delivers by MAC in table 94 with the openvswitch firewall, for trusted ports too", () => {
  expectFlows(
    brInt("openvswitch", "zed"),
    [94],
    [
      "table=94, priority=12,reg6=0xb,dl_dst=fa:16:3e:00:00:00 actions=output:3",
      "table=94, priority=12,reg6=0xc,dl_dst=fa:16:3e:00:00:01 actions=output:4",
      "table=94, priority=12,reg6=0xd,dl_dst=fa:16:3e:00:00:02 actions=output:5",
      "table=94, priority=10,reg6=0xb,dl_src=fa:16:3e:00:00:00,dl_dst=00:00:00:00:00:00/01:00:00:00:00:00 actions=push_vlan:0x8100,set_field:4107->vlan_vid,output:2",
      "table=94, priority=10,reg6=0xc,dl_src=fa:16:3e:00:00:01,dl_dst=00:00:00:00:00:00/01:00:00:00:00:00 actions=push_vlan:0x8100,set_field:4108->vlan_vid,output:1",
      "table=94, reset_counts priority=1 actions=NORMAL",
    ],
  );
});

it("takes frames from the patch ports into the firewall since 2025.1", () => {
  const lines = flowLines(brInt("openvswitch", "2025.1"), 60, 94);
  expect(lines).toContain("table=60, reset_counts priority=2 actions=resubmit(,94)");
  expect(lines).toContain("table=94, priority=12,dl_vlan=11,dl_dst=fa:16:3e:00:00:00 actions=pop_vlan,output:3");
  expect(flowLines(brInt("openvswitch", "zed"), 60)).not.toContain("table=60, reset_counts priority=2 actions=resubmit(,94)");
});

it("is not known up to Newton", () => {
  const lines = flowLines(brInt("noop", "newton"));
  expect(lines.filter((line) => /table=6[0-2]/.test(line))).toEqual([]);
});
