import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { AgentOptions } from "../../model/agent-options.js";
import type { Namespace } from "../../ir/namespace.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import { aHost, aHostView, ip } from "../../testing/host-view.js";
import { chainLines, namespaceLines } from "../../testing/namespace-lines.js";
import { aNetworkPort, aSubnettedNetwork, wired } from "../../testing/router-view.js";
import { lowerQdhcp } from "./qdhcp.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");

function lowered(
  release: Release,
  agent: Partial<AgentOptions> = {},
  dual = false,
): { readonly namespace: Namespace; readonly tap: string } {
  const subnets: [string, string][] = [["192.0.2.0/24", "192.0.2.1"]];
  if (dual) subnets.push(["2001:db8:1::/64", "2001:db8:1::1"]);
  const network = aSubnettedNetwork("blue", subnets);
  const port = aNetworkPort(network, "dhcp", dual ? ["192.0.2.2", "2001:db8:1::2"] : ["192.0.2.2"], { deviceOwner: "network:dhcp" });
  const dhcp = {
    network,
    wired: wired(port, "tap", 7),
    defaultGateway4: ip("192.0.2.1"),
    ...(dual ? { defaultGateway6: ip("2001:db8:1::1") } : {}),
  };
  return { namespace: lowerQdhcp(aHostView(aHost("n1", "10.255.0.1", agent)), dhcp, release), tap: dhcp.wired.device };
}

const addresses = (namespace: Namespace): string[] => namespace.devices[1]?.addresses.map(({ cidr }) => cidr) ?? [];

it("goes out by the subnet's gateway in both versions", () => {
  const { namespace, tap } = lowered(middle, {}, true);
  expect(namespaceLines(namespace).routes[0]).toBe(`default via 192.0.2.1 dev ${tap} proto static`);
  expect(namespaceLines(namespace).routes6[0]).toBe(`default via 2001:db8:1::1 dev ${tap} proto static metric 1024 pref medium`);
  expect(namespaceLines(lowered(oldest, {}, true).namespace).routes6[0]).toContain("proto kernel");
});

it.each([
  [oldest, false, ["169.254.169.254/16"]],
  [middle, false, ["169.254.169.254/32", "fe80::a9fe:a9fe/64"]],
  [newest, false, ["169.254.169.254/32"]],
  [newest, true, ["169.254.169.254/32", "fe80::a9fe:a9fe/128"]],
])("serves metadata as $name does where isolated networks get it", (release, dual, expected) => {
  const { namespace } = lowered(release, { enableIsolatedMetadata: true }, dual);
  expect(addresses(namespace).filter((cidr) => cidr.includes("169.254") || cidr.includes("a9fe"))).toEqual(expected);
});

it("gives an IPv6 host prefix the route that the kernel adds", () => {
  const { namespace, tap } = lowered(newest, { forceMetadata: true }, true);
  expect(namespaceLines(namespace).routes6).toContain(`fe80::a9fe:a9fe dev ${tap} proto kernel metric 256 pref medium`);
});

it("has addresses only on subnets that it serves", () => {
  const network = aSubnettedNetwork("mixed", [["192.0.2.0/24", ""]]);
  const port = aNetworkPort(network, "dhcp", ["192.0.2.2"], { deviceOwner: "network:dhcp" });
  const subnet = { ...defined(network.subnets[0], "subnet"), enableDhcp: false };
  const unserved = { ...port, fixedIps: [{ subnet, ip: ip("192.0.2.2") }] };
  const namespace = lowerQdhcp(aHostView(aHost("n1", "10.255.0.1")), { network, wired: wired(unserved, "tap", 7) }, middle);
  expect(addresses(namespace)).toHaveLength(1);
});

it("reaches a gateway outside the subnet directly", () => {
  const network = aSubnettedNetwork("odd", [
    ["192.0.2.0/24", "203.0.113.1"],
    ["2001:db8:1::/64", "fe80::1"],
  ]);
  const port = aNetworkPort(network, "dhcp", ["192.0.2.2", "2001:db8:1::2"], { deviceOwner: "network:dhcp" });
  const dhcp = { network, wired: wired(port, "tap", 7), defaultGateway4: ip("203.0.113.1"), defaultGateway6: ip("fe80::1") };
  const { routes, routes6 } = namespaceLines(lowerQdhcp(aHostView(aHost("n1", "10.255.0.1")), dhcp, middle));
  const tap = dhcp.wired.device;
  expect(routes[0]).toBe(`default via 203.0.113.1 dev ${tap} proto static`);
  expect(routes).toContain(`203.0.113.1 dev ${tap} proto static scope link`);
  expect(routes6.slice(0, 1)).toEqual([`default via fe80::1 dev ${tap} proto static metric 1024 pref medium`]);
  expect(routes6).toContain(`fe80::1 dev ${tap} proto static metric 1024 pref medium`);
});

it("has no metadata address by default", () => {
  expect(addresses(lowered(middle).namespace)[0]).toBe("192.0.2.2/24");
  expect(addresses(lowered(middle).namespace)).toHaveLength(2);
});

it("gives DHCP answers their checksums under the name of the agent, cut to 16 characters", () => {
  const rule = (release: Release, tables: "iptables" | "ip6tables"): readonly string[] | undefined =>
    chainLines(lowered(release).namespace[tables], "mangle", "neutron-dhcp-age-POSTROUTING");
  expect(rule(middle, "iptables")).toEqual(["-p udp -m udp --dport 68 -j CHECKSUM --checksum-fill"]);
  expect(rule(middle, "ip6tables")).toEqual(["-p udp -m udp --dport 546 -j CHECKSUM --checksum-fill"]);
  expect(rule(oldest, "ip6tables")).toBeUndefined();
});

it.each([
  [oldest, ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], 6],
  [middle, [], 0],
  [newest, ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], 1],
])("has the nat table of $name", (release, builtIn, own) => {
  const nat = lowered(release).namespace.iptables.find(({ name }) => name === "nat");
  const names = nat?.chains.map(({ name }) => name) ?? [];
  expect(names.slice(0, 4)).toEqual(builtIn);
  expect(names.slice(4)).toHaveLength(own);
});

it("takes no addresses from advertisements", () => {
  expect(namespaceLines(lowered(middle).namespace).sysctls).toEqual([
    "net.ipv4.ip_nonlocal_bind = 1",
    "net.ipv6.conf.default.accept_ra = 0",
  ]);
  expect(lowered(oldest).namespace.sysctls).toEqual([]);
});
