import { by, byNumber, byText } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { HostDhcp, HostFip, HostFloatingIp, HostRouter, HostSnat, RouterFipLink, WiredPort } from "../../model/host-view.js";
import type { ResolvedFloatingIp, ResolvedHost, ResolvedNetwork, ResolvedRouter } from "../../model/resolved.js";
import { type Ip, type Ipv4, ipv4FromNumber, ipv4ToNumber, type IpVersion, parseIpv4 } from "../../net/ip.js";
import { type Mac, macFromNumber, parseMac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { fipRulePriorities27, linkLocalPairs } from "../cpython/sequences.js";
import { escapeName } from "../keys.js";
import { readNumber } from "../ledger.js";
import { hasExternalAccess } from "../presence.js";
import { firstFree, lowestFree } from "../settle.js";
import type { HostChoices } from "./choices.js";
import type { TopologyIndex } from "./index.js";
import { deviceName } from "./names.js";
import type { Wiring } from "./wiring.js";

/** First mark of an address scope of a router: 1024 is that of networks without one. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_ID_MIN`. */
const firstScopeMark = 1025;
/** Last mark. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_ID_MAX`. */
const lastScopeMark = 2047;

/** A router with what the host chose for it, before its links are known. */
interface RouterPart {
  readonly router: ResolvedRouter;
  readonly fipNetwork: ResolvedNetwork | undefined;
  readonly served: readonly ResolvedFloatingIp[];
}

/**
 * What the host has of each router, in order of wiring.
 *
 * Source: Neutron `DvrLocalRouter`, `DvrEdgeRouter`, `LegacyRouter`.
 */
export function hostRouters(choices: HostChoices, index: TopologyIndex, wiring: Wiring, release: Release): HostRouter[] {
  const { host } = choices;
  const parts = (index.routersByHost.get(host.name) ?? []).map((router) => partOf(host, router, index, release));
  const links = settleLinks(choices, parts, release);
  const priorities = settlePriorities(choices, parts, release);
  const routers = parts.map((part) => hostRouter(choices, part, links.get(part.router), priorities, index, wiring, release));
  return routers.sort(by(firstOfport, byNumber));
}

function firstOfport({ interfaces, gateway }: HostRouter): number {
  return Math.min(...interfaces.map(({ wired }) => wired.ofport), gateway?.ofport ?? Number.MAX_SAFE_INTEGER);
}

function partOf(host: ResolvedHost, router: ResolvedRouter, index: TopologyIndex, release: Release): RouterPart {
  const here = (index.floatingIpsByHost.get(host.name) ?? []).filter(({ target }) => target?.router === router);
  const network = router.distributed && hasExternalAccess(host) ? router.gateway?.network : undefined;
  const linked = network !== undefined && (release.features.has("fip-on-every-dvr-host") || here.length > 0);
  return { router, fipNetwork: linked ? network : undefined, served: linked ? here : router.distributed ? [] : router.floatingIps };
}

/** Links to fip namespaces: pairs and interface indexes are given out for each external network apart. */
function settleLinks(choices: HostChoices, parts: readonly RouterPart[], release: Release): Map<ResolvedRouter, RouterFipLink> {
  const byNetwork = new Map<ResolvedNetwork, ResolvedRouter[]>();
  for (const { router, fipNetwork } of parts) {
    if (fipNetwork === undefined) continue;
    const known = byNetwork.get(fipNetwork);
    if (known === undefined) byNetwork.set(fipNetwork, [router]);
    else known.push(router);
  }
  const links = new Map<ResolvedRouter, RouterFipLink>();
  for (const routers of byNetwork.values()) settleNetworkLinks(choices, routers, release, links);
  return links;
}

function settleNetworkLinks(
  choices: HostChoices,
  routers: readonly ResolvedRouter[],
  release: Release,
  links: Map<ResolvedRouter, RouterFipLink>,
): void {
  const pairs = new Map<ResolvedRouter, string>();
  const { order } = release.floatingIp.linkLocal;
  choices.settle<string>(
    "link_local_pair",
    routers.map((router) => ({ owner: router.key, pointer: router.pointer, assign: (pair) => void pairs.set(router, pair) })),
    {
      what: "link-local pair",
      name: "169.254.64.0/18",
      read: (value) => (typeof value === "string" && lowerAddress(value) !== undefined ? value : undefined),
      expected: "a pair such as 169.254.64.0/31",
      propose: firstFree(() => linkLocalPairs(order).map((lower) => `${lower}/31`)),
    },
  );
  const indexes = settleFprIndexes(choices, routers);
  for (const router of routers) {
    const lower = lowerAddress(pairs.get(router) ?? "");
    if (lower === undefined) continue;
    links.set(router, {
      rfpIp: lower,
      fprIp: ipv4FromNumber(ipv4ToNumber(lower) + 1),
      rfpDevice: deviceName("rfp-", router.id),
      fprDevice: deviceName("fpr-", router.id),
      rfpMac: randomMac(choices, "rfp_mac", router.key),
      fprMac: randomMac(choices, "fpr_mac", router.key),
      rfpIfindex: firstInNamespace,
      fprIfindex: indexes.get(router) ?? firstInNamespace,
    });
  }
}

/** Interface index of the first device that is born in a namespace, after lo. */
const firstInNamespace = 2;

function settleFprIndexes(choices: HostChoices, routers: readonly ResolvedRouter[]): Map<ResolvedRouter, number> {
  const indexes = new Map<ResolvedRouter, number>();
  choices.settle<number>(
    "fpr_ifindex",
    routers.map((router) => ({ owner: router.key, pointer: router.pointer, assign: (value) => void indexes.set(router, value) })),
    {
      what: "interface index",
      name: "the fip namespace",
      read: readNumber,
      expected: "an interface index",
      fits: (_, value) => value >= firstInNamespace,
      propose: lowestFree(firstInNamespace, 2 ** 31 - 1),
    },
  );
  return indexes;
}

function lowerAddress(pair: string): Ipv4 | undefined {
  if (!pair.endsWith("/31")) return undefined;
  const address = parseIpv4(pair.slice(0, -"/31".length));
  return address !== undefined && ipv4ToNumber(address) % 2 === 0 ? address : undefined;
}

/** A MAC that the kernel draws: unicast and locally administered. */
function randomMac(choices: HostChoices, what: string, owner: string): Mac {
  return choices.derive(
    what,
    owner,
    parseMac,
    "a MAC address",
    (mac) => mac,
    (hex) => {
      const first = (Number.parseInt(hex.slice(0, 2), 16) & 0xfc) | 2;
      return macFromNumber(first * 2 ** 40 + Number.parseInt(hex.slice(20, 30), 16));
    },
  );
}

/** Rule priorities of the floating IPs served here, out of one pool for each external network. Source: Neutron `FipRulePriorityAllocator`. */
function settlePriorities(choices: HostChoices, parts: readonly RouterPart[], release: Release): Map<ResolvedFloatingIp, number> {
  const byNetwork = new Map<ResolvedNetwork, ResolvedFloatingIp[]>();
  for (const { fipNetwork, served } of parts) {
    if (fipNetwork === undefined) continue;
    const known = byNetwork.get(fipNetwork);
    if (known === undefined) byNetwork.set(fipNetwork, [...served]);
    else known.push(...served);
  }
  const priorities = new Map<ResolvedFloatingIp, number>();
  const { first, count, order } = release.floatingIp.rulePriorities;
  for (const floatingIps of byNetwork.values()) {
    choices.settle<number>(
      "fip_rule_priority",
      floatingIps.map((one) => ({ owner: one.key, pointer: one.pointer, assign: (value) => void priorities.set(one, value) })),
      {
        what: "rule priority",
        name: `${first} to ${first + count - 1}`,
        read: readNumber,
        expected: "a rule priority",
        fits: (_, value) => value >= first && value < first + count,
        propose: order === "ascending" ? lowestFree(first, first + count - 1) : firstFree(() => fipRulePriorities27(first, count)),
      },
    );
  }
  return priorities;
}

function hostRouter(
  choices: HostChoices,
  part: RouterPart,
  fipLink: RouterFipLink | undefined,
  priorities: ReadonlyMap<ResolvedFloatingIp, number>,
  index: TopologyIndex,
  wiring: Wiring,
  release: Release,
): HostRouter {
  const { router, fipNetwork, served } = part;
  const { host } = choices;
  const interfaces = router.interfaces.flatMap((one) => {
    const wired = wiring.byPort.get(one.port);
    return wired === undefined ? [] : [{ interface: one, wired }];
  });
  const onSnatHost = router.distributed && router.host === host;
  const snat = onSnatHost ? hostSnat(router, index, wiring, release) : undefined;
  const gateway = router.distributed || router.gateway === undefined ? undefined : wiring.byPort.get(router.gateway.port);
  return {
    router,
    kind: router.distributed ? "dvr" : "centralised",
    interfaces,
    ...(fipLink === undefined || fipNetwork === undefined ? {} : { fipLink, fipNetwork }),
    floatingIps: served.flatMap((floatingIp) => hostFloatingIp(floatingIp, priorities.get(floatingIp)) ?? []),
    ...(snat === undefined ? {} : { snat }),
    ...(gateway === undefined ? {} : { gateway }),
    redirects: router.distributed && router.gateway !== undefined && router.interfaces.some(({ csnat }) => csnat !== undefined),
    scopeMarks: scopeMarks(choices, router),
    scopeDeviceOrder: scopeDeviceOrder(
      choices,
      router,
      interfaces.map(({ wired }) => wired),
      fipLink,
    ),
    ...extraRouteOrders(choices, router, snat !== undefined && !release.features.has("snat-multipath")),
  };
}

function hostFloatingIp(floatingIp: ResolvedFloatingIp, rulePriority: number | undefined): HostFloatingIp | undefined {
  return floatingIp.target === undefined ? undefined : { floatingIp, fixedIp: floatingIp.target.fixedIp, rulePriority };
}

function hostSnat(router: ResolvedRouter, index: TopologyIndex, wiring: Wiring, release: Release): HostSnat | undefined {
  const gateway = router.gateway === undefined ? undefined : wiring.byPort.get(router.gateway.port);
  if (gateway === undefined) return undefined;
  const ports = router.interfaces.flatMap(({ csnat }) => (csnat === undefined ? [] : (wiring.byPort.get(csnat) ?? [])));
  const central = release.features.has("dvr-no-external") ? router.floatingIps.filter(isCentral) : [];
  return {
    ports: ports.sort(by(({ port }: WiredPort) => port.id, byText)),
    gateway,
    centralFloatingIps: central.flatMap((floatingIp) => hostFloatingIp(floatingIp, undefined) ?? []),
  };
}

/**
 * True where a distributed router's floating IP is served by its snat namespace: the port is unbound, or its host's agent has no way out.
 *
 * Source: Neutron `_get_dvr_sync_data`, `DVR_SNAT_BOUND`.
 */
function isCentral({ target }: ResolvedFloatingIp): boolean {
  const host = target?.port.host;
  return host === undefined || host.agentMode === "dvr_no_external";
}

/** Marks in the order in which the router's ports first name a scope. Source: Neutron `RouterInfo.get_address_scope_mark_mask`. */
function scopeMarks(choices: HostChoices, router: ResolvedRouter): Map<string, number> {
  const networks = [
    ...router.interfaces.map(({ port }) => port.network),
    ...(router.gateway === undefined ? [] : [router.gateway.network]),
  ];
  const scopes = new Set(
    networks.flatMap(({ ipv4AddressScope: v4, ipv6AddressScope: v6 }) => [v4, v6]).filter((scope) => scope !== undefined),
  );
  const marks = new Map<string, number>();
  if (scopes.size === 0) return marks;
  choices.settle<number>(
    "scope_mark",
    [...scopes].map((scope) => ({
      owner: `${router.key}/${escapeName(scope)}`,
      pointer: router.pointer,
      assign: (mark) => void marks.set(scope, mark),
    })),
    {
      what: "address scope mark",
      name: "the router's marks",
      read: readNumber,
      expected: "a mark",
      fits: (_, value) => value >= firstScopeMark && value <= lastScopeMark,
      propose: lowestFree(firstScopeMark, lastScopeMark),
    },
  );
  return marks;
}

/** Devices whose order in the float-snat chain is that of a Python set of names, which is chance: dvrc takes rfp first. */
function scopeDeviceOrder(
  choices: HostChoices,
  router: ResolvedRouter,
  interfaces: readonly WiredPort[],
  fipLink: RouterFipLink | undefined,
): readonly string[] {
  const external = router.gateway?.network.ipv4AddressScope;
  const inside = external === undefined ? [] : interfaces.filter(({ port }) => port.network.ipv4AddressScope === external);
  if (fipLink === undefined || inside.length === 0) return [];
  return choices.chooseOrder("scope_device_order", router.key, [fipLink.rfpDevice, ...inside.map(({ device }) => device)]);
}

/** Order of several next hops of one destination, and which one snat keeps: both come from Python sets. The default is the order of declaration, and the last. */
function extraRouteOrders(
  choices: HostChoices,
  router: ResolvedRouter,
  keepsOne: boolean,
): { multipathOrder: Map<string, readonly Ip[]>; snatNextHop: Map<string, Ip> } {
  const hops = new Map<string, Ip[]>();
  for (const { destination, nexthop } of router.routes) hops.set(destination, [...(hops.get(destination) ?? []), nexthop]);
  const multipathOrder = new Map<string, readonly Ip[]>();
  const snatNextHop = new Map<string, Ip>();
  for (const [destination, nextHops] of hops) {
    if (nextHops.length < 2) continue;
    const owner = `${router.key}/${escapeName(destination)}`;
    const order = choices.chooseOrder("multipath_order", owner, nextHops);
    multipathOrder.set(
      destination,
      order.flatMap((text) => nextHops.find((hop) => hop === text) ?? []),
    );
    const last = defined(nextHops[nextHops.length - 1], "next hop");
    if (!keepsOne) continue;
    const kept = choices.chooseName("snat_next_hop", owner, nextHops, last);
    snatNextHop.set(destination, nextHops.find((hop) => hop === kept) ?? last);
  }
  return { multipathOrder, snatNextHop };
}

/** The floating IP namespaces of the host with the routers that are linked to them. */
export function hostFips(routers: readonly HostRouter[], wiring: Wiring): HostFip[] {
  const fips = new Map<ResolvedNetwork, HostRouter[]>();
  for (const router of routers) {
    if (router.fipNetwork === undefined) continue;
    const known = fips.get(router.fipNetwork);
    if (known === undefined) fips.set(router.fipNetwork, [router]);
    else known.push(router);
  }
  const gateways = wiring.ports.filter(({ port }) => port.deviceOwner === "network:floatingip_agent_gateway");
  return [...fips].flatMap(([network, linked]) => {
    const agentGateway = gateways.find(({ port }) => port.network === network);
    const inOrder = linked.sort(by(({ fipLink }) => fipLink?.fprIfindex ?? 0, byNumber));
    return agentGateway === undefined ? [] : [{ network, agentGateway, routers: inOrder }];
  });
}

/** The DHCP namespaces of the host. With several subnets of a version the default gateway is chance: dvrc takes the first. */
export function hostDhcps(choices: HostChoices, wiring: Wiring): HostDhcp[] {
  return wiring.ports
    .filter(({ port }) => port.deviceOwner === "network:dhcp")
    .map((wired) => {
      const defaultGateway4 = dhcpGateway(choices, wired, 4);
      const defaultGateway6 = dhcpGateway(choices, wired, 6);
      return {
        network: wired.port.network,
        wired,
        ...(defaultGateway4 === undefined ? {} : { defaultGateway4 }),
        ...(defaultGateway6 === undefined ? {} : { defaultGateway6 }),
      };
    });
}

function dhcpGateway(choices: HostChoices, { port }: WiredPort, version: IpVersion): Ip | undefined {
  const subnets = port.network.subnets.filter(
    (subnet) => subnet.version === version && subnet.enableDhcp && subnet.gatewayIp !== undefined,
  );
  const [first] = subnets;
  if (first === undefined || subnets.length === 1) return first?.gatewayIp;
  const keys = subnets.map(({ key }) => key);
  const chosen = choices.chooseName("dhcp_gateway", `${port.network.key}/${version}`, keys, first.key);
  return subnets.find(({ key }) => key === chosen)?.gatewayIp;
}
