import { byText, sorted } from "../../base/order.js";
import type { HostRouter, HostView } from "../../model/host-view.js";
import type { IpRule } from "../../ir/namespace.js";
import { cidrAddress, hostCidr } from "../../net/cidr.js";
import type { IpVersion } from "../../net/ip.js";
import { knowsPairsByHistory } from "../../releases/pair-neighbours.js";
import type { Release } from "../../releases/release.js";
import { escapeName } from "../../resolve/keys.js";
import type { DumpedHost } from "./facts.js";
import type { Adopt } from "./numbers.js";

/** What the L3 and DHCP agents chose: link-local pairs, MACs of veth pairs, rule priorities, scope marks, orders of Python sets. */
export function adoptRouters(view: HostView, dump: DumpedHost, release: Release, adopt: Adopt): void {
  for (const router of view.routers) {
    adoptLink(router, dump, adopt);
    adoptPriorities(router, dump, release, adopt);
    adoptScopes(router, dump, adopt);
    adoptMultipath(router, dump, release, adopt);
    if (knowsPairsByHistory(release)) adoptPairs(router, dump, adopt);
  }
  for (const { network, wired } of view.dhcps) {
    const namespace = dump.namespace(`qdhcp-${network.id}`);
    for (const version of [4, 6] as const) {
      const routes = version === 4 ? namespace?.routes : namespace?.routes6;
      const gateway = routes?.find((route) => route.destination === "default" && route.nextHops[0].dev === wired.device)?.nextHops[0].via;
      adopt(
        "dhcp_gateway",
        `${network.key}/${version}`,
        network.subnets.find((subnet) => subnet.gatewayIp === gateway && gateway !== undefined)?.key,
      );
    }
  }
}

function adoptLink({ router, fipLink, fipNetwork }: HostRouter, dump: DumpedHost, adopt: Adopt): void {
  if (fipLink === undefined || fipNetwork === undefined) return;
  const rfp = dump.device(`qrouter-${router.id}`, fipLink.rfpDevice);
  const fpr = dump.device(`fip-${fipNetwork.id}`, fipLink.fprDevice);
  const pair = rfp?.addresses.find(({ cidr }) => cidr.endsWith("/31"));
  adopt("link_local_pair", router.key, pair?.cidr);
  adopt("rfp_mac", router.key, rfp?.mac);
  adopt("fpr_mac", router.key, fpr?.mac);
  adopt("fpr_ifindex", router.key, fpr?.index);
}

function adoptPriorities({ router, floatingIps }: HostRouter, dump: DumpedHost, release: Release, adopt: Adopt): void {
  const rules = dump.namespace(`qrouter-${router.id}`)?.ipRules ?? [];
  const byFixedIp = new Map(
    rules
      .filter((rule): rule is IpRule & { from: string } => rule.lookup === release.floatingIp.routeTable && rule.from !== undefined)
      .map((rule) => [rule.from, rule.priority]),
  );
  for (const { floatingIp, fixedIp, rulePriority } of floatingIps) {
    if (rulePriority !== undefined) adopt("fip_rule_priority", floatingIp.key, byFixedIp.get(hostCidr(fixedIp)));
  }
  const here = new Set(floatingIps.map(({ floatingIp }) => floatingIp));
  for (const floatingIp of router.floatingIps) {
    if (here.has(floatingIp) || floatingIp.target === undefined) continue;
    adopt("early_fip_rule", floatingIp.key, byFixedIp.get(hostCidr(floatingIp.target.fixedIp)));
  }
}

/** Marks of scopes by the devices that carry them, and the order of the devices that leave with the external one. */
function adoptScopes({ router, scopeMarks, interfaces, snat, gateway }: HostRouter, dump: DumpedHost, adopt: Adopt): void {
  if (scopeMarks.size === 0) return;
  const namespace = `qrouter-${router.id}`;
  const devices = [
    ...interfaces.map(({ wired }) => wired),
    ...(snat?.ports ?? []),
    ...(snat === undefined ? [] : [snat.gateway]),
    ...(gateway === undefined ? [] : [gateway]),
  ];
  for (const version of [4, 6] as const) {
    const marks = deviceMarks(dump, [namespace, `snat-${router.id}`], version);
    for (const { device, port } of devices) {
      const scope = version === 4 ? port.network.ipv4AddressScope : port.network.ipv6AddressScope;
      if (scope !== undefined) adopt("scope_mark", `${router.key}/${escapeName(scope)}`, marks.get(device));
    }
  }
  const order = dump.chain(namespace, 4, "mangle", "neutron-l3-agent-float-snat").flatMap(({ matches }) => {
    const out = matches.find((match) => match.kind === "out-interface");
    return out?.kind === "out-interface" ? [out.name] : [];
  });
  if (order.length > 0) adopt("scope_device_order", router.key, [...new Set(order)]);
}

/** Marks that devices of namespaces put on what comes in: those of one version's address scopes. */
function deviceMarks(dump: DumpedHost, namespaces: readonly string[], version: IpVersion): Map<string, number> {
  const marks = new Map<string, number>();
  for (const namespace of namespaces) {
    for (const rule of dump.chain(namespace, version, "mangle", "neutron-l3-agent-scope")) {
      const device = rule.matches.find((match) => match.kind === "in-interface");
      if (device?.kind === "in-interface" && rule.target?.kind === "set-mark") marks.set(device.name, rule.target.mark.value >>> 16);
    }
  }
  return marks;
}

/** The order of next hops: those that the kernel has come first, or last where each route replaces the one before. */
function adoptMultipath({ router, multipathOrder, snatNextHop }: HostRouter, dump: DumpedHost, { features }: Release, adopt: Adopt): void {
  const hops = (namespace: string, destination: string): string[] =>
    (dump.namespace(namespace)?.[destination.includes(":") ? "routes6" : "routes"] ?? [])
      .filter((route) => route.table === "main" && route.destination === destination)
      .flatMap((route) => route.nextHops.flatMap(({ via }) => (via === undefined ? [] : [via])));
  for (const [destination, nextHops] of multipathOrder) {
    const kept = hops(`qrouter-${router.id}`, destination);
    const others = nextHops.filter((hop) => !kept.includes(hop));
    const order = features.has("extra-routes-multipath") ? [...kept, ...others] : [...others, ...kept];
    if (kept.length > 0) adopt("multipath_order", `${router.key}/${escapeName(destination)}`, order);
  }
  for (const destination of snatNextHop.keys()) {
    adopt("snat_next_hop", `${router.key}/${escapeName(destination)}`, hops(`snat-${router.id}`, destination)[0]);
  }
}

/** Pairs that the router knows by their own MACs. */
function adoptPairs({ router, interfaces }: HostRouter, dump: DumpedHost, adopt: Adopt): void {
  const known = new Map(dump.namespace(`qrouter-${router.id}`)?.neighbours.map(({ ip, lladdr }) => [ip, lladdr]));
  const addresses = new Set<string>();
  for (const { wired } of interfaces) {
    for (const { mac, allowedAddressPairs } of wired.port.network.ports) {
      for (const pair of allowedAddressPairs) {
        const ip = cidrAddress(pair.ip);
        if (pair.mac !== mac && known.get(ip) === pair.mac) addresses.add(ip);
      }
    }
  }
  if (addresses.size > 0) adopt("pair_neighbours", router.key, sorted(addresses, byText));
}
