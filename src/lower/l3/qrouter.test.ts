import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Namespace } from "../../ir/namespace.js";
import type { ResolvedNetwork } from "../../model/resolved.js";
import { findRelease } from "../../releases/index.js";
import type { Release } from "../../releases/release.js";
import { aHost, aHostView } from "../../testing/host-view.js";
import { chainLines, namespaceLines } from "../../testing/namespace-lines.js";
import { aFloatingIp, aHostRouter, aNetworkPort, aRouter, aSubnettedNetwork, type HostRouterParts } from "../../testing/router-view.js";
import { lowerQrouter } from "./qrouter.js";

const oldest = defined(findRelease("newton"), "release");
const middle = defined(findRelease("zed"), "release");
const newest = defined(findRelease("2026.1"), "release");
const host = aHost("c1", "10.255.0.1");

interface Scene {
  readonly release?: Release;
  readonly gateway?: boolean;
  readonly linked?: boolean;
  readonly served?: boolean;
  readonly network?: Partial<ResolvedNetwork>;
  readonly external?: Partial<ResolvedNetwork>;
  readonly parts?: HostRouterParts;
  readonly mode?: "dvr" | "dvr_snat" | "dvr_no_external";
  /** A second floating IP, 198.51.100.51, whose port is unbound or on another host. */
  readonly elsewhere?: "unbound" | "dvr" | "legacy" | "dvr_no_external";
  readonly metadata?: boolean;
}

/** A router with one subnet, 192.0.2.0/24, and a machine 192.0.2.10 that has the floating IP 198.51.100.50. */
function lowered({ release = middle, gateway = true, linked = true, served = true, ...scene }: Scene = {}): {
  readonly namespace: Namespace;
  readonly qr: string;
  readonly rfp: string;
} {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]], scene.network);
  const external = aSubnettedNetwork("out", [["198.51.100.0/24", "198.51.100.1"]], { external: true, mtu: 1500, ...scene.external });
  const router = aRouter("r", {
    interfaces: [gateway ? [network, ["192.0.2.1"], ["192.0.2.77"]] : [network, ["192.0.2.1"]]],
    ...(gateway ? { gateway: [external, ["198.51.100.9"]] as const } : {}),
  });
  const port = aNetworkPort(network, "machine", ["192.0.2.10"], { host });
  const floatingIps = gateway && served ? [aFloatingIp("198.51.100.50", router, port)] : [];
  if (scene.elsewhere !== undefined) {
    const bound = scene.elsewhere === "unbound" ? {} : { host: { ...aHost("c2", "10.255.0.2"), agentMode: scene.elsewhere } };
    aFloatingIp("198.51.100.51", router, aNetworkPort(network, "other", ["192.0.2.20"], bound));
  }
  const hostRouter = aHostRouter(router, { linked: gateway && linked, floatingIps, ...scene.parts });
  const agent = { ...host.agent, enableMetadataProxy: scene.metadata ?? true };
  const view = aHostView({ ...host, agent, agentMode: scene.mode ?? "dvr" }, { routers: [hostRouter] });
  const qr = defined(hostRouter.interfaces[0], "interface").wired.device;
  return { namespace: lowerQrouter(view, hostRouter, release), qr, rfp: `rfp-${router.id}`.slice(0, 14) };
}

const chain = (namespace: Namespace, table: string, name: string): readonly string[] | undefined =>
  chainLines(namespace.iptables, table, `neutron-l3-agent-${name}`);

it("has the interface's address on qr- and the lower address of the pair on rfp-", () => {
  const { namespace, qr, rfp } = lowered();
  expect(namespace.devices.map(({ name, index, mtu }) => [name, index, mtu])).toEqual([
    ["lo", 1, 65536],
    [rfp, 2, 1500],
    [qr, 11, 1450],
  ]);
  expect(namespace.devices[1]?.addresses.map(({ cidr, broadcast }) => [cidr, broadcast])).toEqual([
    ["169.254.70.0/31", undefined],
    ["fe80::ff:fe00:1/64", undefined],
  ]);
  expect(namespace.devices[2]?.addresses[0]).toMatchObject({ cidr: "192.0.2.1/24", broadcast: "192.0.2.255" });
});

