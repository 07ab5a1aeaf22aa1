import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import { findRelease } from "../../releases/index.js";
import { expectFlows, flowLines } from "../../testing/expect-flows.js";
import { aHost, aHostNetwork, aHostView, aNetwork, aPort, aSubnet, type PortParts, wire } from "../../testing/host-view.js";
import { lowerBridges } from "./lower-bridges.js";

const tenant = aNetwork("tenant", "vxlan", { segmentationId: 500 });
const subnet = aSubnet(tenant, "sub", "10.20.0.0/24");

function brInt(parts: PortParts, release = "zed", preventArpSpoofing = true): ReturnType<typeof lowerBridges>[number] {
  const host = aHost("alpha", "192.0.2.1", { preventArpSpoofing });
  const port = aPort("web", "fa:16:3e:00:02:02", [[subnet, "10.20.0.5"]], parts);
  const view = aHostView(host, { dvrMode: false, networks: [aHostNetwork(tenant, 7)], ports: [wire(port, 3, 7)] });
  return defined(lowerBridges(view, defined(findRelease(release), release))[0], "br-int");
}

const spoofing = (lines: readonly string[]): string[] => lines.filter((line) => line.includes("in_port=3"));

it("lets a port speak only with its own MAC and addresses", () => {
  const lines = spoofing(flowLines(brInt({})));
  expect(lines.sort()).toEqual([
    "priority=10,arp,in_port=3 actions=goto_table:24",
    "priority=10,icmp6,in_port=3,icmp_type=136 actions=goto_table:24",
    "priority=9,in_port=3 actions=goto_table:25",
    "table=24, priority=2,arp,in_port=3,arp_spa=10.20.0.5 actions=goto_table:25",
    "table=24, priority=2,icmp6,in_port=3,icmp_type=136,nd_target=fe80::f816:3eff:fe00:202 actions=goto_table:59",
    "table=25, priority=2,in_port=3,dl_src=fa:16:3e:00:02:02 actions=goto_table:30",
  ]);
});

it("ends in NORMAL up to Newton", () => {
  const lines = flowLines(brInt({}, "newton"));
  expect(lines).toContain("table=25, priority=2,in_port=3,dl_src=fa:16:3e:00:02:02 actions=NORMAL");
  expect(lines).toContain("table=24, priority=2,icmp6,in_port=3,icmp_type=136,nd_target=fe80::f816:3eff:fe00:202 actions=NORMAL");
});

it("adds addresses, prefixes and MACs of address pairs", () => {
  expectFlows(
    brInt({ pairs: ["10.20.0.9/24 fa:16:3e:00:aa:01", "2001:db8::7"] }),
    [25],
    [
      "table=25, priority=2,in_port=3,dl_src=fa:16:3e:00:02:02 actions=goto_table:30",
      "table=25, priority=2,in_port=3,dl_src=fa:16:3e:00:aa:01 actions=goto_table:30",
    ],
  );
  const lines = flowLines(brInt({ pairs: ["10.20.0.9/24 fa:16:3e:00:aa:01", "2001:db8::7"] }), 24);
  expect(lines).toContain("table=24, priority=2,arp,in_port=3,arp_spa=10.20.0.0/24 actions=goto_table:25");
  expect(lines).toContain("table=24, priority=2,icmp6,in_port=3,icmp_type=136,nd_target=2001:db8::7 actions=goto_table:59");
  expect(lines).toContain("table=24, priority=2,icmp6,in_port=3,icmp_type=136,nd_target=fe80::f816:3eff:fe00:aa01 actions=goto_table:59");
});

it("checks MACs only where an IPv4 pair stands for every address", () => {
  expect(spoofing(flowLines(brInt({ pairs: ["0.0.0.0/0"] }))).sort()).toEqual([
    "priority=9,in_port=3 actions=goto_table:25",
    "table=25, priority=2,in_port=3,dl_src=fa:16:3e:00:02:02 actions=goto_table:30",
  ]);
});

it("leaves neighbour discovery alone where an IPv6 pair stands for every address", () => {
  const lines = spoofing(flowLines(brInt({ pairs: ["::/0"] })));
  expect(lines).toContain("priority=10,arp,in_port=3 actions=goto_table:24");
  expect(lines.filter((line) => line.includes("icmp6"))).toEqual([]);
});

it.each([
  ["without port security", { portSecurity: false }, "zed", true],
  ["of Neutron's own", { deviceOwner: "network:dhcp" }, "zed", true],
  ["that is down", { adminStateUp: false }, "zed", true],
  ["where Newton's option is off", {}, "newton", false],
] as const)("does not check a port %s", (_, parts, release, prevent) => {
  expect(spoofing(flowLines(brInt(parts, release, prevent)))).toEqual([]);
});

it("checks ports in later releases whatever Newton's option says", () => {
  expect(spoofing(flowLines(brInt({}, "zed", false)))).not.toEqual([]);
});
