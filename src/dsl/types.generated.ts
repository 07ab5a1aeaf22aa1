// Generated from schema/topology.schema.json by scripts/generate-types.ts.

/** A Neutron network with Distributed Virtual Routing (ML2/Open vSwitch): the hosts that run its agents and the resources of the Networking API. Attributes have the API's own names; what Neutron allocates may be left out. */
export interface TopologyDocument {
  /** Address of this schema, for editors of JSON files; dvrc ignores it. */
  readonly $schema?: string;
  /** Name of the topology. The identifiers that Neutron would draw at random are derived from it. */
  readonly name: string;
  /** Neutron release to compile for. In YAML, a release that is a number is written in quotes. Default: `"2026.1"`. */
  readonly release?: "newton" | "zed" | "2025.1" | "2026.1";
  /** Project that owns every resource which names none. Default: a project derived from the topology's name. */
  readonly project_id?: string;
  /** Options of the Neutron agents on every host. */
  readonly agent?: AgentDocument;
  /** Options of the Neutron server. */
  readonly neutron?: NeutronDocument;
  /** Machines that run the Open vSwitch agent and the L3 agent, by name (`binding:host_id`). The agents of several hosts are wired in this order. */
  readonly hosts: {
    readonly [name: string]: HostDocument;
  };
  /** Host aggregates of Nova that make availability zones, by name. A host in none is in the zone `nova`. */
  readonly aggregates?: {
    readonly [name: string]: AggregateDocument;
  };
  /** Address scopes, by name: between networks of one scope a router routes without NAT. */
  readonly address_scopes?: {
    readonly [name: string]: AddressScopeDocument;
  };
  /** Address groups, by name: lists of addresses that security group rules may name (`remote_address_group`). */
  readonly address_groups?: {
    readonly [name: string]: AddressGroupDocument;
  };
  /** Networks, by name. */
  readonly networks?: {
    readonly [name: string]: NetworkDocument;
  };
  /** Routers, by name. */
  readonly routers?: {
    readonly [name: string]: RouterDocument;
  };
  /** Servers of Nova with the ports that plug them into networks, by name. Their ports are created in this order. */
  readonly servers?: {
    readonly [name: string]: ServerDocument;
  };
  /** Ports that are declared in full, by name; a server or a router interface takes one by `port: NAME`. */
  readonly ports?: {
    readonly [name: string]: PortDocument;
  };
  /** Floating IPs, by a name of one's own. A server's `floating_ip` is the short form. */
  readonly floating_ips?: {
    readonly [name: string]: FloatingIpDocument;
  };
  /** Security groups, by name. `default` exists in any case; rules declared for it are added to its own. */
  readonly security_groups?: {
    readonly [name: string]: SecurityGroupDocument;
  };
}

/** Options of the Open vSwitch, L3 and DHCP agents that change what is programmed; names as in their configuration files. */
export interface AgentDocument {
  /** Driver that filters ports: none, flows in br-int, or Linux bridges with iptables. Default: `"openvswitch"`. */
  readonly firewall_driver?: "noop" | "openvswitch" | "iptables_hybrid";
  /** Whether forwarding entries of remote ports are pre-populated instead of learnt by flooding. Default: `true`. */
  readonly l2_population?: boolean;
  /** Whether br-tun answers ARP requests for remote ports itself; needs `l2_population`. Default: `true`. */
  readonly arp_responder?: boolean;
  /** Whether the Open vSwitch agent programs the flows of distributed routers. Default: `true`. */
  readonly enable_distributed_routing?: boolean;
  /** Encapsulations for which the agent makes tunnel ports. Default: `["vxlan"]`. */
  readonly tunnel_types?: readonly ("vxlan" | "gre" | "geneve")[];
  /** UDP port of VXLAN tunnels. Default: `4789`. */
  readonly vxlan_udp_port?: number;
  /** Whether tunnel ports set the checksum of the outer header. Default: `false`. */
  readonly tunnel_csum?: boolean;
  /** Whether tunnel ports set the DF bit of the outer IPv4 header. Default: `true`. */
  readonly dont_fragment?: boolean;
  /** Open vSwitch datapath of the bridges: the kernel's (`system`) or the one in user space (`netdev`). Default: `"system"`. */
  readonly datapath_type?: "system" | "netdev";
  /** Whether accepted egress traffic is sent straight to its port instead of by NORMAL. Default: `false`. */
  readonly explicitly_egress_direct?: boolean;
  /** Whether the agent resets the flow tables of its bridges at start. Default: `false`. */
  readonly drop_flows_on_start?: boolean;
  /** Whether ports may announce only their own addresses by ARP; an option of Newton, later releases always prevent it. Default: `true`. */
  readonly prevent_arp_spoofing?: boolean;
  /** Whether a DHCP port makes its host carry the distributed routers of its network. Default: `true`. */
  readonly host_dvr_for_dhcp?: boolean;
  /** Whether SNAT rules carry `--random-fully`. Default: `true`. */
  readonly use_random_fully?: boolean;
  /** Whether routers answer for the metadata service at 169.254.169.254. Default: `true`. */
  readonly enable_metadata_proxy?: boolean;
  /** Whether DHCP namespaces answer for the metadata service on networks without a router. Default: `false`. */
  readonly enable_isolated_metadata?: boolean;
  /** Whether DHCP namespaces answer for the metadata service on every network. Default: `false`. */
  readonly force_metadata?: boolean;
}

