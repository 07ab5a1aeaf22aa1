import type {
  AddressPairDocument,
  FixedIpDocument,
  PortDocument,
  ServerDocument,
  ServerNetworkDocument,
} from "../../dsl/types.generated.js";
import { byText, sorted } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { ApiPort } from "../answers.js";
import { named, ownProject, section } from "./attributes.js";
import { allocatedAddresses, isAutomaticSubnet } from "./automatic-addresses.js";
import { type Cloud, type CloudServer, isBound, isNetworkPort } from "./cloud.js";
import { groupReference } from "./security-groups.js";
import { fixedIpDocuments } from "./routers.js";

/** The `servers` section, with the floating IPs of their ports by port id. */
export function serverSection(cloud: Cloud, floatingIps: ReadonlyMap<string, string>): Readonly<Record<string, ServerDocument>> {
  const servers = section<ServerDocument>();
  for (const server of cloud.servers) servers.set(server.key, serverDocument(cloud, server, floatingIps));
  return servers.inOrder();
}

function serverDocument(cloud: Cloud, server: CloudServer, floatingIps: ReadonlyMap<string, string>): ServerDocument {
  const [first] = server.ports;
  const groups = server.ports.map((port) => groupReferences(cloud, port));
  const common = groups.every((list) => JSON.stringify(list) === JSON.stringify(groups[0])) ? groups[0] : undefined;
  const single = server.ports.length === 1;
  const address = single ? floatingIps.get(first?.id ?? "") : undefined;
  return {
    ...(first === undefined ? {} : ownProject(cloud, first.projectId)),
    host: server.host,
    networks: server.ports.map((port) => serverNetwork(cloud, port, common === undefined, single ? undefined : floatingIps.get(port.id))),
    ...(address === undefined ? {} : { floating_ip: address }),
    ...(common === undefined || isDefaultOnly(cloud, server.ports[0], common) ? {} : { security_groups: common }),
  };
}

function serverNetwork(cloud: Cloud, port: ApiPort, ownGroups: boolean, floatingIp: string | undefined): string | ServerNetworkDocument {
  const network = networkReference(cloud, port);
  const groups = groupReferences(cloud, port);
  const fixedIps = wishes(cloud, port);
  const document: ServerNetworkDocument = {
    network,
    ...(fixedIps === undefined ? {} : { fixed_ips: fixedIps }),
    ...(ownGroups && !isDefaultOnly(cloud, port, groups) ? { security_groups: groups } : {}),
    ...portSecurity(cloud, port),
    ...pairs(port),
    ...(floatingIp === undefined ? {} : { floating_ip: floatingIp }),
  };
  return Object.keys(document).length === 1 ? network : document;
}

/** The `ports` section: what is neither a server's nor made by Neutron for itself. */
export function portSection(cloud: Cloud): Readonly<Record<string, PortDocument>> {
  const ports = section<PortDocument>();
  for (const port of cloud.answers.ports) {
    const isMember = cloud.memberInterfaces.has(port.id);
    if (!isMember && (isNetworkPort(port) || cloud.serverOfPort.has(port.id))) continue;
    const key = defined(cloud.handles.port.get(port.id), "key of a port");
    ports.set(key, { ...named(key, port.name), ...(isMember ? interfacePortDocument(cloud, port) : portDocument(cloud, port)) });
  }
  return ports.sorted();
}

function portDocument(cloud: Cloud, port: ApiPort): PortDocument {
  const groups = groupReferences(cloud, port);
  const fixedIps = wishes(cloud, port);
  return {
    ...ownProject(cloud, port.projectId),
    network: networkReference(cloud, port),
    ...(port.deviceOwner === "" ? {} : { device_owner: port.deviceOwner }),
    ...(port.host === undefined || !isBound(port) ? {} : { host: port.host }),
    ...(fixedIps === undefined ? {} : { fixed_ips: fixedIps }),
    ...(isDefaultOnly(cloud, port, groups) ? {} : { security_groups: groups }),
    ...portSecurity(cloud, port),
    ...pairs(port),
    ...(port.adminStateUp ? {} : { admin_state_up: false }),
  };
}

/** A port that a router has taken: owner and host are the router's. */
function interfacePortDocument(cloud: Cloud, port: ApiPort): PortDocument {
  const groups = groupReferences(cloud, port);
  return {
    ...ownProject(cloud, port.projectId),
    network: networkReference(cloud, port),
    fixed_ips: fixedIpDocuments(cloud, port.fixedIps),
    ...(isDefaultOnly(cloud, port, groups) ? {} : { security_groups: groups }),
  };
}

function networkReference(cloud: Cloud, port: ApiPort): string {
  return defined(cloud.handles.network.get(port.networkId), "network of a port");
}

/**
 * The subnets of a port's addresses, where they are not what a port without wishes gets: one address of each IP version.
 *
 * The addresses themselves are in the lock; a port without any says so. Those that its MAC makes come by themselves. A gateway's address, which a machine
 * may have where no router has it, is none that a port gets unasked. Source: Neutron `NeutronDbSubnet._verify_ip`.
 */
function wishes(cloud: Cloud, port: ApiPort): FixedIpDocument[] | undefined {
  const subnets = (cloud.subnetsOf.get(port.networkId) ?? []).filter((subnet) => !isAutomaticSubnet(subnet));
  const allocated = allocatedAddresses(cloud, port, port.fixedIps);
  const ofVersion = (version: 4 | 6) => subnets.filter((subnet) => subnet.cidr.includes(":") === (version === 6));
  const addresses = (version: 4 | 6) => allocated.filter(({ ipAddress }) => ipAddress.includes(":") === (version === 6));
  const usual = ([4, 6] as const).every((version) => {
    const available = ofVersion(version).length;
    return available <= 1 && addresses(version).length === available;
  });
  const isGateway = allocated.some(({ subnetId, ipAddress }) => cloud.subnets.get(subnetId)?.gatewayIp === ipAddress);
  if (usual && !isGateway) return undefined;
  return fixedIpDocuments(cloud, allocated);
}

/** Groups of a port, `default` being that of the port's own project. */
function groupReferences(cloud: Cloud, port: ApiPort): readonly string[] {
  return sorted(
    port.securityGroups.flatMap((id) => groupReference(cloud, id, port.projectId) ?? []),
    byText,
  );
}

/** True where the port is only in its project's default group, which is what a port without wishes gets. */
function isDefaultOnly(cloud: Cloud, port: ApiPort | undefined, groups: readonly string[]): boolean {
  const group = cloud.groups.get(port?.securityGroups[0] ?? "");
  return groups.length === 1 && group?.name === "default" && group.projectId === port?.projectId;
}

function portSecurity(cloud: Cloud, port: ApiPort): { readonly port_security_enabled?: boolean } {
  const usual = cloud.networks.get(port.networkId)?.portSecurityEnabled ?? true;
  return port.portSecurityEnabled === usual ? {} : { port_security_enabled: port.portSecurityEnabled };
}

function pairs(port: ApiPort): { readonly allowed_address_pairs?: readonly AddressPairDocument[] } {
  if (port.allowedAddressPairs.length === 0) return {};
  return {
    allowed_address_pairs: port.allowedAddressPairs.map(({ ipAddress, macAddress }) => ({
      ip_address: ipAddress,
      ...(macAddress === undefined || macAddress === port.macAddress ? {} : { mac_address: macAddress }),
    })),
  };
}
