import type { Cidr } from "../net/cidr.js";
import type { Ip, IpVersion } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Uuid } from "../net/uuid.js";
import type { Pointer } from "../source/pointer.js";
import type { AgentMode, AgentOptions, ServerOptions } from "./agent-options.js";
import type { AllocationPool, HostRoute, Ipv6Mode, NetworkType } from "./topology.js";

/** What every resource in the server's database has. */
export interface Resource {
  /** Path of the resource, unique among all: `router/R1`, `port/VM1/0`, `router/R1/csnat/NET/SUB`. The lock keys its allocations by it. */
  readonly key: string;
  readonly id: Uuid;
  /** Neutron's name; empty for what the server makes itself. */
  readonly name: string;
  readonly projectId: string;
  /** The declaration that it comes from. */
  readonly pointer: Pointer;
}

/** A host with its agents. */
export interface ResolvedHost {
  readonly name: string;
  readonly pointer: Pointer;
  readonly agentMode: AgentMode;
  readonly localIp?: Ip;
  readonly bridgeMappings: ReadonlyMap<string, string>;
  /** Uplink device by bridge. */
  readonly uplinks: ReadonlyMap<string, string>;
  readonly externalNetworkBridge?: string;
  readonly dhcpAgent: boolean;
  /** `dvr_host_macs`: set where the Open vSwitch agent runs in DVR mode. */
  readonly dvrMac?: Mac;
  readonly agent: AgentOptions;
}

/** A network. Filled after its subnets and ports are known; never changed after `resolve`. */
export interface ResolvedNetwork extends Resource {
  readonly type: NetworkType;
  readonly physicalNetwork?: string;
  readonly segmentationId?: number;
  readonly external: boolean;
  readonly shared: boolean;
  /** In bytes. */
  readonly mtu: number;
  /** MAC of the provider's router, set on external networks. No agent programs it: the virtual hosts meet it. */
  readonly upstreamMac?: Mac;
  /** Key of the address scope. */
  readonly ipv4AddressScope?: string;
  readonly ipv6AddressScope?: string;
  /** In order of declaration. */
  readonly subnets: readonly ResolvedSubnet[];
  /** Every port of the network, ascending id. */
  readonly ports: readonly ResolvedPort[];
}

/** A subnet. */
export interface ResolvedSubnet extends Resource {
  readonly network: ResolvedNetwork;
  readonly cidr: Cidr;
  readonly version: IpVersion;
  readonly gatewayIp?: Ip;
  readonly enableDhcp: boolean;
  readonly allocationPools: readonly AllocationPool[];
  readonly dnsNameservers: readonly Ip[];
  readonly hostRoutes: readonly HostRoute[];
  readonly ipv6RaMode?: Ipv6Mode;
  readonly ipv6AddressMode?: Ipv6Mode;
  readonly serviceTypes: readonly string[];
}

/** An address of a port. */
export interface FixedIp {
  readonly subnet: ResolvedSubnet;
  readonly ip: Ip;
}

/** An allowed address pair; the MAC is the port's own where none was given. */
export interface AddressPair {
  readonly ip: Cidr;
  readonly mac: Mac;
  readonly pointer: Pointer;
}

/**
 * A port of the server's database: servers' ports and those that the server makes for routers, DHCP and floating IPs.
 *
 * `deviceOwner` is the Networking API's string: `compute:nova`, `network:dhcp`, `network:router_interface`,
 * `network:router_interface_distributed`, `network:router_centralized_snat`, `network:router_gateway`,
 * `network:floatingip_agent_gateway`, `network:floatingip`.
 */
