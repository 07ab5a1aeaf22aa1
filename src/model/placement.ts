import { obstacleTo } from "./carriage.js";
import type { HostDeclaration, ServerDeclaration, Topology } from "./topology.js";

/** The zone of hosts that are in no aggregate. Source: Nova `default_availability_zone`. */
export const defaultZone = "nova";

/** Where Nova may run servers. */
export interface Placement {
  /** Hosts of each availability zone, in order of declaration. */
  readonly zones: ReadonlyMap<string, readonly HostDeclaration[]>;
  /** The zone of a host. */
  zoneOf(host: string): string | undefined;
  /** Hosts that the topology leaves to a server: its own, else those of its zone, else all. */
  allowedHosts(server: ServerDeclaration): readonly HostDeclaration[];
  /**
   * Of the allowed hosts those that can carry all its networks, where there are any; of these the computes, where there are any.
   *
   * Source: Nova schedules a server anew when a port cannot be bound; that computes hold no network service is custom.
   */
  candidateHosts(server: ServerDeclaration): readonly HostDeclaration[];
}

/** The placement of a topology's servers, computed once for each zone and set of networks. */
export function placementOf(topology: Topology): Placement {
  const zoneOf = zonesOfHosts(topology);
  const zones = hostsByZone(topology, zoneOf);
  const all = [...topology.hosts.values()];
  const known = new Map<string, readonly HostDeclaration[]>();
  const allowedHosts = (server: ServerDeclaration): readonly HostDeclaration[] => {
    if (server.host !== undefined) return [topology.hosts.get(server.host.key)].filter((host) => host !== undefined);
    return server.availabilityZone === undefined ? all : (zones.get(server.availabilityZone.key) ?? []);
  };
  return {
    zones,
    zoneOf: (host) => zoneOf.get(host),
    allowedHosts,
    candidateHosts(server) {
      if (server.host !== undefined) return allowedHosts(server);
      const networks = [...new Set(server.ports.map((port) => topology.ports.get(port)?.network.key ?? ""))].sort();
      const key = JSON.stringify([server.availabilityZone?.key ?? null, ...networks]);
      const found = known.get(key) ?? candidatesAmong(topology, allowedHosts(server), networks);
      known.set(key, found);
      return found;
    },
  };
}

function candidatesAmong(topology: Topology, hosts: readonly HostDeclaration[], networks: readonly string[]): readonly HostDeclaration[] {
  const declared = networks.flatMap((network) => topology.networks.get(network) ?? []);
  const fitting = hosts.filter((host) => declared.every((network) => obstacleTo(host, network, topology.server) === undefined));
  const among = fitting.length > 0 ? fitting : hosts;
  const computes = among.filter((host) => host.agentMode !== "dvr_snat" && !host.dhcpAgent);
  return computes.length > 0 ? computes : among;
}

/** A host that aggregates put into several zones, which `check` refuses, is in the first. */
function zonesOfHosts(topology: Topology): ReadonlyMap<string, string> {
  const zoneOf = new Map<string, string>();
  for (const { hosts, availabilityZone } of topology.aggregates.values()) {
    for (const { key } of hosts) if (!zoneOf.has(key)) zoneOf.set(key, availabilityZone);
  }
  for (const name of topology.hosts.keys()) if (!zoneOf.has(name)) zoneOf.set(name, defaultZone);
  return zoneOf;
}

function hostsByZone(topology: Topology, zoneOf: ReadonlyMap<string, string>): ReadonlyMap<string, readonly HostDeclaration[]> {
  const zones = new Map<string, HostDeclaration[]>([[defaultZone, []]]);
  for (const { availabilityZone } of topology.aggregates.values()) zones.set(availabilityZone, []);
  for (const host of topology.hosts.values()) zones.get(zoneOf.get(host.name) ?? defaultZone)?.push(host);
  return zones;
}
