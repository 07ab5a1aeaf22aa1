import type { PortList } from "../../model/port-list.js";
import type { ResolvedNetwork, ResolvedPort, ResolvedRouter } from "../../model/resolved.js";
import { indexOf } from "./index.js";
import type { Resolution } from "../resolve.js";

/** What {@link hostInputs} tells. */
export interface HostInputs {
  readonly value: object;
  readonly lists: readonly PortList[];
  /** Ports that are bound to the host, switched off or not, and routers that it has a part of: they are in the value, too. */
  readonly ports: readonly ResolvedPort[];
  readonly routers: readonly ResolvedRouter[];
}

/**
 * All that `resolveHost` makes a host's view of, but for the host's entries of the lock: found by looking into the index alone.
 *
 * Two hosts of which all of it is the same have the same view. Where no more than the lists are others, `refreshView` makes one of the other.
 */
export function hostInputs(resolution: Resolution, name: string): HostInputs {
  const { topology, release } = resolution;
  const { hosts, portsByHost, offByHost, routersByHost, floatingIpsByHost, hostsByNetwork, unplugged } = indexOf(resolution);
  const ports = [...(portsByHost.get(name) ?? []), ...(offByHost.get(name) ?? [])];
  const routers = routersByHost.get(name) ?? [];
  const networks = new Set<ResolvedNetwork>(ports.map(({ network }) => network));
  for (const { interfaces, gateway } of routers) {
    for (const { port } of interfaces) networks.add(port.network);
    if (gateway !== undefined) networks.add(gateway.network);
  }
  return {
    value: {
      release: release.name,
      // Every host knows the DVR MACs of all, and may have a tunnel to each.
      hosts: topology.hosts,
      host: hosts.get(name),
      ports,
      // Of other hosts, too: l2population does not tell of them.
      unplugged: [...unplugged].filter(({ host, network }) => host?.name === name || networks.has(network)),
      routers,
      floatingIps: floatingIpsByHost.get(name),
      neighbours: Array.from(networks, (network) => [network, hostsByNetwork.get(network)]),
    },
    // l2population tells of the ports of tunnelled networks.
    lists: [...networks].flatMap((network): PortList[] =>
      network.type === "flat" || network.type === "vlan" ? [] : [{ kind: "ports", of: network.key }],
    ),
    ports,
    routers,
  };
}
