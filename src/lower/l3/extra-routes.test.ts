import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { HostRouter } from "../../model/host-view.js";
import { findRelease } from "../../releases/index.js";
import { cidr, ip } from "../../testing/host-view.js";
import { aHostRouter, aRouter, aSubnettedNetwork, type HostRouterParts } from "../../testing/router-view.js";
import { extraRoutes, fipExtraRoutes, type Reach } from "./extra-routes.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");

const reach: Reach[] = [
  { prefix: cidr("192.0.2.0/24"), dev: "qr-a" },
  { prefix: cidr("192.0.2.128/25"), dev: "qr-b" },
  { prefix: cidr("203.0.113.0/24"), dev: "qr-c" },
];

function router(routes: readonly (readonly [string, string])[], parts: HostRouterParts = {}): HostRouter {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]]);
  return aHostRouter(aRouter("r", { interfaces: [[network, ["192.0.2.1"]]], routes }), parts);
}

it("leads a route to the device whose longest prefix has the next hop", () => {
  const { routes } = extraRoutes(router([["10.9.0.0/16", "192.0.2.200"]]), "qrouter", reach, middle);
  expect(routes).toMatchObject([{ destination: "10.9.0.0/16", nextHops: [{ via: "192.0.2.200", dev: "qr-b" }], protocol: "static" }]);
});

it("leaves out a route whose next hop the namespace does not reach", () => {
  expect(extraRoutes(router([["10.9.0.0/16", "10.1.1.1"]]), "qrouter", reach, middle).routes).toEqual([]);
});

it("makes one multipath route of several next hops, in the order of the view", () => {
  const hops = [
    ["10.9.0.0/16", "192.0.2.5"],
    ["10.9.0.0/16", "203.0.113.5"],
  ] as const;
  const order = new Map([["10.9.0.0/16", [ip("203.0.113.5"), ip("192.0.2.5")]]]);
  const { routes } = extraRoutes(router(hops, { multipathOrder: order }), "qrouter", reach, middle);
  expect(routes.map((route) => route.nextHops)).toEqual([
    [
      { via: "203.0.113.5", dev: "qr-c", weight: 1 },
      { via: "192.0.2.5", dev: "qr-a", weight: 1 },
    ],
  ]);
});

it("keeps what was added before a next hop that is not reached", () => {
  const hops = [
    ["10.9.0.0/16", "192.0.2.5"],
    ["10.9.0.0/16", "10.1.1.1"],
    ["10.9.0.0/16", "203.0.113.5"],
  ] as const;
  expect(extraRoutes(router(hops), "qrouter", reach, middle).routes[0]?.nextHops).toEqual([{ via: "192.0.2.5", dev: "qr-a" }]);
});

it("keeps the last next hop where the release knows no multipath, without a protocol", () => {
  const hops = [
    ["10.9.0.0/16", "192.0.2.5"],
    ["10.9.0.0/16", "203.0.113.5"],
  ] as const;
  const { routes } = extraRoutes(router(hops), "qrouter", reach, oldest);
  expect(routes.map(({ nextHops, protocol }) => [nextHops, protocol])).toEqual([[[{ via: "203.0.113.5", dev: "qr-c" }], undefined]]);
});

it("gives snat one next hop, the view's choice, until the release has multipath there", () => {
  const hops = [
    ["10.9.0.0/16", "192.0.2.5"],
    ["10.9.0.0/16", "203.0.113.5"],
  ] as const;
  const choice = new Map([["10.9.0.0/16", ip("203.0.113.5")]]);
  expect(extraRoutes(router(hops), "snat", reach, middle).routes[0]?.nextHops).toEqual([{ via: "192.0.2.5", dev: "qr-a" }]);
  expect(extraRoutes(router(hops, { snatNextHop: choice }), "snat", reach, middle).routes[0]?.nextHops).toEqual([
    { via: "203.0.113.5", dev: "qr-c" },
  ]);
  expect(extraRoutes(router(hops), "snat", reach, newest).routes[0]?.nextHops).toHaveLength(2);
  const unreached = new Map([["10.9.0.0/16", ip("10.1.1.1")]]);
  const other = [["10.9.0.0/16", "10.1.1.1"], hops[0]] as const;
  expect(extraRoutes(router(other, { snatNextHop: unreached }), "snat", reach, middle).routes).toEqual([]);
});

it("puts a route through the agent gateway's subnet into the router's table of fip, without a protocol", () => {
  const only = [{ prefix: cidr("198.51.100.0/24"), dev: "fg-x" }];
  const routed = router([
    ["10.9.0.0/16", "198.51.100.7"],
    ["10.8.0.0/16", "192.0.2.7"],
  ]);
  expect(fipExtraRoutes(routed, 77, only, middle).routes).toMatchObject([
    { table: 77, destination: "10.9.0.0/16", nextHops: [{ via: "198.51.100.7", dev: "fg-x" }] },
  ]);
  expect(fipExtraRoutes(routed, 77, only, middle).routes[0]).not.toHaveProperty("protocol");
  expect(fipExtraRoutes(routed, 77, only, oldest).routes).toEqual([]);
});

it("gives IPv6 routes the kernel's metric", () => {
  const { routes, routes6 } = extraRoutes(
    router([["2001:db8:9::/48", "2001:db8:1::7"]]),
    "qrouter",
    [{ prefix: cidr("2001:db8:1::/64"), dev: "qr-a" }],
    middle,
  );
  expect(routes).toEqual([]);
  expect(routes6).toMatchObject([{ destination: "2001:db8:9::/48", metric: 1024 }]);
});
