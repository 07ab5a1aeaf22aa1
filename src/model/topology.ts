import type { Cidr } from "../net/cidr.js";
import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Uuid } from "../net/uuid.js";
import type { Pointer } from "../source/pointer.js";
import type { AgentMode, AgentOptions, ServerOptions } from "./agent-options.js";

/** What every declared resource has. */
export interface Declaration {
  /** Key in its section: the handle by which the topology refers to it. Subnets: `<network key>/<subnet key>`. */
  readonly key: string;
  /** Neutron's name; the key unless the topology says otherwise. */
  readonly name: string;
  readonly pointer: Pointer;
  /** Pinned id. */
  readonly id?: Uuid;
  /** Always set: the topology's own project where the resource names none. */
  readonly projectId: string;
}

/** A use of another resource: the key that was written, and where. After `check` the key is known to exist. */
export interface Reference {
  readonly key: string;
  readonly pointer: Pointer;
}

/** A machine that runs agents. Hosts have no project. */
export interface HostDeclaration {
  readonly name: string;
  readonly pointer: Pointer;
  readonly agentMode: AgentMode;
  readonly localIp?: Ip;
  /** Physical network to bridge, in order of declaration. */
  readonly bridgeMappings: ReadonlyMap<string, string>;
  /** Uplink device of each physical bridge. */
  readonly uplinks: ReadonlyMap<string, string>;
  /** Newton: the L3 agent plugs qg- into this bridge itself. */
  readonly externalNetworkBridge?: string;
  /** A DHCP agent runs here. */
  readonly dhcpAgent: boolean;
  readonly dvrMac?: Mac;
  readonly agent: AgentOptions;
}

/** A host aggregate, as Nova's: hosts of an availability zone. */
export interface AggregateDeclaration {
  readonly name: string;
  readonly pointer: Pointer;
  readonly availabilityZone: string;
  readonly hosts: readonly Reference[];
}

/** Encapsulation of a network. */
export type NetworkType = "vxlan" | "gre" | "geneve" | "vlan" | "flat";

/** A network with its provider attributes. */
export interface NetworkDeclaration extends Declaration {
  /** Undefined: the server's tenant network type. */
  readonly networkType?: NetworkType;
  readonly physicalNetwork?: string;
  readonly segmentationId?: number;
  readonly external: boolean;
  readonly shared: boolean;
  /** In bytes; undefined is computed by the server. */
  readonly mtu?: number;
  readonly portSecurityEnabled: boolean;
  readonly ipv4AddressScope?: Reference;
  readonly ipv6AddressScope?: Reference;
  /** Pinned DHCP agents by host; undefined is the scheduler's choice. */
  readonly dhcpAgents?: readonly Reference[];
  readonly subnets: readonly SubnetDeclaration[];
}

/** An inclusive range of addresses. */
export interface AllocationPool {
  readonly start: Ip;
  readonly end: Ip;
}

/** A route that DHCP hands out, or that a router has. */
export interface HostRoute {
  readonly destination: Cidr;
  readonly nexthop: Ip;
  readonly pointer: Pointer;
}

/** Address modes of IPv6 subnets. */
export type Ipv6Mode = "slaac" | "dhcpv6-stateful" | "dhcpv6-stateless";

/** A subnet of a network. */
export interface SubnetDeclaration extends Declaration {
  /** Key of its network. */
  readonly network: string;
  readonly cidr: Cidr;
  /** Undefined where the subnet has none (`gateway_ip: null`); the default, the first address, is filled in. */
  readonly gatewayIp?: Ip;
  readonly enableDhcp: boolean;
  /** The default, all but network, gateway and broadcast address, is filled in. */
  readonly allocationPools: readonly AllocationPool[];
  readonly dnsNameservers: readonly Ip[];
  readonly hostRoutes: readonly HostRoute[];
  readonly ipv6RaMode?: Ipv6Mode;
  readonly ipv6AddressMode?: Ipv6Mode;
  /** Device owners that take addresses here; empty is all. */
  readonly serviceTypes: readonly string[];
}

/** A router interface. */
export interface RouterInterfaceDeclaration {
  readonly pointer: Pointer;
  /** Key of the subnet, `<network>/<subnet>`; undefined where a declared port is attached. */
  readonly subnet?: Reference;
  readonly port?: Reference;
  /** The subnet's gateway where undefined. */
  readonly ipAddress?: Ip;
  readonly id?: Uuid;
  readonly mac?: Mac;
}

/** A wish for an address: on a subnet, an exact one, or both. */
export interface FixedIpDeclaration {
  readonly pointer: Pointer;
  readonly subnet?: Reference;
  readonly ipAddress?: Ip;
}

/** `external_gateway_info` of a router. */
export interface GatewayDeclaration {
  readonly pointer: Pointer;
  readonly network: Reference;
  readonly enableSnat: boolean;
  readonly externalFixedIps: readonly FixedIpDeclaration[];
}

