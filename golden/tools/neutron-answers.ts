import type { AnswerFile } from "../../src/adopt/answers.js";
import type { ResolvedHost, ResolvedPort, ResolvedTopology } from "../../src/model/resolved.js";
import { cidrAddress, cidrLength } from "../../src/net/cidr.js";
import { ipVersion } from "../../src/net/ip.js";
import { uuidOf } from "../../src/net/uuid.js";
import type { SourceText } from "../../src/source/span.js";

/** Bodies of the Networking API's lists, as an administrator of a compiled cloud would get them. */
export function neutronAnswers(topology: ResolvedTopology): Map<AnswerFile, SourceText> {
  const bodies: Readonly<Record<AnswerFile, object>> = {
    networks: { networks: topology.networks.map(network) },
    subnets: { subnets: topology.networks.flatMap(({ subnets }) => subnets).map(subnet) },
    ports: { ports: topology.ports.map((one) => port(one, topology)) },
    routers: { routers: topology.routers.map(router) },
    floatingips: { floatingips: topology.floatingIps.map(floatingIp) },
    "security-groups": { security_groups: topology.securityGroups.map(({ id, name, projectId }) => ({ id, name, project_id: projectId })) },
    "security-group-rules": { security_group_rules: rules(topology) },
    agents: { agents: topology.hosts.flatMap(agents) },
  };
  return new Map(
    Object.entries(bodies).map(([resource, body]) => [
      resource as AnswerFile,
      { path: `${resource}.json`, text: JSON.stringify(body, undefined, 1) },
    ]),
  );
}

function network(one: ResolvedTopology["networks"][number]): object {
  return {
    id: one.id,
    name: one.name,
    project_id: one.projectId,
    shared: one.shared,
    "router:external": one.external,
    mtu: one.mtu,
    "provider:network_type": one.type,
    "provider:physical_network": one.physicalNetwork ?? null,
    "provider:segmentation_id": one.segmentationId ?? null,
    port_security_enabled: true,
    ipv4_address_scope: scopeId(one.ipv4AddressScope),
    ipv6_address_scope: scopeId(one.ipv6AddressScope),
  };
}

function scopeId(scope: string | undefined): string | null {
  return scope === undefined ? null : uuidOf(`address_scope/${scope}`);
}

function subnet(one: ResolvedTopology["networks"][number]["subnets"][number]): object {
  return {
    id: one.id,
    name: one.name,
    network_id: one.network.id,
    project_id: one.projectId,
    cidr: one.cidr,
    ip_version: one.version,
    gateway_ip: one.gatewayIp ?? null,
    enable_dhcp: one.enableDhcp,
    allocation_pools: one.allocationPools.map(({ start, end }) => ({ start, end })),
    dns_nameservers: one.dnsNameservers,
    host_routes: one.hostRoutes.map(({ destination, nexthop }) => ({ destination, nexthop })),
    ipv6_ra_mode: one.ipv6RaMode ?? null,
    ipv6_address_mode: one.ipv6AddressMode ?? null,
    service_types: one.serviceTypes,
  };
}

/** What the server binds nowhere: interfaces of distributed routers are everywhere, floating IPs' ports are nowhere. */
function binding(one: ResolvedPort): object {
  if (one.deviceOwner === "network:router_interface_distributed") return { "binding:host_id": "", "binding:vif_type": "distributed" };
  if (one.host === undefined) return { "binding:host_id": "", "binding:vif_type": "unbound" };
  const hybrid = one.host.agent.firewallDriver === "iptables_hybrid";
  const details = { port_filter: true, ovs_hybrid_plug: hybrid };
  return { "binding:host_id": one.host.name, "binding:vif_type": "ovs", "binding:vif_details": details };
}

function port(one: ResolvedPort, topology: ResolvedTopology): object {
  const server = topology.servers.find(({ ports }) => ports.includes(one));
  return {
    id: one.id,
    name: one.name,
    network_id: one.network.id,
    project_id: one.projectId,
    mac_address: one.mac,
    fixed_ips: one.fixedIps.map((fixed) => ({ subnet_id: fixed.subnet.id, ip_address: fixed.ip })),
    device_owner: one.deviceOwner,
    device_id: server?.id ?? one.deviceId,
    ...binding(one),
    status: one.host === undefined ? "DOWN" : "ACTIVE",
    admin_state_up: one.adminStateUp,
    port_security_enabled: one.portSecurity,
    security_groups: one.securityGroups.map(({ id }) => id),
    allowed_address_pairs: one.allowedAddressPairs.map(({ ip, mac }) => ({ ip_address: bare(ip), mac_address: mac })),
  };
}

function bare(cidr: ResolvedPort["allowedAddressPairs"][number]["ip"]): string {
  const address = cidrAddress(cidr);
  return cidrLength(cidr) === (ipVersion(address) === 4 ? 32 : 128) ? address : cidr;
}

function router(one: ResolvedTopology["routers"][number]): object {
  const { gateway } = one;
  const info = gateway && {
    network_id: gateway.network.id,
    enable_snat: gateway.enableSnat,
    external_fixed_ips: gateway.port.fixedIps.map((fixed) => ({ subnet_id: fixed.subnet.id, ip_address: fixed.ip })),
  };
  return {
    id: one.id,
    name: one.name,
    project_id: one.projectId,
    distributed: one.distributed,
    ha: false,
    external_gateway_info: info ?? null,
    routes: one.routes.map(({ destination, nexthop }) => ({ destination, nexthop })),
  };
}

function floatingIp(one: ResolvedTopology["floatingIps"][number]): object {
  return {
    id: one.id,
    project_id: one.projectId,
    floating_ip_address: one.ip,
    floating_network_id: one.network.id,
    port_id: one.target?.port.id ?? null,
    fixed_ip_address: one.target?.fixedIp ?? null,
    router_id: one.target?.router.id ?? null,
  };
}

/** Rules of all groups. Many are made in one second: their number in the database tells the order. */
function rules({ securityGroups }: ResolvedTopology): object[] {
  return securityGroups.flatMap((group) =>
    group.rules.map((rule, index) => ({
      id: uuidOf(`${group.id}/${index}`),
      security_group_id: group.id,
      direction: rule.direction,
      ethertype: rule.ethertype,
      protocol: rule.protocol ?? null,
      port_range_min: rule.portRangeMin ?? null,
      port_range_max: rule.portRangeMax ?? null,
      remote_ip_prefix: rule.remoteIpPrefix ?? null,
      remote_group_id: rule.remoteGroup?.id ?? null,
      created_at: "2026-01-01T00:00:00Z",
      standard_attr_id: index + 1,
    })),
  );
}

function agents(host: ResolvedHost): object[] {
  const { agent } = host;
  const one = (type: string, configurations: object): object => ({
    id: uuidOf(`${host.name}/${type}`),
    host: host.name,
    agent_type: type,
    alive: true,
    configurations,
  });
  return [
    one("Open vSwitch agent", {
      arp_responder_enabled: agent.arpResponder,
      bridge_mappings: Object.fromEntries(host.bridgeMappings),
      datapath_type: agent.datapathType,
      enable_distributed_routing: agent.enableDistributedRouting,
      l2_population: agent.l2Population,
      tunnel_types: agent.tunnelTypes,
      tunneling_ip: host.localIp ?? null,
    }),
    one("L3 agent", { agent_mode: host.agentMode }),
    ...(host.dhcpAgent ? [one("DHCP agent", {})] : []),
  ];
}
