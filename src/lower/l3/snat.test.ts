import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Namespace } from "../../ir/namespace.js";
import type { ResolvedNetwork } from "../../model/resolved.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import { aHost, aHostView } from "../../testing/host-view.js";
import { chainLines, namespaceLines } from "../../testing/namespace-lines.js";
import { aFloatingIp, aHostRouter, aNetworkPort, aRouter, aSubnettedNetwork } from "../../testing/router-view.js";
import { lowerNamespaces } from "./namespaces.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");
const host = aHost("n1", "10.255.0.1");

interface Scene {
  readonly release?: Release;
  readonly enableSnat?: boolean;
  readonly central?: boolean;
  readonly gatewayAddresses?: readonly string[];
  readonly external?: readonly (readonly [string, string])[];
  readonly scope?: string;
  readonly routes?: readonly (readonly [string, string])[];
}

/** The SNAT host of a router with one subnet, 192.0.2.0/24, whose SNAT port is 192.0.2.77 and gateway address 198.51.100.9. */
function lowered({ release = middle, enableSnat = true, central = false, ...scene }: Scene = {}): {
  readonly qrouter: Namespace;
  readonly snat: Namespace;
  readonly sg: string;
  readonly qg: string;
} {
  const scoped: Partial<ResolvedNetwork> = scene.scope === undefined ? {} : { ipv4AddressScope: scene.scope };
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]], scoped);
  const external = aSubnettedNetwork("out", scene.external ?? [["198.51.100.0/24", "198.51.100.1"]], {
    external: true,
    mtu: 1500,
    ...scoped,
  });
  const gateway = [external, scene.gatewayAddresses ?? ["198.51.100.9"]] as const;
  const router = aRouter("r", { interfaces: [[network, ["192.0.2.1"], ["192.0.2.77"]]], gateway, enableSnat, routes: scene.routes ?? [] });
  const floatingIps = central ? [aFloatingIp("198.51.100.60", router, aNetworkPort(network, "unbound", ["192.0.2.20"]))] : [];
  const scopeMarks = new Map(scene.scope === undefined ? [] : [[scene.scope, 1025]]);
  const hostRouter = aHostRouter(router, { linked: release !== oldest, snat: floatingIps, scopeMarks });
  const [qrouter, snat] = lowerNamespaces(aHostView({ ...host, agentMode: "dvr_snat" }, { routers: [hostRouter] }), release);
  const devices = defined(hostRouter.snat, "snat");
  return {
    qrouter: defined(qrouter, "qrouter"),
    snat: defined(snat, "snat"),
    sg: defined(devices.ports[0], "sg").device,
    qg: devices.gateway.device,
  };
}

const chain = (namespace: Namespace, table: string, name: string): readonly string[] | undefined =>
  chainLines(namespace.iptables, table, `neutron-l3-agent-${name}`);

it("goes out by the gateway's subnet and reaches the machines by sg-", () => {
  const { snat, sg, qg } = lowered();
  expect(namespaceLines(snat).routes).toEqual([
    `default via 198.51.100.1 dev ${qg} proto static`,
    `192.0.2.0/24 dev ${sg} proto kernel scope link src 192.0.2.77`,
    `198.51.100.0/24 dev ${qg} proto kernel scope link src 198.51.100.9`,
  ]);
  expect(namespaceLines(snat).rules).toHaveLength(3);
  expect(snat.neighbours).toEqual([]);
});

it("reaches the external network's other subnets directly", () => {
  const external = [
    ["198.51.100.0/24", "198.51.100.1"],
    ["203.0.113.0/24", "203.0.113.1"],
    ["2001:db8:5::/64", ""],
  ] as const;
  const { snat, qg } = lowered({ external });
  expect(namespaceLines(snat).routes.at(-1)).toBe(`203.0.113.0/24 dev ${qg} proto static scope link`);
  expect(namespaceLines(snat).routes6[0]).toBe(`2001:db8:5::/64 dev ${qg} proto static metric 1024 pref medium`);
});

it("has one connected route, by the first address, and lists a second one of the subnet after the floating IPs", () => {
  const { snat, qg } = lowered({ gatewayAddresses: ["198.51.100.9", "198.51.100.10"], central: true });
  const addresses = snat.devices.at(-1)?.addresses.map(({ cidr }) => cidr) ?? [];
  expect(addresses.slice(0, 3)).toEqual(["198.51.100.9/24", "198.51.100.60/32", "198.51.100.10/24"]);
  expect(namespaceLines(snat).routes.filter((line) => line.includes(`${qg} proto kernel`))).toEqual([
    `198.51.100.0/24 dev ${qg} proto kernel scope link src 198.51.100.9`,
  ]);
});

it("lets an extra route to everywhere take the place of the gateway's default route", () => {
  const { snat, qrouter, qg } = lowered({ routes: [["0.0.0.0/0", "198.51.100.200"]] });
  expect(namespaceLines(snat).routes.filter((line) => line.startsWith("default"))).toEqual([
    `default via 198.51.100.200 dev ${qg} proto static`,
  ]);
  expect(namespaceLines(qrouter).routes.filter((line) => line.startsWith("default via 198"))).toEqual([]);
});

it("goes out by the gateway of the subnet with the highest id, whatever the order of the addresses", () => {
  const external = [
    ["198.51.100.0/24", "198.51.100.1"],
    ["203.0.113.0/24", "203.0.113.1"],
  ] as const;
  const out = (...gatewayAddresses: string[]): string | undefined => namespaceLines(lowered({ external, gatewayAddresses }).snat).routes[0];
  const network = aSubnettedNetwork("out", external);
  const [first, second] = network.subnets;
  const highest = defined(first, "subnet").id > defined(second, "subnet").id ? first : second;
  expect(out("198.51.100.9", "203.0.113.9")).toContain(`default via ${highest?.gatewayIp} `);
  expect(out("203.0.113.9", "198.51.100.9")).toContain(`default via ${highest?.gatewayIp} `);
});

