import type { HostDeclaration, ServerDeclaration, Topology } from "./topology.js";

/** The zone of hosts that are in no aggregate. Source: Nova `default_availability_zone`. */
export const defaultZone = "nova";

/** Hosts of each availability zone, in order of declaration. A host that aggregates put into several zones is in the first. */
export function hostsByZone(topology: Topology): ReadonlyMap<string, readonly HostDeclaration[]> {
  const zoneOf = new Map<string, string>();
  for (const { hosts, availabilityZone } of topology.aggregates.values()) {
    for (const { key } of hosts) if (!zoneOf.has(key)) zoneOf.set(key, availabilityZone);
  }
  const zones = new Map<string, HostDeclaration[]>([[defaultZone, []]]);
  for (const { availabilityZone } of topology.aggregates.values()) zones.set(availabilityZone, []);
  for (const host of topology.hosts.values()) zones.get(zoneOf.get(host.name) ?? defaultZone)?.push(host);
  return zones;
}

/** Hosts on which Nova may run a server: its own, else those of its zone, else all. */
export function candidateHosts(
  topology: Topology,
  zones: ReadonlyMap<string, readonly HostDeclaration[]>,
  server: ServerDeclaration,
): readonly HostDeclaration[] {
  if (server.host !== undefined) {
    const host = topology.hosts.get(server.host.key);
    return host === undefined ? [] : [host];
  }
  return server.availabilityZone === undefined ? [...topology.hosts.values()] : (zones.get(server.availabilityZone.key) ?? []);
}