/** A router. */
export interface RouterDeclaration extends Declaration {
  readonly distributed: boolean;
  readonly interfaces: readonly RouterInterfaceDeclaration[];
  readonly gateway?: GatewayDeclaration;
  readonly routes: readonly HostRoute[];
  /** Pinned L3 agent: the SNAT host of a distributed router, the only host of a centralised one. */
  readonly host?: Reference;
}

/** `allowed_address_pairs` entry. */
export interface AddressPairDeclaration {
  readonly pointer: Pointer;
  readonly ipAddress: Cidr;
  readonly mac?: Mac;
}

/** A port: declared on its own, or by a server's `networks`. */
export interface PortDeclaration extends Declaration {
  readonly network: Reference;
  readonly fixedIps: readonly FixedIpDeclaration[];
  /** True where the list of addresses is there and empty: the port has those alone that its MAC makes. */
  readonly withoutFixedIps?: boolean;
  readonly mac?: Mac;
  readonly allowedAddressPairs: readonly AddressPairDeclaration[];
  /** The network's where undefined. */
  readonly portSecurityEnabled?: boolean;
  /** Undefined: the project's `default`. */
  readonly securityGroups?: readonly Reference[];
  /** `compute:nova` on servers' ports. */
  readonly deviceOwner: string;
  /** Key of the server that has it. */
  readonly server?: string;
  /** Pinned `binding:host_id`; a server's port takes the server's. */
  readonly host?: Reference;
  readonly adminStateUp: boolean;
}

/** A server: ports on networks, placed on a host. */
export interface ServerDeclaration extends Declaration {
  readonly host?: Reference;
  readonly availabilityZone?: Reference;
  /** Keys of its ports in order; each is in {@link Topology.ports}. */
  readonly ports: readonly string[];
}

/** A floating IP. */
export interface FloatingIpDeclaration extends Declaration {
  /** Undefined: the external network whose subnet has the address, or the one that the port's router leads to. */
  readonly network?: Reference;
  readonly floatingIpAddress?: Ip;
  /** Key of the port that it stands for; undefined where it is not associated. */
  readonly port?: Reference;
  readonly fixedIpAddress?: Ip;
}

/** A rule of a security group. */
export interface SecurityGroupRuleDeclaration {
  readonly pointer: Pointer;
  /** Pinned id. */
  readonly id?: Uuid;
  readonly direction: "ingress" | "egress";
  readonly ethertype: "IPv4" | "IPv6";
  /** Keyword or number as Neutron has it, lower case: `tcp`, `icmp`, `ipv6-icmp`, `112`. */
  readonly protocol?: string;
  /** Port, or ICMP type. */
  readonly portRangeMin?: number;
  /** Port, or ICMP code. */
  readonly portRangeMax?: number;
  readonly remoteIpPrefix?: Cidr;
  readonly remoteGroup?: Reference;
  readonly remoteAddressGroup?: Reference;
}

/** A security group with all its rules, the ones that a new group starts with among them. */
export interface SecurityGroupDeclaration extends Declaration {
  /** The group that its project has in any case: key `default` for the topology's own project, `<project>/default` for others. */
  readonly isDefault: boolean;
  /** Whether connections of its ports are tracked. */
  readonly stateful: boolean;
  readonly rules: readonly SecurityGroupRuleDeclaration[];
}

/** An address group. */
export interface AddressGroupDeclaration extends Declaration {
  /** Each once. */
  readonly addresses: readonly Cidr[];
}

/** An address scope. */
export interface AddressScopeDeclaration extends Declaration {
  readonly ipVersion: 4 | 6;
}

/**
 * A topology as declared, shorthands expanded and attribute defaults filled in, names not yet resolved.
 *
 * Every map is in order of declaration and keyed by {@link Declaration.key}.
 */
export interface Topology {
  readonly name: string;
  readonly pointer: Pointer;
  /** Name of the Neutron release to compile for. */
  readonly release: string;
  readonly server: ServerOptions;
  readonly hosts: ReadonlyMap<string, HostDeclaration>;
  readonly aggregates: ReadonlyMap<string, AggregateDeclaration>;
  readonly addressScopes: ReadonlyMap<string, AddressScopeDeclaration>;
  readonly addressGroups: ReadonlyMap<string, AddressGroupDeclaration>;
  readonly networks: ReadonlyMap<string, NetworkDeclaration>;
  /** By `<network>/<subnet>`. */
  readonly subnets: ReadonlyMap<string, SubnetDeclaration>;
  readonly routers: ReadonlyMap<string, RouterDeclaration>;
  /** Declared ports by key; servers' own by `<server>/<index>`. */
  readonly ports: ReadonlyMap<string, PortDeclaration>;
  readonly servers: ReadonlyMap<string, ServerDeclaration>;
  readonly floatingIps: ReadonlyMap<string, FloatingIpDeclaration>;
  readonly securityGroups: ReadonlyMap<string, SecurityGroupDeclaration>;
}
