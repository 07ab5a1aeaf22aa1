import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Namespace } from "../../ir/namespace.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import { aHost, aHostView } from "../../testing/host-view.js";
import { chainLines, namespaceLines } from "../../testing/namespace-lines.js";
import { aFloatingIp, aHostFip, aHostRouter, aNetworkPort, aRouter, aSubnettedNetwork } from "../../testing/router-view.js";
import { lowerFip } from "./fip.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");
const host = aHost("c1", "10.255.0.1");
const table = 2852013569;

/** A host with one floating IP, 198.51.100.50, and its own address 198.51.100.30 on a network of three subnets. */
function lowered(
  release: Release,
  scope?: string,
  own: readonly string[] = ["198.51.100.30", "2001:db8:5::30"],
  gateway6 = "2001:db8:5::1",
): { readonly namespace: Namespace; readonly fg: string; readonly fpr: string } {
  const scoped = scope === undefined ? {} : { ipv4AddressScope: scope };
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]], scoped);
  const external = aSubnettedNetwork(
    "out",
    [
      ["198.51.100.0/24", "198.51.100.1"],
      ["203.0.113.0/24", "203.0.113.1"],
      ["2001:db8:5::/64", gateway6],
    ],
    { external: true, mtu: 1500, ...scoped },
  );
  const routes = [
    ["10.9.0.0/16", "198.51.100.200"],
    ["10.8.0.0/16", "203.0.113.200"],
  ] as const;
  const router = aRouter("r", { interfaces: [[network, ["192.0.2.1"], ["192.0.2.77"]]], gateway: [external, ["198.51.100.9"]], routes });
  const floatingIps = [aFloatingIp("198.51.100.50", router, aNetworkPort(network, "machine", ["192.0.2.10"], { host }))];
  const hostRouter = aHostRouter(router, { linked: true, floatingIps });
  const fip = aHostFip(external, own, [hostRouter]);
  const view = aHostView(host, { routers: [hostRouter], fips: [fip] });
  return { namespace: lowerFip(view, fip, release), fg: fip.agentGateway.device, fpr: `fpr-${router.id}`.slice(0, 14) };
}

it("has a table for each router, by the fpr address, with its default route and extra routes", () => {
  const { namespace, fg, fpr } = lowered(middle);
  expect(namespaceLines(namespace).rules[3]).toBe(`${table}:\tfrom all iif ${fpr} lookup ${table}`);
  expect(namespaceLines(namespace).routes).toEqual([
    `169.254.70.0/31 dev ${fpr} proto kernel scope link src 169.254.70.1`,
    `198.51.100.0/24 dev ${fg} proto kernel scope link src 198.51.100.30`,
    `198.51.100.50 via 169.254.70.0 dev ${fpr} proto static`,
    `203.0.113.0/24 dev ${fg} proto static scope link`,
    `default via 198.51.100.1 dev ${fg} table ${table} proto static`,
    `10.9.0.0/16 via 198.51.100.200 dev ${fg} table ${table}`,
  ]);
});

it("has the IPv6 default route in the router's table, and no on-link IPv6 routes", () => {
  const { namespace, fg } = lowered(middle);
  expect(namespaceLines(namespace).routes6.filter((line) => line.includes(fg))).toEqual([
    `2001:db8:5::/64 dev ${fg} proto kernel metric 256 pref medium`,
    `fe80::/64 dev ${fg} proto kernel metric 256 pref medium`,
    `default via 2001:db8:5::1 dev ${fg} table ${table} proto static metric 1024 pref medium`,
  ]);
});

it("reaches an IPv6 subnet directly where its own port has no address on it", () => {
  const { namespace, fg } = lowered(middle, undefined, ["198.51.100.30"]);
  expect(namespaceLines(namespace).routes6.filter((line) => line.includes(fg))).toEqual([
    `2001:db8:5::/64 dev ${fg} proto static metric 1024 pref medium`,
    `fe80::/64 dev ${fg} proto kernel metric 256 pref medium`,
  ]);
});

it("reaches a link-local gateway directly, in the main table", () => {
  const { namespace, fg } = lowered(newest, undefined, ["198.51.100.30", "2001:db8:5::30"], "fe80::1");
  const { routes6 } = namespaceLines(namespace);
  expect(routes6).toContain(`fe80::1 dev ${fg} proto static metric 1024 pref medium`);
  expect(routes6.at(-1)).toBe(`default via fe80::1 dev ${fg} table ${table} proto static metric 1024 pref medium`);
});

it("has one default route in the main table in the first release, and no on-link routes", () => {
  const { namespace, fg, fpr } = lowered(oldest);
  expect(namespaceLines(namespace).rules).toHaveLength(3);
  expect(namespaceLines(namespace).routes).toEqual([
    `default via 198.51.100.1 dev ${fg}`,
    `169.254.70.0/31 dev ${fpr} proto kernel scope link src 169.254.70.1`,
    `198.51.100.0/24 dev ${fg} proto kernel scope link src 198.51.100.30`,
    `198.51.100.50 via 169.254.70.0 dev ${fpr}`,
  ]);
  expect(namespace.neighbours).toEqual([]);
});

it("routes subnets of the external network's own scope back to the router", () => {
  const { namespace, fpr } = lowered(middle, "all");
  expect(namespaceLines(namespace).routes).toContain(`192.0.2.0/24 via 169.254.70.0 dev ${fpr} proto static`);
});

it("knows the router's end of the link and tracks nothing", () => {
  const { namespace, fpr } = lowered(middle);
  expect(namespaceLines(namespace).neighbours).toEqual([`169.254.70.0 dev ${fpr} lladdr 02:00:00:00:00:01 PERMANENT`]);
  expect(chainLines(namespace.iptables, "raw", "neutron-l3-agent-PREROUTING")).toEqual(["-j CT --notrack"]);
});

it("answers ARP for others, with no delay to speak of in the last release", () => {
  const { namespace, fg } = lowered(newest);
  expect(namespaceLines(namespace).sysctls.filter((line) => line.includes(fg))).toEqual([
    `net.ipv4.conf.${fg}.proxy_arp = 1`,
    `net.ipv4.neigh.${fg}.proxy_delay = 1`,
  ]);
});
