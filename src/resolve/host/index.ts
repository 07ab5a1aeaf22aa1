import { groupBy } from "../../base/group-by.js";
import type { ResolvedFloatingIp, ResolvedHost, ResolvedNetwork, ResolvedPort, ResolvedRouter } from "../../model/resolved.js";
import { hostPrefix } from "../keys.js";
import { routersByHost } from "../presence.js";
import type { Resolution } from "../resolve.js";

/** What every host's view looks up, made once for all hosts. */
export interface TopologyIndex {
  readonly hosts: ReadonlyMap<string, ResolvedHost>;
  /** Bound ports that are up and whose device is on the host, by host name, in order of the topology. */
  readonly portsByHost: ReadonlyMap<string, readonly ResolvedPort[]>;
  /** As {@link portsByHost}, machines' ports that are switched off; of hosts without any nothing. */
  readonly offByHost: ReadonlyMap<string, readonly ResolvedPort[]>;
  /** Machines' ports that are bound and whose device nobody has plugged in: the lock tells. Agents know nothing of them. */
  readonly unplugged: ReadonlySet<ResolvedPort>;
  /** Routers that a host's L3 agent has a part of, by host name. */
  readonly routersByHost: ReadonlyMap<string, readonly ResolvedRouter[]>;
  /** Hosts on whose br-int a network is, in order of declaration. */
  readonly hostsByNetwork: ReadonlyMap<ResolvedNetwork, readonly ResolvedHost[]>;
  /** Associated floating IPs by the name of the host of their port; the empty name is for unbound ports. Ascending id. */
  readonly floatingIpsByHost: ReadonlyMap<string, readonly ResolvedFloatingIp[]>;
}

const indexes = new WeakMap<Resolution, TopologyIndex>();

/** The index of a resolution. */
export function indexOf(resolution: Resolution): TopologyIndex {
  let index = indexes.get(resolution);
  if (index === undefined) {
    index = buildIndex(resolution);
    indexes.set(resolution, index);
  }
  return index;
}

function buildIndex(resolution: Resolution): TopologyIndex {
  const { topology, release } = resolution;
  const unplugged = unpluggedPorts(resolution);
  const portsByHost = new Map<string, ResolvedPort[]>(topology.hosts.map((host) => [host.name, []]));
  const off: ResolvedPort[] = [];
  for (const port of topology.ports) {
    if (port.host === undefined || unplugged.has(port)) continue;
    if (port.adminStateUp) portsByHost.get(port.host.name)?.push(port);
    else if (isMachinePort(port)) off.push(port);
  }
  const routers = routersByHost(topology, release);
  const floatingIpsByHost = new Map<string, ResolvedFloatingIp[]>();
  for (const router of topology.routers) {
    for (const floatingIp of router.floatingIps) {
      const host = floatingIp.target?.port.host?.name ?? "";
      const known = floatingIpsByHost.get(host);
      if (known === undefined) floatingIpsByHost.set(host, [floatingIp]);
      else known.push(floatingIp);
    }
  }
  const hostsByNetwork = new Map<ResolvedNetwork, ResolvedHost[]>(topology.networks.map((network) => [network, []]));
  for (const host of topology.hosts) {
    for (const network of networksOn(portsByHost.get(host.name) ?? [], routers.get(host.name) ?? []))
      hostsByNetwork.get(network)?.push(host);
  }
  const hosts = new Map(topology.hosts.map((host) => [host.name, host]));
  const offByHost = groupBy(off, ({ host }) => host?.name ?? "");
  return { hosts, portsByHost, offByHost, unplugged, routersByHost: routers, hostsByNetwork, floatingIpsByHost };
}

function unpluggedPorts({ topology, release, lock }: Resolution): ReadonlySet<ResolvedPort> {
  const found = new Set<ResolvedPort>();
  // Asking for each port would read what every host chose.
  if (lock === undefined || lock.source?.text.includes("/unplugged/") === false) return found;
  for (const port of topology.ports) {
    if (port.host === undefined || !isMachinePort(port)) continue;
    if (lock.allocations.get(`${hostPrefix(release.name, port.host.name)}unplugged/${port.key}`) === true) found.add(port);
  }
  return found;
}

/** Ports of machines and other things that are not the network's own. */
export function isMachinePort(port: ResolvedPort): boolean {
  return !port.deviceOwner.startsWith("network:");
}

/** Networks of a host's bound ports, and those that its distributed routers bring with all their interfaces that are up. */
function networksOn(ports: readonly ResolvedPort[], routers: readonly ResolvedRouter[]): Set<ResolvedNetwork> {
  const networks = new Set(ports.map((port) => port.network));
  for (const router of routers)
    if (router.distributed) for (const { port } of router.interfaces) if (port.adminStateUp) networks.add(port.network);
  return networks;
}
