import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { byText, inTurn, by, sorted } from "../../base/order.js";
import type { Answers, ApiNetwork, ApiPort, ApiRouter, ApiSecurityGroup, ApiSubnet } from "../answers.js";
import { Handles } from "../handles.js";

/** A server: the machine that one or more ports belong to. There is no compute API among the answers, so ports are all that is known of it. */
export interface CloudServer {
  readonly key: string;
  readonly name: string;
  readonly id: string;
  readonly host: string;
  /** Ascending id. */
  readonly ports: readonly ApiPort[];
}

/** The answers with an index for every look-up, and the key that each resource gets in the topology. */
export interface Cloud {
  readonly answers: Answers;
  readonly diagnostics: Diagnostic[];
  /** Project of most resources: the topology's own. */
  readonly projectId: string;
  readonly networks: ReadonlyMap<string, ApiNetwork>;
  readonly subnets: ReadonlyMap<string, ApiSubnet>;
  readonly subnetsOf: ReadonlyMap<string, readonly ApiSubnet[]>;
  /** How many networks have a subnet of a key. */
  readonly subnetKeyCounts: ReadonlyMap<string, number>;
  readonly ports: ReadonlyMap<string, ApiPort>;
  readonly portsOfDevice: ReadonlyMap<string, readonly ApiPort[]>;
  readonly routers: ReadonlyMap<string, ApiRouter>;
  /** Ports of DHCP agents by network, ascending host: one a host. */
  readonly dhcpPorts: ReadonlyMap<string, readonly ApiPort[]>;
  /** How many DHCP agents most networks have that have any. Source: Neutron `dhcp_agents_per_network`. */
  readonly usualDhcpAgents: number;
  readonly groups: ReadonlyMap<string, ApiSecurityGroup>;
  /** Router interfaces that are members of a group which filtered ports admit, or have addresses of both versions: ports that were made before a router took them. */
  readonly memberInterfaces: ReadonlySet<string>;
  readonly servers: readonly CloudServer[];
  readonly serverOfPort: ReadonlyMap<string, CloudServer>;
  readonly handles: {
    readonly network: Handles;
    /** Keys inside their network. */
    readonly subnet: Handles;
    readonly router: Handles;
    readonly port: Handles;
    readonly floatingIp: Handles;
    readonly securityGroup: Handles;
    readonly addressScope: Handles;
    readonly addressGroup: Handles;
  };
}

/** Builds the index. Resources are taken by name, then id, so that the same cloud gives the same topology whatever the order of the answers. */
export function indexCloud(answers: Answers, diagnostics: Diagnostic[]): Cloud {
  const projectId = mostCommonProject(answers);
  const portsOfDevice = groupBy(
    sorted(
      answers.ports,
      by((port) => port.id, byText),
    ),
    (port) => port.deviceId,
  );
  const subnetsOf = groupBy(byName(answers.subnets), (subnet) => subnet.networkId);
  const handles = {
    network: new Handles(),
    subnet: new Handles(),
    router: new Handles(),
    port: new Handles(),
    floatingIp: new Handles(),
    securityGroup: new Handles(["default"]),
    addressScope: new Handles(),
    addressGroup: new Handles(),
  };
  for (const network of byName(answers.networks)) handles.network.add(network.id, network.name, "network");
  const subnetKeyCounts = new Map<string, number>();
  for (const subnets of subnetsOf.values()) {
    const own = new Handles();
    for (const subnet of subnets) {
      const key = handles.subnet.set(subnet.id, own.add(subnet.id, subnet.name, "subnet"));
      subnetKeyCounts.set(key, (subnetKeyCounts.get(key) ?? 0) + 1);
    }
  }
  for (const router of byName(answers.routers)) handles.router.add(router.id, router.name, "router");
  for (const group of byName(answers.securityGroups)) {
    if (group.name !== "default") handles.securityGroup.add(group.id, group.name, "group");
    else handles.securityGroup.set(group.id, group.projectId === projectId ? "default" : `${group.projectId}/default`);
  }
  for (const network of byName(answers.networks)) {
    for (const scope of [network.ipv4AddressScope, network.ipv6AddressScope]) {
      if (scope !== undefined && handles.addressScope.get(scope) === undefined) handles.addressScope.add(scope, "", "scope");
    }
  }
  for (const group of byName(answers.addressGroups)) handles.addressGroup.add(group.id, group.name, "address-group");
  const memberInterfaces = new Set([...interfacesInGroups(answers), ...interfacesOfBothVersions(answers)]);
  const servers = findServers(portsOfDevice);
  const serverOfPort = new Map(servers.flatMap((server) => server.ports.map((port) => [port.id, server] as const)));
  for (const port of byName(answers.ports)) {
    if (memberInterfaces.has(port.id) || (!isNetworkPort(port) && !serverOfPort.has(port.id))) handles.port.add(port.id, port.name, "port");
  }
  for (const floatingIp of sorted(
    answers.floatingIps,
    by((entry) => entry.id, byText),
  )) {
    handles.floatingIp.add(floatingIp.id, floatingIp.floatingIpAddress, "floating-ip");
  }
  const dhcp = dhcpPorts(answers);
  return {
    answers,
    diagnostics,
    projectId,
    networks: byId(answers.networks),
    subnets: byId(answers.subnets),
    subnetsOf,
    subnetKeyCounts,
    ports: byId(answers.ports),
    portsOfDevice,
    routers: byId(answers.routers),
    dhcpPorts: dhcp,
    usualDhcpAgents: mostCommonLength(dhcp),
    groups: byId(answers.securityGroups),
    memberInterfaces,
    servers,
    serverOfPort,
    handles,
  };
}