/** Options of the Neutron server (neutron.conf and ml2_conf.ini) that change what is programmed. */
export interface NeutronDocument {
  /** MTU of the physical networks, in bytes. Default: `1500`. */
  readonly global_physnet_mtu?: number;
  /** Largest packet that the network between tunnel endpoints carries, in bytes; 0 is no limit of its own. Default: `0`. */
  readonly path_mtu?: number;
  /** Encapsulation of networks that name none. Default: `"vxlan"`. */
  readonly tenant_network_type?: "vxlan" | "gre" | "geneve" | "vlan";
  /** First and last segmentation id of tunnelled networks. Default: `[1,1000]`. */
  readonly vni_range?: readonly [number, number];
  /** First and last VLAN id of tenant networks, by physical network. */
  readonly network_vlan_ranges?: {
    readonly [name: string]: readonly [number, number];
  };
  /** MAC address whose first three octets begin the MAC of every port. Default: `"fa:16:3e:00:00:00"`. */
  readonly base_mac?: string;
  /** MAC address whose first three octets begin the MAC by which a host hides its distributed routers. Default: `"fa:16:3f:00:00:00"`. */
  readonly dvr_base_mac?: string;
  /** How many DHCP agents serve each network. Default: `1`. */
  readonly dhcp_agents_per_network?: number;
}

/** A machine that runs the Open vSwitch agent and the L3 agent. */
export interface HostDocument {
  /** Mode of the L3 agent: centralised routers only (`legacy`), distributed routers (`dvr`), also their SNAT and centralised routers (`dvr_snat`), or distributed routers without floating IPs on the host (`dvr_no_external`). */
  readonly agent_mode: "legacy" | "dvr" | "dvr_snat" | "dvr_no_external";
  /** Address of the host's tunnel endpoint. Default: none, and then no tunnels. */
  readonly local_ip?: string;
  /** Bridge of each physical network, by physical network. Default: none. */
  readonly bridge_mappings?: {
    readonly [name: string]: string;
  };
  /** Device that joins a physical bridge to the wire, by bridge. Default: none. */
  readonly uplinks?: {
    readonly [name: string]: string;
  };
  /** Bridge into which the L3 agent plugs gateway devices itself; an option of Newton, ignored with a warning by later releases. Default: none, and gateways are wired by br-int. */
  readonly external_network_bridge?: string;
  /** Whether a DHCP agent runs here. Default: true on `legacy` and `dvr_snat` hosts, false on others. */
  readonly dhcp_agent?: boolean;
  /** MAC address by which the host hides its distributed routers. Default: allocated from `dvr_base_mac`. */
  readonly dvr_mac_address?: string;
  /** Options of this host's agents that differ from the topology's. */
  readonly agent?: AgentDocument;
}

