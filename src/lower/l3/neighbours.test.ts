import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { HostRouter } from "../../model/host-view.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import { aHost } from "../../testing/host-view.js";
import { aHostRouter, aNetworkPort, aRouter, aSubnettedNetwork, macOf } from "../../testing/router-view.js";
import { routerNeighbours } from "./neighbours.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");
const host = aHost("c1", "10.255.0.1");

function cloud(): HostRouter {
  const network = aSubnettedNetwork("blue", [
    ["192.0.2.0/24", "192.0.2.1"],
    ["198.51.100.0/24", "198.51.100.1"],
  ]);
  const router = aRouter("r", { interfaces: [[network, ["192.0.2.1"], ["192.0.2.30"]]] });
  aNetworkPort(network, "bound", ["192.0.2.20", "198.51.100.20"], { host, pairs: ["192.0.2.4 fa:16:3e:aa:aa:aa", "192.0.2.64/26"] });
  aNetworkPort(network, "unbound", ["192.0.2.3"]);
  aNetworkPort(network, "balancer", ["192.0.2.5"], { host, deviceOwner: "neutron:LOADBALANCERV2" });
  aNetworkPort(network, "elsewhere", ["198.51.100.8"], { host });
  return aHostRouter(router);
}

function known(release: Release): (readonly [string, string])[] {
  return routerNeighbours(cloud(), release).map(({ ip, lladdr }) => [ip, lladdr]);
}

it("knows bound ports, SNAT ports and single-address pairs, ascending, with the port's own MAC", () => {
  expect(known(middle)).toEqual([
    ["192.0.2.4", macOf("bound")],
    ["192.0.2.20", macOf("bound")],
    ["192.0.2.30", macOf("r-0-csnat")],
  ]);
});

it("knows pairs by their own MACs on hosts that the lock names, since the router came there after them", () => {
  const router = { ...cloud(), pairNeighbours: ["192.0.2.4", "192.0.2.20", "192.0.2.99"] };
  expect(routerNeighbours(router, middle).map(({ ip, lladdr }) => [ip, lladdr])).toEqual([
    ["192.0.2.4", "fa:16:3e:aa:aa:aa"],
    ["192.0.2.20", macOf("bound")],
    ["192.0.2.30", macOf("r-0-csnat")],
  ]);
});

it("gives a pair's address the pair's MAC in releases that tell it", () => {
  expect(known(newest)[0]).toEqual(["192.0.2.4", "fa:16:3e:aa:aa:aa"]);
});

it("knows load balancers' ports once the release has none of its own", () => {
  expect(known(newest).map(([ip]) => ip)).toContain("192.0.2.5");
});

it("knows every port with all its addresses, bound or not, and no pairs, in the first release", () => {
  expect(known(oldest).map(([ip]) => ip)).toEqual(["192.0.2.3", "192.0.2.5", "192.0.2.20", "192.0.2.30", "198.51.100.20"]);
});

it("knows IPv6 ports like any other", () => {
  const network = aSubnettedNetwork("six", [["2001:db8:1::/64", "2001:db8:1::1"]]);
  const router = aHostRouter(aRouter("r", { interfaces: [[network, ["2001:db8:1::1"]]] }));
  aNetworkPort(network, "b", ["2001:db8:1::b"], { host });
  aNetworkPort(network, "a", ["2001:db8:1::10"], { host });
  expect(routerNeighbours(router, middle).map(({ ip }) => ip)).toEqual(["2001:db8:1::b", "2001:db8:1::10"]);
});
