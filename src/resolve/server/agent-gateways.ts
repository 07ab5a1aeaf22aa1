import type { ResolvedRouter, ResolvedTopology } from "../../model/resolved.js";
import type { HostDeclaration, NetworkDeclaration } from "../../model/topology.js";
import type { Release } from "../../releases/release.js";
import { escapeName, resourceKey } from "../keys.js";
import { readNames } from "../ledger.js";
import { hasExternalAccess, routersByHost, servesFloatingIp } from "../presence.js";
import type { ServerContext } from "./context.js";
import { automaticSubnets, automaticWishes, type PortPlan } from "./plan.js";
import { namesOf } from "./routers.js";

const owner = "network:floatingip_agent_gateway";

/** The port by which a host's floating IP namespace stands in an external network. */
function planAgentGateway(network: NetworkDeclaration, host: HostDeclaration): PortPlan {
  return {
    key: resourceKey("network", network.key, "agent_gateway", host.name),
    name: "",
    projectId: "",
    pointer: network.pointer,
    network,
    wishes: automaticWishes(network, owner, network.pointer),
    automatic: automaticSubnets(network, owner),
    deviceOwner: owner,
    host: host.name,
  };
}

/** Every agent gateway port that some release may make: their locked values are kept free in all. */
export function possibleAgentGateways(context: ServerContext): PortPlan[] {
  const hosts = [...context.topology.hosts.values()].filter((host) => host.agentMode === "dvr" || host.agentMode === "dvr_snat");
  const external = [...context.topology.networks.values()].filter((network) => network.external);
  return external.flatMap((network) => hosts.map((host) => planAgentGateway(network, host)));
}

/**
 * The agent gateway ports that exist.
 *
 * With `fip-on-every-dvr-host` every host has one for each external network that a router of its leads to; before, only hosts that serve a
 * floating IP do. Source: Neutron `create_fip_agent_gw_port_if_not_exists`, `DvrLocalRouter.external_gateway_added`.
 */
export function planAgentGateways(
  context: ServerContext,
  topology: Pick<ResolvedTopology, "hosts" | "ports" | "routers">,
  release: Release,
): PortPlan[] {
  const needed = new Set<string>();
  const need = (router: ResolvedRouter, host: string) => {
    if (router.distributed && router.gateway !== undefined) needed.add(`${router.gateway.network.key}/agent_gateway/${escapeName(host)}`);
  };
  const everywhere = release.features.has("fip-on-every-dvr-host");
  const present = routersByHost(topology, release);
  for (const host of topology.hosts) {
    if (!hasExternalAccess(host)) continue;
    const routers = present.get(host.name) ?? [];
    if (everywhere) for (const router of routers) need(router, host.name);
  }
  for (const router of topology.routers) {
    for (const { target } of router.floatingIps) {
      const host = target?.port.host;
      if (target === undefined || host === undefined || !servesFloatingIp(target.port, release)) continue;
      if (hasExternalAccess(host)) need(router, host.name);
    }
  }
  return possibleAgentGateways(context).flatMap((plan) => (needed.has(plan.key) ? withAddresses(context, plan) : []));
}

/**
 * The port with those of its addresses that it has: one of each version, unless the lock names some subnets.
 *
 * The server gives agent gateways no address of a version that comes to the network after them. Source: Neutron `_update_router_gw_ports`, which looks
 * at routers' gateways alone.
 */
function withAddresses({ ledger }: ServerContext, plan: PortPlan): PortPlan {
  const key = `${plan.key}/subnets`;
  const names = ledger.locked(key, readNames, "a list of subnets");
  const wishes = plan.wishes.filter(({ subnets }) => names === undefined || subnets.some((subnet) => names.includes(namesOf(subnet)[1])));
  if (names === undefined || wishes.length === plan.wishes.length) return plan;
  ledger.record(key, names, "allocated");
  return { ...plan, wishes };
}
