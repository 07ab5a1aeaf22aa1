import type { HostDocument, NetworkDocument, RouterDocument, ServerDocument, TopologyDocument } from "../../dsl/types.generated.js";
import { ipv4FromNumber } from "../../net/ip.js";
import type { CloudSize } from "./size.js";

/** Servers of a tenant, and of each of its two networks. */
const serversOfTenant = 20;
const serversOfNetwork = serversOfTenant / 2;

/** One server of so many has a floating IP. */
const serversOfFloatingIp = 4;

const externalNetwork = "public";
const physicalNetwork = "extnet";

/** Address plan: 172.16.0.0/12 below, 10.0.0.0/8 for tenants, 100.64.0.0/10 outside. */
const firstNetworkHost = 0xac100001;
const firstComputeHost = 0xac180001;
const firstTenantNetwork = 0x0a000000;

/**
 * A cloud of any size to measure with: servers go round robin over the compute hosts, and every twenty of them have a tenant of their own.
 *
 * Shape: a tenth as many network hosts as compute hosts, at least one; a tenant has one distributed router with SNAT, two networks of ten servers and one
 * security group; every fourth server has a floating IP; one flat external network; the openvswitch firewall. The same size gives the same topology.
 */
export function syntheticCloud({ computeHosts, servers }: CloudSize): TopologyDocument {
  const tenants = Math.ceil(servers / serversOfTenant);
  const networkHosts = Math.max(1, Math.floor(computeHosts / 10));
  const each = <T>(count: number, make: (index: number) => readonly [string, T]): Record<string, T> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => make(index)));
  return {
    name: `synthetic-${computeHosts}-${servers}`,
    agent: { firewall_driver: "openvswitch" },
    neutron: { vni_range: [1, Math.max(1000, 2 * tenants)] },
    hosts: {
      ...each(networkHosts, (index) => [`network-${index + 1}`, host("dvr_snat", firstNetworkHost + index)]),
      ...each(computeHosts, (index) => [`compute-${index + 1}`, host("dvr", firstComputeHost + index)]),
    },
    networks: {
      [externalNetwork]: {
        "router:external": true,
        shared: true,
        "provider:network_type": "flat",
        "provider:physical_network": physicalNetwork,
        subnets: { "public-v4": { cidr: "100.64.0.0/10", enable_dhcp: false } },
      },
      ...each(2 * tenants, (index) => [networkOf(index), tenantNetwork(index)]),
    },
    routers: each(tenants, (tenant) => [`${tenantOf(tenant)}-router`, tenantRouter(tenant)]),
    security_groups: each(tenants, (tenant) => [
      groupOf(tenant),
      { project_id: tenantOf(tenant), rules: [{ protocol: "icmp" }, { protocol: "tcp", port: 22 }] },
    ]),
    servers: each(servers, (index) => [`vm-${index + 1}`, server(index, computeHosts)]),
  };
}

function host(agentMode: "dvr" | "dvr_snat", address: number): HostDocument {
  return { agent_mode: agentMode, local_ip: ipv4FromNumber(address), bridge_mappings: { [physicalNetwork]: "br-ex" } };
}

function tenantNetwork(index: number): NetworkDocument {
  const cidr = `${ipv4FromNumber(firstTenantNetwork + index * 256)}/24`;
  return { project_id: tenantOf(index >> 1), subnets: { [subnetOf(index)]: { cidr } } };
}

function tenantRouter(tenant: number): RouterDocument {
  return {
    project_id: tenantOf(tenant),
    distributed: true,
    interfaces: [subnetOf(2 * tenant), subnetOf(2 * tenant + 1)],
    external_gateway: externalNetwork,
  };
}

function server(index: number, computeHosts: number): ServerDocument {
  const tenant = Math.floor(index / serversOfTenant);
  return {
    project_id: tenantOf(tenant),
    host: `compute-${(index % computeHosts) + 1}`,
    networks: [networkOf(Math.floor(index / serversOfNetwork))],
    security_groups: [groupOf(tenant)],
    ...(index % serversOfFloatingIp === 0 ? { floating_ip: true } : {}),
  };
}

function tenantOf(tenant: number): string {
  return `tenant-${tenant + 1}`;
}

function groupOf(tenant: number): string {
  return `${tenantOf(tenant)}-group`;
}

/** Two networks a tenant: `tenant-7-a` and `tenant-7-b`. */
function networkOf(index: number): string {
  return `${tenantOf(index >> 1)}-${index % 2 === 0 ? "a" : "b"}`;
}

function subnetOf(index: number): string {
  return `${networkOf(index)}-v4`;
}
