import type { FloatingIpDeclaration } from "../../model/topology.js";
import { resourceKey } from "../keys.js";
import { possibleAgentGateways } from "./agent-gateways.js";
import type { ServerContext } from "./context.js";
import { floatingIpKey, planFloatingIp } from "./floating-ips.js";
import { type IdentityRequest, settleDvrMacs, settleIds, settlePortIdentities, settleUpstreamMacs } from "./identities.js";
import { settleSegments } from "./networks.js";
import { placeServers, scheduleDhcp, scheduleRouters } from "./placement.js";
import type { PortPlan } from "./plan.js";
import { planDhcpPorts, planPorts } from "./ports.js";
import { namesOf, planRouter, type RouterPlan } from "./routers.js";

/** A floating IP, by its key, and the port that holds its address. */
export interface FloatingIpPlan {
  readonly key: string;
  readonly declaration: FloatingIpDeclaration;
  readonly port: PortPlan;
}

/** All that the server decides before it gives out ids and addresses. */
export interface ServerPlan {
  readonly segments: ReturnType<typeof settleSegments>;
  readonly placed: ReadonlyMap<string, string>;
  readonly scheduled: ReadonlyMap<string, string>;
  readonly dhcp: readonly PortPlan[];
  readonly routers: readonly RouterPlan[];
  readonly declared: ReadonlyMap<string, PortPlan>;
  readonly floatingIps: readonly FloatingIpPlan[];
  /** Every port, in the order in which new addresses are given out: DHCP, routers, declared ports, floating IPs. */
  readonly ports: readonly PortPlan[];
}

/** Segments, placement, scheduling, and the ports that follow from them. */
export function planServer(context: ServerContext): ServerPlan {
  const { topology } = context;
  const segments = settleSegments(context);
  const placed = placeServers(context);
  const scheduled = scheduleRouters(context);
  const dhcp = planDhcpPorts(context, scheduleDhcp(context));
  const declared = planPorts(context, placed);
  const routers = [...topology.routers.values()].map((router) => planRouter(context, router, scheduled.get(router.key), declared));
  const floatingIps = Array.from(topology.floatingIps.values(), (declaration): FloatingIpPlan => {
    const key = floatingIpKey(declared, declaration);
    return { key, declaration, port: planFloatingIp(context, key, declaration) };
  });
  const routerPorts = routers.flatMap((router) => [
    ...router.interfaces.flatMap(({ port, csnat }) => (csnat === undefined ? [port] : [port, csnat])),
    ...(router.gateway === undefined ? [] : [router.gateway]),
  ]);
  const attached = new Set(routerPorts.map((port) => port.key));
  const own = [...declared.values()].filter((port) => !attached.has(port.key));
  const ports = [...dhcp, ...routerPorts, ...own, ...floatingIps.map(({ port }) => port)];
  return { segments, placed, scheduled, dhcp, routers, declared, floatingIps, ports };
}

/** Ids of all resources, MACs of all ports and hosts. What other releases have for agent gateways is kept free. */
export function settleIdentities(context: ServerContext, plan: ServerPlan): void {
  const { topology } = context;
  const requests: IdentityRequest[] = [];
  const request = (key: string, { pointer, id }: { readonly pointer: string; readonly id?: IdentityRequest["pinned"] }) =>
    requests.push({ key, pointer, pinned: id });
  for (const network of topology.networks.values()) {
    request(resourceKey("network", network.key), network);
    for (const subnet of network.subnets) request(resourceKey("subnet", ...namesOf(subnet)), subnet);
  }
  for (const router of topology.routers.values()) request(resourceKey("router", router.key), router);
  for (const server of topology.servers.values()) request(resourceKey("server", server.key), server);
  for (const { key, declaration } of plan.floatingIps) request(key, declaration);
  for (const group of topology.securityGroups.values()) request(resourceKey("security_group", group.key), group);
  for (const group of topology.addressGroups.values()) request(resourceKey("address_group", group.key), group);
  settleIds(context, requests);
  settlePortIdentities(context, plan.ports, possibleAgentGateways(context));
  settleDvrMacs(context);
  settleUpstreamMacs(context);
}
