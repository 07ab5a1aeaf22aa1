import type { NetworkDocument, SubnetDocument } from "../../dsl/types.generated.js";
import { report } from "../../diagnostics/report.js";
import { defined } from "../../base/invariant.js";
import { cidrBits, cidrLength, cidrRange, cidrVersion, parseCidr } from "../../net/cidr.js";
import { ipFromBigInt } from "../../net/ip.js";
import type { ApiNetwork, ApiSubnet } from "../answers.js";
import { named, ownProject, section } from "./attributes.js";
import type { Cloud } from "./cloud.js";

/** The `networks` section. */
export function networkSection(cloud: Cloud): Readonly<Record<string, NetworkDocument>> {
  const networks = section<NetworkDocument>();
  for (const network of cloud.networks.values()) {
    if (network.networkType === undefined) {
      const field = "provider:network_type";
      cloud.diagnostics.push(report("answer-not-admin", { what: "network", id: network.id, field }, network.record.span()));
    } else networks.set(keyOf(cloud, network), networkDocument(cloud, network));
  }
  return networks.sorted();
}

function keyOf(cloud: Cloud, network: ApiNetwork): string {
  return defined(cloud.handles.network.get(network.id), "key of a network");
}

function networkDocument(cloud: Cloud, network: ApiNetwork): NetworkDocument {
  const subnets = section<SubnetDocument>();
  for (const subnet of cloud.subnetsOf.get(network.id) ?? []) {
    const key = defined(cloud.handles.subnet.get(subnet.id), "key of a subnet");
    subnets.set(key, { ...named(key, subnet.name), ...subnetDocument(cloud, subnet, network) });
  }
  const scope4 = cloud.handles.addressScope.get(network.ipv4AddressScope);
  const scope6 = cloud.handles.addressScope.get(network.ipv6AddressScope);
  return {
    ...named(keyOf(cloud, network), network.name),
    ...ownProject(cloud, network.projectId),
    ...(network.shared ? { shared: true } : {}),
    ...(network.external ? { "router:external": true } : {}),
    "provider:network_type": network.networkType as NonNullable<NetworkDocument["provider:network_type"]>,
    ...(network.physicalNetwork === undefined ? {} : { "provider:physical_network": network.physicalNetwork }),
    ...(network.segmentationId === undefined || isUsualSegment(network) ? {} : { "provider:segmentation_id": network.segmentationId }),
    ...(network.mtu === undefined ? {} : { mtu: network.mtu }),
    ...(network.portSecurityEnabled ? {} : { port_security_enabled: false }),
    ...dhcpAgents(cloud, network),
    ...(scope4 === undefined ? {} : { ipv4_address_scope: scope4 }),
    ...(scope6 === undefined ? {} : { ipv6_address_scope: scope6 }),
    subnets: subnets.inOrder(),
  };
}

/** The agents of a network that more or fewer serve than most: nothing else tells how many it shall have. */
function dhcpAgents(cloud: Cloud, network: ApiNetwork): Pick<NetworkDocument, "dhcp_agents"> {
  const hosts = (cloud.dhcpPorts.get(network.id) ?? []).map((port) => port.host ?? "");
  const isServed = (cloud.subnetsOf.get(network.id) ?? []).some(({ enableDhcp }) => enableDhcp);
  const hasAgents = cloud.answers.agents.some(({ type }) => type === "DHCP agent");
  return !isServed || !hasAgents || hosts.length === cloud.usualDhcpAgents ? {} : { dhcp_agents: hosts };
}

/** Last id of the range that tunnelled networks get theirs from by default. */
const lastUsualVni = 1000;

/** True where the id is one that the lock can hold: the server's own ranges are not among the answers. */
export function isUsualSegment({ networkType, segmentationId }: ApiNetwork): boolean {
  return segmentationId === undefined || (networkType !== "vlan" && segmentationId <= lastUsualVni);
}

function subnetDocument(cloud: Cloud, subnet: ApiSubnet, network: ApiNetwork): SubnetDocument {
  return {
    cidr: subnet.cidr,
    ...(subnet.projectId === network.projectId ? {} : ownProject(cloud, subnet.projectId)),
    ...gateway(subnet),
    ...(subnet.enableDhcp ? {} : { enable_dhcp: false }),
    ...(hasDefaultPool(subnet) ? {} : { allocation_pools: subnet.allocationPools }),
    ...(subnet.dnsNameservers.length === 0 ? {} : { dns_nameservers: subnet.dnsNameservers }),
    ...(subnet.hostRoutes.length === 0 ? {} : { host_routes: subnet.hostRoutes }),
    ...(subnet.ipv6RaMode === undefined ? {} : { ipv6_ra_mode: subnet.ipv6RaMode as NonNullable<SubnetDocument["ipv6_ra_mode"]> }),
    ...(subnet.ipv6AddressMode === undefined
      ? {}
      : { ipv6_address_mode: subnet.ipv6AddressMode as NonNullable<SubnetDocument["ipv6_address_mode"]> }),
    ...(subnet.serviceTypes.length === 0 ? {} : { service_types: subnet.serviceTypes }),
  };
}

/** Nothing where the gateway is the first IPv4 address, which is what Neutron chooses; for IPv6 releases differ in what they choose. */
function gateway(subnet: ApiSubnet): Pick<SubnetDocument, "gateway_ip"> {
  const cidr = parseCidr(subnet.cidr);
  if (subnet.gatewayIp === undefined) return { gateway_ip: null };
  const usual = cidr !== undefined && cidrVersion(cidr) === 4 && subnet.gatewayIp === ipFromBigInt(cidrRange(cidr)[0] + 1n, 4);
  return usual ? {} : { gateway_ip: subnet.gatewayIp };
}

/** True where the pool is all of an IPv4 prefix but network, gateway and broadcast address, with the gateway first. */
function hasDefaultPool(subnet: ApiSubnet): boolean {
  const cidr = parseCidr(subnet.cidr);
  const [pool, ...more] = subnet.allocationPools;
  if (cidr === undefined || pool === undefined || more.length > 0) return false;
  if ("gateway_ip" in gateway(subnet) || cidrBits(cidr) - cidrLength(cidr) <= 1) return false;
  const [first, last] = cidrRange(cidr);
  return pool.start === ipFromBigInt(first + 2n, 4) && pool.end === ipFromBigInt(last - 1n, 4);
}