it("reaches gateways outside their subnets directly", () => {
  const external = [
    ["198.51.100.0/24", "203.0.113.1"],
    ["2001:db8:5::/64", "fe80::1"],
  ] as const;
  const { snat, qg } = lowered({ external, gatewayAddresses: ["198.51.100.9", "2001:db8:5::9"] });
  const { routes, routes6 } = namespaceLines(snat);
  expect(routes[0]).toBe(`default via 203.0.113.1 dev ${qg} proto static`);
  expect(routes.at(-1)).toBe(`203.0.113.1 dev ${qg} proto static scope link`);
  expect(routes6[0]).toBe(`default via fe80::1 dev ${qg} proto static metric 1024 pref medium`);
  expect(routes6).toContain(`fe80::1 dev ${qg} proto static metric 1024 pref medium`);
});

it("translates to the gateway's address", () => {
  const { snat, qg } = lowered();
  expect(chain(snat, "nat", "snat")).toEqual([
    "-j neutron-l3-agent-float-snat",
    `-o ${qg} -j SNAT --to-source 198.51.100.9 --random-fully`,
    "-m mark ! --mark 0x2/0xffff -m conntrack --ctstate DNAT -j SNAT --to-source 198.51.100.9 --random-fully",
  ]);
  expect(chain(snat, "mangle", "mark")).toEqual([`-i ${qg} -j MARK --set-xmark 0x2/0xffff`]);
  expect(chain(snat, "filter", "INPUT")).toEqual([]);
});

it("does not translate what leaves, and closes qg- to other scopes, without enable_snat", () => {
  const { snat, sg, qg } = lowered({ enableSnat: false });
  expect(chain(snat, "nat", "snat")?.filter((line) => line.startsWith("-o"))).toEqual([]);
  expect(chain(snat, "mangle", "POSTROUTING")).toEqual([]);
  expect(chain(snat, "filter", "scope")?.map((line) => line.split(" ")[1])).toEqual([sg, qg]);
});

it("lets traffic of the external network's own scope out untranslated", () => {
  const { snat, qg } = lowered({ scope: "all" });
  expect(chain(snat, "nat", "snat")?.[1]).toBe(`-o ${qg} -m connmark --mark 0x4010000/0xffff0000 -j ACCEPT`);
});

it("serves floating IPs of unbound ports: address, both translations, and a rule in qrouter that counts them", () => {
  const { snat, qrouter } = lowered({ central: true });
  const gateway = snat.devices.at(-1);
  expect(gateway?.addresses.map(({ cidr, broadcast }) => [cidr, broadcast]).slice(0, 2)).toEqual([
    ["198.51.100.9/24", "198.51.100.255"],
    ["198.51.100.60/32", "198.51.100.60"],
  ]);
  expect(chain(snat, "nat", "PREROUTING")).toEqual(["-d 198.51.100.60/32 -j DNAT --to-destination 192.0.2.20"]);
  expect(chain(snat, "nat", "OUTPUT")).toEqual(["-d 198.51.100.60/32 -j DNAT --to-destination 192.0.2.20"]);
  expect(chain(snat, "nat", "float-snat")).toEqual(["-s 192.0.2.20/32 -j SNAT --to-source 198.51.100.60 --random-fully"]);
  expect(chain(qrouter, "nat", "snat")).toEqual(["-j neutron-l3-agent-float-snat"]);
  expect(chain(qrouter, "nat", "PREROUTING")).toHaveLength(1);
});

it("has no NAT without an IPv4 address on the gateway", () => {
  const external = [["2001:db8:5::/64", "2001:db8:5::1"]] as const;
  const { snat, qg } = lowered({ external, gatewayAddresses: ["2001:db8:5::9"] });
  expect(chain(snat, "nat", "snat")).toEqual(["-j neutron-l3-agent-float-snat"]);
  expect(namespaceLines(snat).routes6[0]).toBe(`default via 2001:db8:5::1 dev ${qg} proto static metric 1024 pref medium`);
  expect(namespaceLines(snat).sysctls).toContain(`net.ipv6.conf.${qg}.accept_ra = 0`);
});

it.each([
  [oldest, []],
  [middle, ["net.ipv4.ip_nonlocal_bind = 0", "net.netfilter.nf_conntrack_tcp_loose = 0"]],
  [newest, ["net.ipv4.ip_nonlocal_bind = 1", "net.netfilter.nf_conntrack_tcp_be_liberal = 1", "net.netfilter.nf_conntrack_tcp_loose = 0"]],
])("sets what $name sets about connections", (release, expected) => {
  const { sysctls } = namespaceLines(lowered({ release }).snat);
  expect(sysctls.filter((line) => /nonlocal|conntrack/.test(line))).toEqual(expected);
});

it("takes its IPv6 default route from advertisements where there is no IPv6 gateway", () => {
  const { snat, qg } = lowered();
  const about = (namespace: Namespace): string[] => namespaceLines(namespace).sysctls.filter((line) => line.includes(qg));
  expect(about(snat)).toEqual([`net.ipv6.conf.${qg}.accept_ra = 2`, `net.ipv6.conf.${qg}.forwarding = 1`]);
  expect(about(lowered({ release: oldest }).snat)).toEqual([`net.ipv6.conf.${qg}.accept_ra = 2`]);
});
