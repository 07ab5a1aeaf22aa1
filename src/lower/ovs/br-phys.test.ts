import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Bridge } from "../../ir/bridge.js";
import type { NetworkType } from "../../model/topology.js";
import type { HostView } from "../../model/host-view.js";
import { findRelease } from "../../releases/index.js";
import { expectFlows, flowLines } from "../../testing/expect-flows.js";
import { aHost, aHostNetwork, aHostView, aNetwork, aPhysicalBridge, aPort, aSubnet, mac, wire } from "../../testing/host-view.js";
import { lowerBridges } from "./lower-bridges.js";

const host = aHost("alpha", "192.0.2.1", {}, "fa:16:3f:00:00:aa");

function physical(release: string, type: NetworkType, parts: Partial<HostView> = {}): Bridge {
  const network = aNetwork("outside", type, { physicalNetwork: "out", ...(type === "vlan" ? { segmentationId: 90 } : {}) });
  const subnet = aSubnet(network, "sub", "10.30.0.0/24", "10.30.0.1");
  const port = aPort("gw", "fa:16:3e:00:01:02", [[subnet, "10.30.0.1"]], { deviceOwner: "network:router_interface_distributed" });
  const router = wire(port, 4, 7);
  const view = aHostView(host, {
    physicalBridges: [aPhysicalBridge("br-out", "out", 1)],
    networks: [aHostNetwork(network, 7, { ports: [router], interfaces: [router] })],
    ports: [router],
    otherDvrMacs: [{ host: aHost("beta", "192.0.2.2"), mac: mac("fa:16:3f:00:00:bb") }],
    ...parts,
  });
  return defined(lowerBridges(view, defined(findRelease(release), release))[2], "br-out");
}

it("passes only what belongs to a network of the host, at once without DVR", () => {
  expectFlows(
    physical("zed", "vlan", { dvrMode: false }),
    [],
    [
      "priority=4,in_port=2,dl_vlan=7 actions=set_field:4186->vlan_vid,NORMAL",
      "priority=2,in_port=2 actions=drop",
      "priority=0 actions=NORMAL",
    ],
  );
});

it("hides routers on VLAN networks in DVR mode; the drop of ARP ends where nothing comes", () => {
  expectFlows(
    physical("zed", "vlan"),
    [],
    [
      "priority=2,in_port=2 actions=goto_table:1",
      "priority=1 actions=goto_table:3",
      "priority=0 actions=NORMAL",
      "table=1, priority=2,dl_vlan=7,dl_dst=fa:16:3e:00:01:02 actions=drop",
      "table=1, priority=1,dl_vlan=7,dl_src=fa:16:3e:00:01:02 actions=set_field:fa:16:3f:00:00:aa->eth_src,goto_table:2",
      "table=1, priority=0 actions=goto_table:2",
      "table=2, priority=4,in_port=2,dl_vlan=7 actions=set_field:4186->vlan_vid,NORMAL",
      "table=2, priority=2,in_port=2 actions=drop",
      "table=3, priority=2,dl_src=fa:16:3f:00:00:bb actions=output:2",
      "table=3, priority=1 actions=NORMAL",
      "table=22, priority=3,arp,dl_vlan=7,arp_tpa=10.30.0.1 actions=drop",
    ],
  );
});

it("strips flat networks in one lookup up to Newton, and does not route on them", () => {
  const newton = flowLines(physical("newton", "flat"));
  expect(newton).toContain("priority=4,in_port=2,dl_vlan=7 actions=pop_vlan,NORMAL");
  expect(newton.filter((line) => line.includes("fa:16:3e:00:01:02"))).toEqual([]);
  const zed = flowLines(physical("zed", "flat"));
  expect(zed).toContain("table=2, priority=4,in_port=2,dl_vlan=7 actions=pop_vlan,NORMAL");
  expect(zed).toContain("table=1, priority=2,dl_vlan=7,dl_dst=fa:16:3e:00:01:02 actions=drop");
});

it("has no flow of a network that another bridge carries", () => {
  const elsewhere = aNetwork("elsewhere", "vlan", { physicalNetwork: "other", segmentationId: 91 });
  const lines = flowLines(physical("zed", "vlan", { networks: [aHostNetwork(elsewhere, 8)] }));
  expect(lines.filter((line) => line.includes("dl_vlan"))).toEqual([]);
});
