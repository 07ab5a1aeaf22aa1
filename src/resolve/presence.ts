import type { ResolvedHost, ResolvedPort, ResolvedRouter, ResolvedSubnet, ResolvedTopology } from "../model/resolved.js";
import type { Release } from "../releases/release.js";

/** Ports of Neutron's own load balancers. Source: neutron-lib `DEVICE_OWNER_LOADBALANCER`, `DEVICE_OWNER_LOADBALANCERV2`. */
const loadBalancers: ReadonlySet<string> = new Set(["neutron:LOADBALANCER", "neutron:LOADBALANCERV2"]);

/**
 * True for ports that distributed routing serves: they draw the router to their host, and br-int's DVR tables deliver to them.
 *
 * Source: Neutron `utils.is_dvr_serviced`, `get_other_dvr_serviced_device_owners`.
 */
export function isDvrServiced(port: ResolvedPort, release: Release): boolean {
  const owner = port.deviceOwner;
  if (owner.startsWith("compute:")) return true;
  if (owner === "trunk:subport") return release.features.has("host-dvr-for-dhcp");
  if (owner === "network:dhcp") return !release.features.has("host-dvr-for-dhcp") || port.host?.agent.hostDvrForDhcp !== false;
  return loadBalancers.has(owner) && release.features.has("dvr-serves-load-balancers");
}

/**
 * True for bound ports whose floating IPs their host serves: any, where the rest is served centrally; before, those that distributed routing serves.
 *
 * Source: Neutron 9.0.0 `L3_NAT_with_dvr_db_mixin._get_dvr_service_port_hostid`.
 */
export function servesFloatingIp(port: ResolvedPort, release: Release): boolean {
  return release.features.has("dvr-no-external") || isDvrServiced(port, release);
}

/** True for hosts whose L3 agent takes parts of distributed routers. */
export function hasDvrAgent(host: ResolvedHost): boolean {
  return host.agentMode !== "legacy";
}

/** True for hosts whose L3 agent can have fip namespaces. */
export function hasExternalAccess(host: ResolvedHost): boolean {
  return host.agentMode === "dvr" || host.agentMode === "dvr_snat";
}

/** Routers by the subnets on which they have an interface, in order given. */
export function interfacesBySubnet<R extends Pick<ResolvedRouter, "interfaces">>(routers: readonly R[]): Map<ResolvedSubnet, R[]> {
  const bySubnet = new Map<ResolvedSubnet, R[]>();
  for (const router of routers) {
    for (const { port } of router.interfaces) for (const { subnet } of port.fixedIps) append(bySubnet, subnet, router);
  }
  return bySubnet;
}

/**
 * The routers that each host's L3 agent has a part of, by host name, in order of declaration.
 *
 * A centralised router is where it is scheduled. A distributed one is there too, and on every host with a serviced port on one of its subnets;
 * with `connected-routers` a host also gets the distributed routers one network away from any of its own.
 * Source: Neutron `L3_DVRsch_db_mixin._get_router_ids_for_agent`, `_get_other_dvr_router_ids_connected_router`.
 */
export function routersByHost(
  topology: Pick<ResolvedTopology, "hosts" | "ports" | "routers">,
  release: Release,
): Map<string, ResolvedRouter[]> {
  const found = new Map<string, Set<ResolvedRouter>>();
  for (const host of topology.hosts) found.set(host.name, new Set());
  const distributed = topology.routers.filter((router) => router.distributed);
  const bySubnet = interfacesBySubnet(distributed);
  for (const router of topology.routers) if (router.host !== undefined) found.get(router.host.name)?.add(router);
  for (const port of topology.ports) {
    if (port.host === undefined || !hasDvrAgent(port.host) || !isDvrServiced(port, release)) continue;
    for (const { subnet } of port.fixedIps) for (const router of bySubnet.get(subnet) ?? []) found.get(port.host.name)?.add(router);
  }
  if (release.features.has("connected-routers")) addConnected(topology.hosts, distributed, found);
  const rank = new Map(topology.routers.map((router, index) => [router, index]));
  return new Map([...found].map(([host, routers]) => [host, [...routers].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))]));
}

function addConnected(
  hosts: readonly ResolvedHost[],
  distributed: readonly ResolvedRouter[],
  found: Map<string, Set<ResolvedRouter>>,
): void {
  const byNetwork = new Map<string, ResolvedRouter[]>();
  for (const router of distributed) for (const { port } of router.interfaces) append(byNetwork, port.network.key, router);
  for (const host of hosts) {
    const routers = found.get(host.name);
    if (routers === undefined || !hasDvrAgent(host)) continue;
    for (const router of [...routers]) {
      const networks = new Set(router.interfaces.map(({ port }) => port.network.key));
      if (router.gateway !== undefined) networks.add(router.gateway.network.key);
      for (const network of networks) for (const other of byNetwork.get(network) ?? []) routers.add(other);
    }
  }
}

/** Adds a value to a map of lists, once. */
function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else if (values[values.length - 1] !== value) values.push(value);
}
