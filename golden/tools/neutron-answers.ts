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
    "security-groups": { security_groups: groups(topology) },
    "security-group-rules": { security_group_rules: topology.securityGroups.flatMap(rulesOf) },
    "address-groups": {
      address_groups: topology.addressGroups.map((group) => ({ ...standard(group), shared: false, addresses: group.addresses })),
    },
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
    ...standard(one),
    admin_state_up: true,
    availability_zone_hints: [],
    availability_zones: ["nova"],
    status: "ACTIVE",
    subnets: one.subnets.map(({ id }) => id),
    shared: one.shared,
    "router:external": one.external,
    ...(one.external ? { is_default: false } : {}),
    mtu: one.mtu,
    "provider:network_type": one.type,
    "provider:physical_network": one.physicalNetwork ?? null,
    "provider:segmentation_id": one.segmentationId ?? null,
    port_security_enabled: true,
    ipv4_address_scope: scopeId(one.ipv4AddressScope),
    ipv6_address_scope: scopeId(one.ipv6AddressScope),
  };
}

/** What every resource has. Fields that dvrc does not need are as a real server gives them. */
function standard(one: { readonly id: string; readonly name: string; readonly projectId: string }): object {
  return {
    id: one.id,
    name: one.name,
    description: "",
    project_id: one.projectId,
    tenant_id: one.projectId,
    revision_number: 3,
    tags: [],
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:07Z",
  };
}

function scopeId(scope: string | undefined): string | null {
  return scope === undefined ? null : uuidOf(`address_scope/${scope}`);
}

function subnet(one: ResolvedTopology["networks"][number]["subnets"][number]): object {
  return {
    ...standard(one),
    network_id: one.network.id,
    subnetpool_id: null,
    "router:external": one.network.external,
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
  const common = { "binding:profile": {}, "binding:vnic_type": "normal" };
  if (one.deviceOwner === "network:router_interface_distributed") {
    const details = { bound_drivers: { "0": "openvswitch" } };
    return { ...common, "binding:host_id": "", "binding:vif_type": "distributed", "binding:vif_details": details };
  }
  if (one.host === undefined) return { ...common, "binding:host_id": "", "binding:vif_type": "unbound", "binding:vif_details": {} };
  const details = {
    bound_drivers: { "0": "openvswitch" },
    bridge_name: "br-int",
    connectivity: "l2",
    datapath_type: one.host.agent.datapathType,
    ovs_hybrid_plug: one.host.agent.firewallDriver === "iptables_hybrid",
    port_filter: true,
  };
  return { ...common, "binding:host_id": one.host.name, "binding:vif_type": "ovs", "binding:vif_details": details };
}

function status({ adminStateUp, deviceOwner, host }: ResolvedPort): string {
  if (deviceOwner === "network:floatingip") return "N/A";
  const isUp = adminStateUp && (host !== undefined || deviceOwner === "network:router_interface_distributed");
  return isUp ? "ACTIVE" : "DOWN";
}

/** Who has a port: a server, a router, a DHCP or L3 agent, a floating IP. */
function deviceId(one: ResolvedPort, topology: ResolvedTopology): string {
  if (one.deviceOwner === "network:floatingip") return topology.floatingIps.find(({ floatingPort }) => floatingPort === one)?.id ?? "";
  if (one.deviceOwner === "network:floatingip_agent_gateway") return uuidOf(`${one.host?.name ?? ""}/L3 agent`);
  return topology.servers.find(({ ports }) => ports.includes(one))?.id ?? one.deviceId;
}

function port(one: ResolvedPort, topology: ResolvedTopology): object {
  return {
    ...standard(one),
    network_id: one.network.id,
    mac_address: one.mac,
    fixed_ips: one.fixedIps.map((fixed) => ({ subnet_id: fixed.subnet.id, ip_address: fixed.ip })),
    device_owner: one.deviceOwner,
    device_id: deviceId(one, topology),
    ...binding(one),
    status: status(one),
    extra_dhcp_opts: [],
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
    ...standard(one),
    admin_state_up: true,
    availability_zone_hints: [],
    availability_zones: one.host === undefined ? [] : ["nova"],
    flavor_id: null,
    status: "ACTIVE",
    distributed: one.distributed,
    ha: false,
    external_gateway_info: info ?? null,
    routes: one.routes.map(({ destination, nexthop }) => ({ destination, nexthop })),
  };
}

function floatingIp(one: ResolvedTopology["floatingIps"][number]): object {
  return {
    ...standard(one),
    status: one.target === undefined ? "DOWN" : "ACTIVE",
    floating_ip_address: one.ip,
    floating_network_id: one.network.id,
    port_id: one.target?.port.id ?? null,
    fixed_ip_address: one.target?.fixedIp ?? null,
    router_id: one.target?.router.id ?? null,
  };
}

/** Groups with their rules, which have a number there that their own list does not give. */
function groups({ securityGroups }: ResolvedTopology): object[] {
  return securityGroups.map((group) => ({
    ...standard(group),
    shared: false,
    stateful: group.stateful,
    security_group_rules: rulesOf(group)
      .map((rule, index) => ({ ...rule, tags: [], standard_attr_id: index + 1 }))
      .sort(({ id: a }, { id: b }) => (a < b ? -1 : 1)),
  }));
}

/** Rules of a group. Many are made in one second: their number in the database tells the order. */
function rulesOf(group: ResolvedTopology["securityGroups"][number]): (object & { readonly id: string })[] {
  return group.rules.map((rule, index) => ({
    id: uuidOf(`${group.id}/${index}`),
    description: null,
    project_id: group.projectId,
    tenant_id: group.projectId,
    revision_number: 0,
    security_group_id: group.id,
    belongs_to_default_sg: group.name === "default",
    direction: rule.direction,
    ethertype: rule.ethertype,
    normalized_cidr: rule.remoteIpPrefix ?? null,
    protocol: rule.protocol ?? null,
    port_range_min: rule.portRangeMin ?? null,
    port_range_max: rule.portRangeMax ?? null,
    remote_ip_prefix: rule.remoteIpPrefix ?? null,
    remote_group_id: rule.remoteGroup?.id ?? null,
    remote_address_group_id: rule.remoteAddressGroup?.id ?? null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  }));
}

function agents(host: ResolvedHost): object[] {
  const { agent } = host;
  const one = (type: string, configurations: object): object => ({
    id: uuidOf(`${host.name}/${type}`),
    host: host.name,
    agent_type: type,
    alive: true,
    admin_state_up: true,
    availability_zone: type === "Open vSwitch agent" ? null : "nova",
    resources_synced: null,
    configurations,
  });
  return [
    one("Open vSwitch agent", {
      arp_responder_enabled: agent.arpResponder,
      bridge_mappings: Object.fromEntries(host.bridgeMappings),
      datapath_type: agent.datapathType,
      enable_distributed_routing: agent.enableDistributedRouting,
      l2_population: agent.l2Population,
      in_distributed_mode: agent.enableDistributedRouting,
      ovs_hybrid_plug: agent.firewallDriver === "iptables_hybrid",
      tunnel_types: agent.tunnelTypes,
      tunneling_ip: host.localIp ?? null,
    }),
    one("L3 agent", { agent_mode: host.agentMode }),
    ...(host.dhcpAgent ? [one("DHCP agent", {})] : []),
  ];
}