it("sends a machine with a floating IP to fip before its subnet to the SNAT host", () => {
  expect(namespaceLines(lowered().namespace).rules).toEqual([
    "0:\tfrom all lookup local",
    "32766:\tfrom all lookup main",
    "32767:\tfrom all lookup default",
    "40000:\tfrom 192.0.2.10 lookup 16",
    "3221225985:\tfrom 192.0.2.1/24 lookup 3221225985",
  ]);
});

it("routes by three tables: connected, through fip, through the SNAT port", () => {
  const { namespace, qr, rfp } = lowered();
  expect(namespaceLines(namespace).routes).toEqual([
    `169.254.70.0/31 dev ${rfp} proto kernel scope link src 169.254.70.0`,
    `192.0.2.0/24 dev ${qr} proto kernel scope link src 192.0.2.1`,
    `default via 169.254.70.1 dev ${rfp} table 16 proto static`,
    `default via 192.0.2.77 dev ${qr} table 3221225985 proto static`,
  ]);
  expect(namespaceLines(namespace).routes6).toEqual([
    `default via fe80::ff:fe00:2 dev ${rfp} proto static metric 1024 pref medium`,
    `fe80::/64 dev ${qr} proto kernel metric 256 pref medium`,
    `fe80::/64 dev ${rfp} proto kernel metric 256 pref medium`,
  ]);
});

it("adds routes without a protocol, no IPv6 way out and no neighbour of the link in the first release", () => {
  const { namespace, qr, rfp } = lowered({ release: oldest });
  const { routes, routes6, neighbours, sysctls } = namespaceLines(namespace);
  expect(routes.slice(2)).toEqual([`default via 169.254.70.1 dev ${rfp} table 16`, `default via 192.0.2.77 dev ${qr} table 3221225985`]);
  expect(routes6).toHaveLength(2);
  expect(neighbours.filter((line) => line.includes(rfp))).toEqual([]);
  expect(sysctls).toEqual([
    "net.ipv4.conf.all.send_redirects = 0",
    `net.ipv4.conf.${qr}.send_redirects = 0`,
    "net.ipv4.ip_forward = 1",
    "net.ipv6.conf.all.forwarding = 1",
  ]);
});

it("has only devices, connected routes and standard rules without a gateway", () => {
  const { namespace, qr } = lowered({ gateway: false });
  const { rules, routes, sysctls } = namespaceLines(namespace);
  expect(rules).toHaveLength(3);
  expect(routes).toEqual([`192.0.2.0/24 dev ${qr} proto kernel scope link src 192.0.2.1`]);
  expect(sysctls.filter((line) => line.includes("send_redirects"))).toEqual([]);
  expect(chain(namespace, "nat", "snat")).toEqual([]);
});

it("keeps the redirect and the redirect's sysctl, but no way through fip, on a host without external access", () => {
  const { namespace } = lowered({ linked: false, served: false, mode: "dvr_no_external" });
  expect(namespaceLines(namespace).rules.at(-1)).toBe("3221225985:\tfrom 192.0.2.1/24 lookup 3221225985");
  expect(namespaceLines(namespace).sysctls[2]).toBe("net.ipv4.conf.all.send_redirects = 0");
  expect(chain(namespace, "nat", "POSTROUTING")).toEqual([]);
});