/** A host aggregate of Nova whose hosts form an availability zone. */
export interface AggregateDocument {
  /** Name of the availability zone. */
  readonly availability_zone: string;
  /** Hosts of the aggregate, by name. Default: none. Default: `[]`. */
  readonly hosts?: readonly string[];
}

/** An address scope of Neutron. */
export interface AddressScopeDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Version of the addresses in scope. Default: `4`. */
  readonly ip_version?: 4 | 6;
  /** Whether every project may use the scope. Default: `false`. */
  readonly shared?: boolean;
}

/** An address group of Neutron: addresses that security group rules name together. */
export interface AddressGroupDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Prefixes of IPv4 and IPv6; an address alone is one of all its bits. */
  readonly addresses: readonly string[];
}

/** A network of Neutron: one broadcast domain. */
export interface NetworkDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Whether every project may use the network. Default: `false`. */
  readonly shared?: boolean;
  /** MTU of the network, in bytes. Default: what the server computes from the physical MTU and the encapsulation. */
  readonly mtu?: number;
  /** Whether the network is external: routers have gateways on it, and floating IPs come from it. Default: `false`. */
  readonly "router:external"?: boolean;
  /** Encapsulation of the network. Default: the server's `tenant_network_type`. */
  readonly "provider:network_type"?: "vxlan" | "gre" | "geneve" | "vlan" | "flat";
  /** Physical network that carries a `flat` or `vlan` network. */
  readonly "provider:physical_network"?: string;
  /** VLAN id or tunnel key of the network. Default: allocated. */
  readonly "provider:segmentation_id"?: number;
  /** Whether ports of the network are filtered unless they say otherwise. Default: `true`. */
  readonly port_security_enabled?: boolean;
  /** Address scope of the network's IPv4 subnets, by name. Default: none. */
  readonly ipv4_address_scope?: string;
  /** Address scope of the network's IPv6 subnets, by name. Default: none. */
  readonly ipv6_address_scope?: string;
  /** Hosts whose DHCP agents serve the network, by name; an empty list is for none. Default: the scheduler's choice. */
  readonly dhcp_agents?: readonly string[];
  /** Subnets of the network, by name. Elsewhere a subnet is named as here, or `NETWORK/SUBNET` where two networks have one of that name. */
  readonly subnets?: {
    readonly [name: string]: SubnetDocument;
  };
}

/** A subnet of Neutron: a block of addresses on a network. */
export interface SubnetDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Prefix of the subnet. */
  readonly cidr: string;
  /** Version of the addresses. Default: as the `cidr` says. */
  readonly ip_version?: 4 | 6;
  /** Address of the gateway; null for a subnet without one. Default: the first address after the network address; of IPv6 subnets the network address itself, as all releases but Newton have it. */
  readonly gateway_ip?: string | null;
  /** Whether DHCP agents serve the subnet. Default: `true`. */
  readonly enable_dhcp?: boolean;
  /** Ranges from which addresses are allocated. Default: all of the prefix but network, gateway and broadcast address. */
  readonly allocation_pools?: readonly AllocationPoolDocument[];
  /** Name servers that DHCP hands out. Default: `[]`. */
  readonly dns_nameservers?: readonly string[];
  /** Routes that DHCP hands out. Default: `[]`. */
  readonly host_routes?: readonly RouteDocument[];
  /** How a router advertises the IPv6 subnet. Default: it does not. */
  readonly ipv6_ra_mode?: "slaac" | "dhcpv6-stateful" | "dhcpv6-stateless";
  /** How ports get addresses of the IPv6 subnet. Default: from the allocation pools. */
  readonly ipv6_address_mode?: "slaac" | "dhcpv6-stateful" | "dhcpv6-stateless";
  /** Device owners whose ports take addresses here. Default: all. Default: `[]`. */
  readonly service_types?: readonly string[];
}

/** A range of addresses, both ends included. */
export interface AllocationPoolDocument {
  /** First address. */
  readonly start: string;
  /** Last address. */
  readonly end: string;
}

/** A route: where a prefix is reached. */
export interface RouteDocument {
  /** Prefix that is routed. */
  readonly destination: string;
  /** Address of the next hop. */
  readonly nexthop: string;
}

