import { by, byNumber, byText } from "../../base/order.js";
import type { HostFip, HostFloatingIp, HostRouter, HostSnat, RouterFipLink, WiredPort } from "../../model/host-view.js";
import type { ResolvedFloatingIp, ResolvedHost, ResolvedNetwork, ResolvedRouter } from "../../model/resolved.js";
import { isToldOfCentral } from "../../model/told-floating-ips.js";
import { knowsPairsByHistory } from "../../releases/pair-neighbours.js";
import type { Release } from "../../releases/release.js";
import { hasExternalAccess, servesFloatingIp } from "../presence.js";
import { readNames } from "../ledger.js";
import type { HostChoices } from "./choices.js";
import { type LinkedPart, settleLinks, settlePriorities } from "./fip-links.js";
import type { TopologyIndex } from "./index.js";
import { extraRouteOrders, scopeDeviceOrder, scopeMarks } from "./router-orders.js";
import type { Wiring } from "./wiring.js";

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

function partOf(host: ResolvedHost, router: ResolvedRouter, index: TopologyIndex, release: Release): LinkedPart {
  const here = (index.floatingIpsByHost.get(host.name) ?? []).filter(
    ({ target }) => target?.router === router && servesFloatingIp(target.port, release),
  );
  const network = router.distributed && hasExternalAccess(host) ? router.gateway?.network : undefined;
  const linked = network !== undefined && (release.features.has("fip-on-every-dvr-host") || here.length > 0);
  return { router, fipNetwork: linked ? network : undefined, served: linked ? here : router.distributed ? [] : router.floatingIps };
}

function hostRouter(
  choices: HostChoices,
  part: LinkedPart,
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
    ...earlyRules(choices, router, release),
    ...pairNeighbours(choices, router, release),
    ...(snat === undefined ? {} : { snat }),
    ...(gateway === undefined ? {} : { gateway }),
    redirects: router.distributed && router.gateway !== undefined && router.interfaces.some(({ csnat }) => csnat !== undefined),
    scopeMarks: scopeMarks(choices, router),
    scopeDeviceOrder: scopeDeviceOrder(
      choices,
      router,
      interfaces.map(({ wired }) => wired),
      fipLink?.rfpDevice ?? gateway?.device,
    ),
    ...extraRouteOrders(choices, router, snat === undefined ? undefined : keptNextHop(release)),
  };
}

/**
 * Rules of floating IPs that are served centrally, on hosts whose agents are told of them.
 *
 * An agent that makes a router, as after a restart, writes one for each that it is told of then, wherever it is served. That is history: the lock
 * has the priorities. Source: Neutron `DvrLocalRouter._load_used_fip_information`.
 */
function earlyRules(choices: HostChoices, router: ResolvedRouter, release: Release): Pick<HostRouter, "earlyRules"> {
  if (!router.distributed || !release.features.has("dvr-no-external")) return {};
  const { first, count } = release.floatingIp.rulePriorities;
  const isOfPool = (priority: number): boolean => priority >= first && priority < first + count;
  const rules = router.floatingIps.flatMap((floatingIp) => {
    if (!isToldOfCentral(choices.host, floatingIp)) return [];
    const priority = choices.lockedNumber("early_fip_rule", floatingIp.key, "a rule priority", isOfPool);
    if (priority === undefined) return [];
    choices.keep("early_fip_rule", floatingIp.key, priority);
    return hostFloatingIp(floatingIp, priority) ?? [];
  });
  return rules.length === 0 ? {} : { earlyRules: rules };
}

/** Addresses of allowed address pairs that the host's router knows by the pairs' own MACs, since they were there before it: the lock has them. */
function pairNeighbours(choices: HostChoices, router: ResolvedRouter, release: Release): Pick<HostRouter, "pairNeighbours"> {
  if (!router.distributed || !knowsPairsByHistory(release)) return {};
  const addresses = choices.exception("pair_neighbours", router.key, readNames, "a list of addresses");
  return addresses === undefined ? {} : { pairNeighbours: addresses };
}

function keptNextHop({ features }: Release): "first" | "last" | undefined {
  if (features.has("snat-multipath")) return undefined;
  return features.has("extra-routes-multipath") ? "first" : "last";
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