it("translates the floating IP by rfp only, and spares everything else", () => {
  const { namespace, rfp } = lowered();
  expect(chain(namespace, "nat", "PREROUTING")).toEqual([
    "-d 169.254.169.254/32 -i qr-+ -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 9697",
    `-d 198.51.100.50/32 -i ${rfp} -j DNAT --to-destination 192.0.2.10`,
  ]);
  expect(chain(namespace, "nat", "OUTPUT")).toEqual([]);
  expect(chain(namespace, "nat", "float-snat")).toEqual(["-s 192.0.2.10/32 -j SNAT --to-source 198.51.100.50 --random-fully"]);
  expect(chain(namespace, "nat", "POSTROUTING")).toEqual([`! -o ${rfp} -m conntrack ! --ctstate DNAT -j ACCEPT`]);
});

it("spares by both devices and picks source ports in order in the first release", () => {
  const { namespace, rfp } = lowered({ release: oldest });
  expect(chain(namespace, "nat", "float-snat")).toEqual(["-s 192.0.2.10/32 -j SNAT --to-source 198.51.100.50"]);
  expect(chain(namespace, "nat", "POSTROUTING")).toEqual([`! -i ${rfp} ! -o ${rfp} -m conntrack ! --ctstate DNAT -j ACCEPT`]);
});

it("leaves source NAT empty while the host serves no floating IP, link or not", () => {
  const { namespace } = lowered({ served: false });
  expect(chain(namespace, "nat", "snat")).toEqual([]);
  expect(chain(namespace, "nat", "POSTROUTING")).toEqual([]);
});

it.each([
  ["dvr_snat", "unbound", 1],
  ["dvr_snat", "dvr_no_external", 1],
  ["dvr_snat", "dvr", 0],
  ["dvr_snat", "legacy", 0],
  ["dvr", "unbound", 0],
] as const)("on a %s host with a floating IP of a port that is %s, %i jump to the floating IPs", (mode, elsewhere, jumps) => {
  const { namespace } = lowered({ served: false, mode, elsewhere });
  expect(chain(namespace, "nat", "snat")).toHaveLength(jumps);
  expect(chain(namespace, "nat", "POSTROUTING")).toHaveLength(jumps);
});

it("marks metadata requests without a proxy, in releases that always do, and leads them nowhere", () => {
  const mark = "-d 169.254.169.254/32 -i qr-+ -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffff";
  const { namespace } = lowered({ metadata: false, served: false });
  expect(chain(namespace, "mangle", "PREROUTING")?.at(-1)).toBe(mark);
  expect(chain(namespace, "filter", "INPUT")).toEqual([]);
  expect(chain(namespace, "nat", "PREROUTING")).toEqual([]);
  expect(chain(lowered({ metadata: false, release: oldest }).namespace, "mangle", "PREROUTING")).not.toContain(mark);
});

it("has an IPv6 nat table where the release serves metadata by IPv6", () => {
  const tables = (release: Release): string[] => lowered({ release }).namespace.ip6tables.map(({ name }) => name);
  expect(tables(oldest)).toEqual(["mangle", "raw", "filter"]);
  expect(tables(newest)).toEqual(["mangle", "raw", "filter", "nat"]);
});

const scopes = { network: { ipv4AddressScope: "inside" }, external: { ipv4AddressScope: "outside" } };

it("marks what crosses address scopes by floating IP", () => {
  const scopeMarks = new Map([
    ["inside", 1025],
    ["outside", 1026],
  ]);
  const { namespace, qr, rfp } = lowered({ ...scopes, parts: { scopeMarks } });
  expect(chain(namespace, "mangle", "scope")).toEqual([
    `-i ${qr} -j MARK --set-xmark 0x4010000/0xffff0000`,
    `-i ${rfp} -j MARK --set-xmark 0x4020000/0xffff0000`,
  ]);
  expect(chain(namespace, "mangle", "floatingip")).toEqual([`-d 198.51.100.50/32 -i ${rfp} -j MARK --set-xmark 0x4010000/0xffff0000`]);
  expect(chain(namespace, "mangle", "FORWARD")).toEqual(["-s 192.0.2.10/32 -j neutron-l3-agent-float-snat"]);
  expect(chain(namespace, "mangle", "float-snat")?.at(-1)).toBe(`-o ${rfp} -j MARK --set-xmark 0x4020000/0xffff0000`);
});