/** A router of Neutron. */
export interface RouterDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Whether every host that needs the router carries it; otherwise one network host does. Default: `true`. */
  readonly distributed?: boolean;
  /** Whether the router is highly available by VRRP, which dvrc does not model. Default: `false`. */
  readonly ha?: boolean;
  /** Subnets that the router joins, in the order in which they were added. Default: `[]`. */
  readonly interfaces?: readonly (string | SubnetInterfaceDocument | PortInterfaceDocument)[];
  /** External network of the router's gateway, by name: the short form of `external_gateway_info`. Default: no gateway. */
  readonly external_gateway?: string;
  /** Gateway of the router. Default: none. */
  readonly external_gateway_info?: ExternalGatewayInfoDocument;
  /** Extra routes of the router. Default: `[]`. */
  readonly routes?: readonly RouteDocument[];
  /** Host whose L3 agent has the router's SNAT, or a centralised router as a whole. Default: the scheduler's choice. */
  readonly host?: string;
}

/** A router interface on a subnet, with a port of its own. */
export interface SubnetInterfaceDocument {
  /** Name of the subnet. */
  readonly subnet: string;
  /** Name of the subnet's network, where two networks have a subnet of that name. */
  readonly network?: string;
  /** Address of the interface. Default: the subnet's gateway. */
  readonly ip_address?: string;
  /** UUID of the interface's port. Default: derived. */
  readonly port_id?: string;
  /** MAC address of the interface's port. Default: allocated. */
  readonly mac_address?: string;
}

/** A router interface that is a declared port. */
export interface PortInterfaceDocument {
  /** Name of a declared port. */
  readonly port: string;
}

/** Gateway of a router on an external network. */
export interface ExternalGatewayInfoDocument {
  /** Name of the external network. */
  readonly network: string;
  /** Whether traffic without a floating IP leaves with the gateway's address. Default: `true`. */
  readonly enable_snat?: boolean;
  /** Addresses of the gateway. Default: one of each IP version, allocated. */
  readonly external_fixed_ips?: readonly FixedIpDocument[];
}

/** A wish for an address: any of a subnet, or a certain one. */
export interface FixedIpDocument {
  /** Name of the subnet. Default: the one that has the address. */
  readonly subnet?: string;
  /** The address. Default: allocated. */
  readonly ip_address?: string;
}

/** Addresses beside its own that a port may use. */
export interface AddressPairDocument {
  /** Address or prefix. */
  readonly ip_address: string;
  /** MAC address that goes with it. Default: the port's own. */
  readonly mac_address?: string;
}

/** A server of Nova, placed on a host and plugged into networks. */
export interface ServerDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Host that runs the server. Default: a host of its availability zone. */
  readonly host?: string;
  /** Availability zone on one of whose hosts the server runs. Default: any host may run it. */
  readonly availability_zone?: string;
  /** Ports of the server in order; for each a network, a network with wishes for the port, or a declared port. Default: `[]`. */
  readonly networks?: readonly (string | ServerNetworkDocument | ServerPortDocument)[];
  /** Floating IP of the server's first port: its address, or true for one that is allocated. Default: none. */
  readonly floating_ip?: string | true;
  /** Security groups of the server's ports, by name. Default: the project's `default`. */
  readonly security_groups?: readonly string[];
}

/** A port of a server on a network, with wishes. */
export interface ServerNetworkDocument {
  /** Name of the network. */
  readonly network: string;
  /** Name of the subnet that the address is taken from. Default: one of each IP version. */
  readonly subnet?: string;
  /** Address of the port: the short form of `fixed_ips`. Default: allocated. */
  readonly fixed_ip?: string;
  /** Addresses of the port; an empty list is for none. Default: one of each IP version, allocated. */
  readonly fixed_ips?: readonly FixedIpDocument[];
  /** UUID of the port. Default: derived. */
  readonly id?: string;
  /** MAC address of the port. Default: allocated. */
  readonly mac_address?: string;
  /** Floating IP of this port: its address, or true for one that is allocated. Default: none. */
  readonly floating_ip?: string | true;
  /** Security groups of the port, by name. Default: the server's. */
  readonly security_groups?: readonly string[];
  /** Whether the port is filtered. Default: as its network says. */
  readonly port_security_enabled?: boolean;
  /** Addresses beside its own that the port may use. Default: `[]`. */
  readonly allowed_address_pairs?: readonly AddressPairDocument[];
}