export interface ResolvedPort extends Resource {
  readonly network: ResolvedNetwork;
  readonly mac: Mac;
  /** In the order in which the server lists them. */
  readonly fixedIps: readonly FixedIp[];
  readonly deviceOwner: string;
  /** Router, server or floating IP that has the port; empty where none. */
  readonly deviceId: string;
  /** `binding:host_id`; undefined for unbound ports and for distributed router interfaces, which are everywhere. */
  readonly host?: ResolvedHost;
  readonly portSecurity: boolean;
  readonly allowedAddressPairs: readonly AddressPair[];
  /** Ascending id. */
  readonly securityGroups: readonly ResolvedSecurityGroup[];
  readonly server?: ResolvedServer;
  readonly router?: ResolvedRouter;
  readonly adminStateUp: boolean;
}

/** A router interface: its port, and the one centralised SNAT port that stands in for it on the SNAT host. */
export interface ResolvedRouterInterface {
  readonly port: ResolvedPort;
  /** Undefined where the router has no gateway or is centralised. */
  readonly csnat?: ResolvedPort;
}

/** The external side of a router. */
export interface ResolvedGateway {
  readonly network: ResolvedNetwork;
  readonly port: ResolvedPort;
  readonly enableSnat: boolean;
  readonly pointer: Pointer;
}

/** A router. */
export interface ResolvedRouter extends Resource {
  readonly distributed: boolean;
  /** Ascending port id: the order in which the server lists them and the agents handle them. */
  readonly interfaces: readonly ResolvedRouterInterface[];
  readonly gateway?: ResolvedGateway;
  readonly routes: readonly HostRoute[];
  /** L3 agent that the router is scheduled to: the SNAT host of a distributed router, the only host of a centralised one. */
  readonly host?: ResolvedHost;
  /** Associated floating IPs, ascending id: the order of the server's list. */
  readonly floatingIps: readonly ResolvedFloatingIp[];
}

/** A floating IP. */
export interface ResolvedFloatingIp extends Resource {
  readonly network: ResolvedNetwork;
  readonly ip: Ip;
  /** The port in the external network that holds the address (`network:floatingip`). */
  readonly floatingPort: ResolvedPort;
  /** Undefined where it is not associated. */
  readonly target?: { readonly port: ResolvedPort; readonly fixedIp: Ip; readonly router: ResolvedRouter };
}

/** A rule of a security group. */
export interface ResolvedSecurityGroupRule {
  readonly pointer: Pointer;
  readonly direction: "ingress" | "egress";
  readonly ethertype: "IPv4" | "IPv6";
  readonly protocol?: string;
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
  readonly remoteIpPrefix?: Cidr;
  readonly remoteGroup?: ResolvedSecurityGroup;
  readonly remoteAddressGroup?: ResolvedAddressGroup;
}

/** An address group. */
export interface ResolvedAddressGroup extends Resource {
  readonly addresses: readonly Cidr[];
}

/** A security group. */
export interface ResolvedSecurityGroup extends Resource {
  /** Whether connections of its ports are tracked. */
  readonly stateful: boolean;
  /** In the order in which the server has them: order of creation. */
  readonly rules: readonly ResolvedSecurityGroupRule[];
  /** Ports that are in the group, ascending id. */
  readonly members: readonly ResolvedPort[];
}

/** A server. */
export interface ResolvedServer extends Resource {
  readonly host: ResolvedHost;
  /** In order of declaration. */
  readonly ports: readonly ResolvedPort[];
}

/** The state of the server's database: complete, nothing left to allocate, default or look up by name. */
export interface ResolvedTopology {
  readonly name: string;
  /** Name of the release. */
  readonly release: string;
  readonly pointer: Pointer;
  readonly server: ServerOptions;
  /** In order of declaration. */
  readonly hosts: readonly ResolvedHost[];
  readonly networks: readonly ResolvedNetwork[];
  readonly routers: readonly ResolvedRouter[];
  /** Every port, in order of declaration, server-made ones after what they are made for. */
  readonly ports: readonly ResolvedPort[];
  readonly servers: readonly ResolvedServer[];
  readonly floatingIps: readonly ResolvedFloatingIp[];
  readonly securityGroups: readonly ResolvedSecurityGroup[];
  readonly addressGroups: readonly ResolvedAddressGroup[];
}