/** Owners of ports that join a router to a subnet. */
export const interfaceOwners: ReadonlySet<string> = new Set(["network:router_interface", "network:router_interface_distributed"]);

/** The server joins IPv6 subnets to an interface that has one, but an IPv4 and an IPv6 subnet never. */
function interfacesOfBothVersions({ ports }: Answers): string[] {
  return ports
    .filter(({ deviceOwner, fixedIps }) => {
      const six = fixedIps.filter(({ ipAddress }) => ipAddress.includes(":")).length;
      return interfaceOwners.has(deviceOwner) && six > 0 && six < fixedIps.length;
    })
    .map(({ id }) => id);
}

function interfacesInGroups({ ports, securityGroupRules }: Answers): Set<string> {
  const inUse = new Set(ports.flatMap((port) => (isNetworkPort(port) ? [] : port.securityGroups)));
  const admitted = new Set(securityGroupRules.flatMap((rule) => (inUse.has(rule.securityGroupId) ? (rule.remoteGroupId ?? []) : [])));
  const members = ports.filter((port) => interfaceOwners.has(port.deviceOwner) && port.securityGroups.some((id) => admitted.has(id)));
  return new Set(members.map(({ id }) => id));
}

/** True where the server owns the port for itself: routers, DHCP, floating IPs, metadata. */
export function isNetworkPort(port: ApiPort): boolean {
  return port.deviceOwner.startsWith("network:");
}

/** True where an agent has bound the port to its host. */
export function isBound(port: ApiPort): boolean {
  return port.host !== undefined && port.vifType !== "unbound" && port.vifType !== "binding_failed";
}

/** `device_id` of the port of an agent that has given its network up. Source: neutron-lib `DEVICE_ID_RESERVED_DHCP_PORT`. */
const reservedDhcpPort = "reserved_dhcp_port";

function dhcpPorts(answers: Answers): Map<string, ApiPort[]> {
  const order = inTurn(
    by((port: ApiPort) => port.host ?? "", byText),
    by((port) => port.id, byText),
  );
  const serving = answers.ports.filter(
    (port) => port.deviceOwner === "network:dhcp" && isBound(port) && port.deviceId !== reservedDhcpPort,
  );
  const seen = new Set<string>();
  const one = sorted(serving, order).filter(({ networkId, host }) => {
    const place = `${networkId} ${host ?? ""}`;
    return !seen.has(place) && seen.add(place);
  });
  return groupBy(one, (port) => port.networkId);
}

function mostCommonLength(groups: ReadonlyMap<string, readonly unknown[]>): number {
  const counts = new Map<number, number>();
  for (const { length } of groups.values()) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [first] = sorted(counts, (a, b) => b[1] - a[1] || b[0] - a[0]);
  return first?.[0] ?? 1;
}

/** Servers are devices of `compute:` ports that are all bound to one host; other ports stand alone. */
function findServers(portsOfDevice: ReadonlyMap<string, readonly ApiPort[]>): CloudServer[] {
  const candidates: (Omit<CloudServer, "key"> & { readonly first: ApiPort })[] = [];
  for (const [deviceId, ports] of portsOfDevice) {
    const compute = ports.filter((port) => port.deviceOwner.startsWith("compute:"));
    const [first] = compute;
    if (deviceId === "" || first?.host === undefined) continue;
    // What a server's ports cannot say is said by ports that stand alone.
    if (!compute.every((port) => isBound(port) && port.host === first.host && port.adminStateUp && port.projectId === first.projectId))
      continue;
    candidates.push({ name: compute.length === 1 ? first.name : "", id: deviceId, host: first.host, ports: compute, first });
  }
  const handles = new Handles();
  const order = inTurn(
    by((server: (typeof candidates)[number]) => server.name, byText),
    by((server) => server.id, byText),
  );
  return sorted(candidates, order).map(({ first: _, ...server }) => ({ ...server, key: handles.add(server.id, server.name, "server") }));
}

function mostCommonProject(answers: Answers): string {
  const counts = new Map<string, number>();
  for (const { projectId } of [...answers.ports, ...answers.routers, ...answers.networks]) {
    if (projectId !== "") counts.set(projectId, (counts.get(projectId) ?? 0) + 1);
  }
  const [first] = sorted(counts, (a, b) => b[1] - a[1] || byText(a[0], b[0]));
  return first?.[0] ?? answers.securityGroups.find((group) => group.name === "default")?.projectId ?? "";
}

function byName<T extends { readonly name: string; readonly id: string }>(resources: readonly T[]): T[] {
  return sorted(
    resources,
    inTurn(
      by((resource) => resource.name, byText),
      by((resource) => resource.id, byText),
    ),
  );
}

function byId<T extends { readonly id: string }>(resources: readonly T[]): Map<string, T> {
  return new Map(resources.map((resource) => [resource.id, resource]));
}

function groupBy<T>(resources: Iterable<T>, key: (resource: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const resource of resources) {
    const group = groups.get(key(resource));
    if (group === undefined) groups.set(key(resource), [resource]);
    else group.push(resource);
  }
  return groups;
}