/** A declared port that is plugged into a server. */
export interface ServerPortDocument {
  /** Name of a declared port. */
  readonly port: string;
}

/** A port of Neutron. */
export interface PortDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Name of the port's network. */
  readonly network: string;
  /** Addresses of the port; an empty list is for none. Default: one of each IP version, allocated. */
  readonly fixed_ips?: readonly FixedIpDocument[];
  /** MAC address of the port. Default: allocated. */
  readonly mac_address?: string;
  /** Addresses beside its own that the port may use. Default: `[]`. */
  readonly allowed_address_pairs?: readonly AddressPairDocument[];
  /** Whether the port is filtered. Default: as its network says. */
  readonly port_security_enabled?: boolean;
  /** Security groups of the port, by name. Default: the project's `default`. */
  readonly security_groups?: readonly string[];
  /** What owns the port, in the API's words. Default: as its use says, `compute:nova` on a server. */
  readonly device_owner?: string;
  /** Host that the port is bound to (`binding:host_id`). Default: its server's. */
  readonly host?: string;
  /** Whether the port is up. One of a server that is not stays on br-int, cut off from its network; the lock tells whether the agent had bound it before. Default: `true`. */
  readonly admin_state_up?: boolean;
}

/** A floating IP: an address of an external network that stands for a port. */
export interface FloatingIpDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** External network of the address, by name. Default: the one that has the address, or the one that the port's router leads to. */
  readonly network?: string;
  /** The address. Default: allocated. */
  readonly floating_ip_address?: string;
  /** Declared port that it stands for, by name. Default: the first port of `server`. */
  readonly port?: string;
  /** Server for whose port it stands, by name. Default: none, the floating IP is not associated. */
  readonly server?: string;
  /** Address of the port that it stands for. Default: the port's first IPv4 address. */
  readonly fixed_ip_address?: string;
}

/** A security group of Neutron. */
export interface SecurityGroupDocument {
  /** UUID to use instead of the derived one. */
  readonly id?: string;
  /** Neutron's name of the resource, which need not be unique and may be empty. Default: its key in this file. */
  readonly name?: string;
  /** Project that owns the resource. Default: the topology's. */
  readonly project_id?: string;
  /** Free text about the resource; it programs nothing. */
  readonly description?: string;
  /** Whether connections of the group's ports are tracked. Of the firewall drivers only iptables_hybrid can do without; all groups of a port have to agree. Default: `true`. */
  readonly stateful?: boolean;
  /** Whether the group starts with the rules that a new one has: egress to everywhere, by IPv4 and IPv6. Default: `true`. */
  readonly default_rules?: boolean;
  /** Rules of the group beside those. Default: `[]`. */
  readonly rules?: readonly SecurityGroupRuleDocument[];
}

/** A rule of a security group: what it lets pass. */
export interface SecurityGroupRuleDocument {
  /** UUID of the rule. Default: derived. */
  readonly id?: string;
  /** Direction as seen from the port. Default: `"ingress"`. */
  readonly direction?: "ingress" | "egress";
  /** Kind of packet. Default: `"IPv4"`. */
  readonly ethertype?: "IPv4" | "IPv6";
  /** IP protocol, by keyword or number. Default: any. */
  readonly protocol?: string | number;
  /** Port or range of ports (`80:90`): the short form of `port_range_min` and `port_range_max`. */
  readonly port?: number | string;
  /** First port; for ICMP, the type. Default: any. */
  readonly port_range_min?: number;
  /** Last port; for ICMP, the code. Default: any. */
  readonly port_range_max?: number;
  /** Prefix of the other side. Default: any. */
  readonly remote_ip_prefix?: string;
  /** Security group whose ports are the other side, by name. Default: any. */
  readonly remote_group?: string;
  /** Address group whose addresses are the other side, by name. Default: any. */
  readonly remote_address_group?: string;
}
