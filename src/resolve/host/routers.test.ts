import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Cidr } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import { findRelease } from "../../releases/index.js";
import {
  emptyDocument,
  floatingIpDeclaration,
  hostDeclaration,
  networkDeclaration,
  routerDeclaration,
  topologyOf,
} from "../../testing/topology.js";
import { resolveTopology } from "../resolve.js";
import { resolveHost } from "./resolve-host.js";

const bridgeMappings = new Map([["ext", "br-ex"]]);
const external = { external: true, networkType: "flat", physicalNetwork: "ext" } as const;

/** Floating IPs that a host serves, and its fip namespaces, where a machine has the router there and another port the floating IP. */
function served(release: string, deviceOwner: string): readonly [floatingIps: number, fips: number] {
  const topology = topologyOf({
    hosts: [
      hostDeclaration("gate", { agentMode: "dvr_snat", localIp: "192.0.2.1" as Ip, bridgeMappings }),
      hostDeclaration("one", { agentMode: "dvr", localIp: "192.0.2.2" as Ip, bridgeMappings }),
    ],
    networks: [
      networkDeclaration("a", { s: "10.1.0.0/24" }),
      networkDeclaration("out", { s: { cidr: "198.51.100.0/24" as Cidr, enableDhcp: false } }, external),
    ],
    routers: [routerDeclaration("r", ["a/s"], "out")],
    servers: { va: { host: "one", networks: ["a"] }, vb: { host: "one", networks: [{ on: "a", deviceOwner }] } },
    floatingIps: [floatingIpDeclaration("f", "vb/0", { network: { key: "out", pointer: "/f" } })],
  });
  const [resolution] = resolveTopology(topology, defined(findRelease(release), release), undefined, emptyDocument);
  const { view } = defined(resolveHost(defined(resolution, "resolution"), "one")[0], "host");
  return [view.routers[0]?.floatingIps.length ?? 0, view.fips.length];
}

it("serves floating IPs of the ports that draw the router to a host", () => {
  expect(served("newton", "compute:nova")).toEqual([1, 1]);
  expect(served("zed", "compute:nova")).toEqual([1, 1]);
});

it("serves floating IPs of other bound ports, too, but in the first release", () => {
  expect(served("newton", "baremetal:none")).toEqual([0, 0]);
  expect(served("zed", "baremetal:none")).toEqual([1, 1]);
});
