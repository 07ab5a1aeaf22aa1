import type { TopologyDocument } from "../../dsl/types.generated.js";
import { defaultZone } from "../../model/placement.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";

/** Kinds of things that other things refer to. */
export type Kind =
  "host" | "availability-zone" | "network" | "subnet" | "port" | "server" | "security-group" | "address-scope" | "address-group";

/** Every name that a topology declares, and where. */
export interface Names {
  /** Subnets by `<network>/<subnet>`. */
  readonly places: Readonly<Record<Kind, ReadonlyMap<string, Pointer>>>;
  /** `<network>/<subnet>` of the subnets of each bare name. */
  readonly subnetsByName: ReadonlyMap<string, readonly string[]>;
  /** Every project that a resource names. */
  readonly projects: ReadonlySet<string>;
}

/** Collects the names of a topology before any reference is looked up, so that order does not matter. */
export function collectNames(value: TopologyDocument): Names {
  const zones = new Map<string, Pointer>([[defaultZone, ""]]);
  for (const [key, { availability_zone: zone }] of Object.entries(value.aggregates ?? {})) {
    if (!zones.has(zone)) zones.set(zone, pointerTo("/aggregates", key, "availability_zone"));
  }
  const subnets = new Map<string, Pointer>();
  const subnetsByName = new Map<string, string[]>();
  for (const [network, { subnets: own }] of Object.entries(value.networks ?? {})) {
    for (const subnet of Object.keys(own ?? {})) {
      const key = subnetKey(network, subnet);
      if (!subnets.has(key)) subnets.set(key, pointerTo("/networks", network, "subnets", subnet));
      const same = subnetsByName.get(subnet);
      if (same === undefined) subnetsByName.set(subnet, [key]);
      else same.push(key);
    }
  }
  return {
    places: {
      host: namesIn(value.hosts, "/hosts"),
      "availability-zone": zones,
      network: namesIn(value.networks, "/networks"),
      subnet: subnets,
      port: namesIn(value.ports, "/ports"),
      server: namesIn(value.servers, "/servers"),
      "security-group": namesIn(value.security_groups, "/security_groups"),
      "address-scope": namesIn(value.address_scopes, "/address_scopes"),
      "address-group": namesIn(value.address_groups, "/address_groups"),
    },
    subnetsByName,
    projects: projectsIn(value),
  };
}

/** The key under which the model has a subnet. */
export function subnetKey(network: string, subnet: string): string {
  return `${network}/${subnet}`;
}

function namesIn(section: Readonly<Record<string, unknown>> | undefined, pointer: Pointer): ReadonlyMap<string, Pointer> {
  return new Map(Object.keys(section ?? {}).map((key) => [key, pointerTo(pointer, key)]));
}

function projectsIn(value: TopologyDocument): ReadonlySet<string> {
  const projects = new Set<string>();
  const { networks, routers, servers, ports, floating_ips: floatingIps, security_groups: groups, address_groups: blocks } = value;
  const sections: readonly (Readonly<Record<string, { readonly project_id?: string }>> | undefined)[] = [
    networks,
    routers,
    servers,
    ports,
    floatingIps,
    groups,
    blocks,
  ];
  for (const section of sections) {
    for (const { project_id: project } of Object.values(section ?? {})) {
      if (project !== undefined) projects.add(project);
    }
  }
  return projects;
}