it.each([
  ["unbound", 1],
  ["dvr_no_external", 0],
] as const)(
  "marks a floating IP that is served centrally for a port that is %s on a host without external access: %i rule",
  (elsewhere, rules) => {
    const { namespace } = lowered({ ...scopes, linked: false, served: false, mode: "dvr_no_external", elsewhere });
    expect(chain(namespace, "mangle", "floatingip")).toHaveLength(rules);
  },
);

it("routes a subnet of the external network's own scope out without translation or redirect", () => {
  const same = { network: { ipv4AddressScope: "all" }, external: { ipv4AddressScope: "all" } };
  const { namespace } = lowered({ ...same, parts: { scopeMarks: new Map([["all", 1025]]) } });
  expect(namespaceLines(namespace).rules.slice(3)).toEqual(["40000:\tfrom 192.0.2.10 lookup 16", "80000:\tfrom 192.0.2.0/24 lookup 16"]);
  expect(chain(namespace, "mangle", "floatingip")).toEqual([]);
  const first = lowered({ ...same, release: oldest, parts: { scopeMarks: new Map([["all", 1025]]) } });
  expect(namespaceLines(first.namespace).rules.at(-1)).toBe("3221225985:\tfrom 192.0.2.1/24 lookup 3221225985");
});

it("lists the scope chains in the order of a CPython 2.7 dict in the first release", () => {
  const { namespace, qr, rfp } = lowered({ release: oldest });
  const devices = chain(namespace, "mangle", "scope")?.map((line) => line.split(" ")[1]);
  expect(devices).toHaveLength(2);
  expect(new Set(devices)).toEqual(new Set([qr, rfp]));
});

it("makes the tables of hosts that have nothing of their own in them once, and those of all others for themselves", () => {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]]);
  const external = aSubnettedNetwork("out", [["198.51.100.0/24", "198.51.100.1"]], { external: true });
  const router = aRouter("r", { interfaces: [[network, ["192.0.2.1"]]], gateway: [external, ["198.51.100.9"]] });
  const tablesOf = (parts: HostRouterParts, release = middle, agent = host.agent): Namespace["iptables"] =>
    lowerQrouter(aHostView({ ...host, agent }), aHostRouter(router, { linked: true, ...parts }), release).iptables;
  const plain = tablesOf({});
  expect(tablesOf({}, middle, { ...host.agent })).toBe(plain);
  expect(tablesOf({ linked: false })).not.toEqual(plain);
  expect(tablesOf({}, newest)).not.toBe(plain);
  expect(tablesOf({}, middle, { ...host.agent, enableMetadataProxy: false })).not.toEqual(plain);
  const floatingIp = aFloatingIp("198.51.100.50", router, aNetworkPort(network, "machine", ["192.0.2.10"], { host }));
  expect(tablesOf({ floatingIps: [floatingIp] })).not.toEqual(plain);
  expect(tablesOf({ scopeMarks: new Map([["inside", 1025]]) })).not.toBe(plain);
  expect(tablesOf({})).toBe(plain);
});

it("says of every entry why it is there", () => {
  const { namespace } = lowered();
  const origins = [
    ...namespace.devices.flatMap((device) => [device.origin, ...device.addresses.map(({ origin }) => origin)]),
    ...[...namespace.ipRules, ...namespace.ip6Rules, ...namespace.routes, ...namespace.routes6].map(({ origin }) => origin),
    ...[...namespace.neighbours, ...namespace.sysctls].map(({ origin }) => origin),
    ...namespace.iptables.flatMap(({ chains }) => chains.flatMap(({ origin, rules }) => [origin, ...rules.map((rule) => rule.origin)])),
  ];
  expect(
    origins.filter(({ lowering, because }) => !lowering.startsWith("l3/") || because.some((pointer) => !pointer.startsWith("/"))),
  ).toEqual([]);
});
