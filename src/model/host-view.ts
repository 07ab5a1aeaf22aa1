import type { Ip, Ipv4 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type {
  ResolvedFloatingIp,
  ResolvedHost,
  ResolvedNetwork,
  ResolvedPort,
  ResolvedRouter,
  ResolvedRouterInterface,
  ResolvedSubnet,
} from "./resolved.js";

/**
 * What the agent has made of a port.
 *
 * `bound`: all that a port gets. The others are switched off: `dead` ones were bound before, so that the agent put them on the dead VLAN; of `forgotten`
 * ones it has been started again since, and knows but what Open vSwitch kept; `idle` ones were off when they came, and never bound.
 * Source: Neutron `OVSNeutronAgent.treat_vif_port`, `port_bound`, `port_dead`.
 */
export type PortState = "bound" | "dead" | "forgotten" | "idle";

/** How a port of the host came to a bridge. */
export interface WiredPort {
  readonly port: ResolvedPort;
  /** Device on the bridge: `qr-..`, `sg-..`, `tap..`, `qvo..`. */
  readonly device: string;
  /** `br-int`, or the external bridge where Newton's L3 agent plugs qg- itself. */
  readonly bridge: string;
  readonly ofport: number;
  /** Number in the datapath. */
  readonly datapathPort: number;
  /** Undefined where the port is not on br-int, or is idle and its network has none. */
  readonly localVlan: number | undefined;
  readonly state: PortState;
  /** Interface index of devices that live in a namespace of the host. */
  readonly ifindex: number;
}

/** A tunnel of the host. */
export interface Tunnel {
  readonly remote: ResolvedHost;
  readonly remoteIp: Ip;
  readonly localIp: Ip;
  /** Port name: `vxlan-0a000004`. */
  readonly name: string;
  readonly type: "vxlan" | "gre" | "geneve";
  readonly ofport: number;
  readonly datapathPort: number;
}

/** A network that has a local VLAN on the host, as br-int has it. */
export interface LocalNetwork {
  readonly network: ResolvedNetwork;
  /** 1 to 4094. */
  readonly localVlan: number;
  /** Ports of the network on br-int of this host, idle ones too, in order of wiring. */
  readonly ports: readonly WiredPort[];
  /** Distributed router interfaces of the network that this host's agent has bound, in order of wiring. */
  readonly interfaces: readonly WiredPort[];
  /** Table 3 or 4: the interface whose flow is left where several share the network (the order in which the agent bound them is chance). */
  readonly arpReplyInterface: WiredPort | undefined;
}

/** A network that has a local VLAN on the host, and what its tunnels lead to. */
export interface HostNetwork extends LocalNetwork {
  /** Table 22: the tunnels of the flood entry in order of output. Undefined: no entry (not a tunnelled network, or no tunnel was known). */
  readonly floodTo: readonly Tunnel[] | undefined;
  /** l2population: ports of the network on other hosts that this host has entries for, with the tunnel to each. Empty without l2population. */
  readonly remotePorts: readonly { readonly port: ResolvedPort; readonly tunnel: Tunnel }[];
}

/** Delivery of a local port by the DVR tables of br-int. */
export interface DvrDelivery {
  readonly wired: WiredPort;
  readonly network: LocalNetwork;
  /** MACs to deliver to: the port's, and those of host-only allowed address pairs where the release (and history) has them. */
  readonly macs: readonly Mac[];
  /** The router interface whose MAC replaces the source: the one that the agent remembers for the subnet. */
  readonly gatewayMac: Mac;
  /** The interface port of {@link gatewayMac}. */
  readonly gateway: ResolvedPort;
  /** MACs of {@link macs} that keep the direct flow in table 60 (history: the openvswitch firewall may have removed it). */
  readonly directMacs: readonly Mac[];
}

/** The gateway that br-int's agent remembers for a subnet: one ARP reply flow per subnet and host. */
export interface SubnetGateway {
  readonly subnet: ResolvedSubnet;
  readonly interface: ResolvedPort;
  readonly wired: WiredPort;
}

/** The link between a router's qrouter and fip namespaces. */
export interface RouterFipLink {
  /** Lower address of the pair: rfp. */
  readonly rfpIp: Ipv4;
  /** Upper address: fpr. */
  readonly fprIp: Ipv4;
  readonly rfpDevice: string;
  readonly fprDevice: string;
  readonly rfpMac: Mac;
  readonly fprMac: Mac;
  readonly rfpIfindex: number;
  readonly fprIfindex: number;
}

/** A floating IP that is served on this host's fip namespace, or centrally by its snat namespace. */
export interface HostFloatingIp {
  readonly floatingIp: ResolvedFloatingIp;
  readonly fixedIp: Ip;
  /** Priority of the `from <fixed> lookup 16` rule; undefined where it is served centrally. */
  readonly rulePriority: number | undefined;
}

/** A device of a router on the host. */
export interface HostRouterInterface {
  readonly interface: ResolvedRouterInterface;
  readonly wired: WiredPort;
}

/** What a host has of a router. */
export interface HostRouter {
  readonly router: ResolvedRouter;
  /** `dvr`: a part of a distributed router; `centralised`: the whole of a legacy router. */
  readonly kind: "dvr" | "centralised";
  /** All interfaces, ascending port id. */
  readonly interfaces: readonly HostRouterInterface[];
  /** Set where the qrouter has an rfp device. */
  readonly fipLink?: RouterFipLink;
  /** The fip namespace's view that the link leads to; set with {@link fipLink}. */
  readonly fipNetwork?: ResolvedNetwork;
  /** Floating IPs served here, ascending id. */
  readonly floatingIps: readonly HostFloatingIp[];
  /** Floating IPs that are not served here and have a rule all the same, since the agent was told of them when it made the router: history. */
  readonly earlyRules?: readonly HostFloatingIp[];
  /** Addresses of pairs that the router knows by the pairs' own MACs, where the release else tells the ports': history. */
  readonly pairNeighbours?: readonly string[];
  /** Set on the SNAT host of a distributed router with a gateway. */
  readonly snat?: HostSnat;
  /** qg- of a centralised router. */
  readonly gateway?: WiredPort;
  /** Whether the redirect rules exist: the router has a gateway and centralised SNAT ports. */
  readonly redirects: boolean;
  /** Mark of each address scope in this router by scope key, 16 bits, not yet shifted; no scope is 1024. */
  readonly scopeMarks: ReadonlyMap<string, number>;
  /** Devices of a scope in float-snat rules come from a Python set: the order is chance. Names in order. */
  readonly scopeDeviceOrder: readonly string[];
  /** A multipath extra route's next hops come from a Python set: the order is chance. Destination to next hops in order. */
  readonly multipathOrder: ReadonlyMap<string, readonly Ip[]>;
  /** Of several next hops of a destination the one that the snat namespace keeps, where the release keeps one. */
  readonly snatNextHop: ReadonlyMap<string, Ip>;
}

/** The snat namespace of a router. */
export interface HostSnat {
  /** sg- devices, ascending csnat port id. */
  readonly ports: readonly WiredPort[];
  /** qg-. */
  readonly gateway: WiredPort;
  /** Floating IPs that the snat namespace serves for hosts without external access and for unbound ports, ascending id. */
  readonly centralFloatingIps: readonly HostFloatingIp[];
}

/** A fip namespace: one for each external network with a gateway port of the host's own. */
export interface HostFip {
  readonly network: ResolvedNetwork;
  /** fg-. */
  readonly agentGateway: WiredPort;
  /** Routers that are linked to it, in the order in which the host met them. */
  readonly routers: readonly HostRouter[];
}

/** A qdhcp namespace. */
export interface HostDhcp {
  readonly network: ResolvedNetwork;
  readonly wired: WiredPort;
  /** Gateway of the subnet that gives the default route of each version: of several DHCP subnets the first by id. */
  readonly defaultGateway4?: Ip;
  readonly defaultGateway6?: Ip;
}

/** A physical bridge of the host. */
export interface HostPhysicalBridge {
  readonly name: string;
  readonly physicalNetwork: string;
  readonly cookie: bigint;
  readonly datapathId: string;
  /** `int-<bridge>` on br-int. */
  readonly intName: string;
  readonly intOfport: number;
  /** `phy-<bridge>` on the physical bridge. */
  readonly phyName: string;
  readonly phyOfport: number;
  readonly uplink: { readonly name: string; readonly ofport: number; readonly datapathPort: number };
  /** qg- ports that Newton's L3 agent plugged into the bridge itself. */
  readonly ports: readonly WiredPort[];
}

/** Choices of the openvswitch firewall. */
export interface FirewallView {
  /** Base conjunction id by its owner, as `conjunctionOwner` has it. */
  readonly conjunctionIds: ReadonlyMap<string, number>;
  /** iptables_hybrid: conntrack zone by port key. */
  readonly zones: ReadonlyMap<string, number>;
  /** iptables_hybrid: keys of a port's groups in the order in which the agent wrote their rules (chance where there are several), by port key. */
  readonly groupOrder: ReadonlyMap<string, readonly string[]>;
  /** iptables_hybrid: names of a group's rules in the order in which the agent heard of them, by group key, where that is not the order of creation. */
  readonly ruleOrder?: ReadonlyMap<string, readonly string[]>;
  /** iptables_hybrid: keys of ports in the order in which the agent let them pass unfiltered, where that is not the order of wiring. */
  readonly passOrder?: readonly string[];
}

/**
 * All that one host's agents know and chose: what `lower` turns into state without looking anything up.
 *
 * Wiring order is order of ofports on br-int.
 */
export interface HostView {
  readonly host: ResolvedHost;
  /** The Open vSwitch agent runs with distributed routing. */
  readonly dvrMode: boolean;
  readonly brInt: {
    readonly cookie: bigint;
    readonly datapathId: string;
    /** Undefined where the host has no br-tun (no tunnel types). */
    readonly patchTunOfport: number | undefined;
  };
  readonly brTun?: {
    readonly cookie: bigint;
    readonly datapathId: string;
    readonly patchIntOfport: number;
    /** In order of ofport. */
    readonly tunnels: readonly Tunnel[];
  };
  /** In order of bridge_mappings. */
  readonly physicalBridges: readonly HostPhysicalBridge[];
  /** DVR MACs of the other hosts, in order of host declaration. */
  readonly otherDvrMacs: readonly { readonly host: ResolvedHost; readonly mac: Mac }[];
  /** Networks with a local VLAN, ascending local VLAN. */
  readonly networks: readonly HostNetwork[];
  /** Every wired port, in order of wiring. */
  readonly ports: readonly WiredPort[];
  readonly dvrDeliveries: readonly DvrDelivery[];
  readonly subnetGateways: readonly SubnetGateway[];
  /** Routers in the order in which the host met them. */
  readonly routers: readonly HostRouter[];
  readonly fips: readonly HostFip[];
  readonly dhcps: readonly HostDhcp[];
  readonly firewall: FirewallView;
}
