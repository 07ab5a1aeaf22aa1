/** Firewall drivers of the Open vSwitch agent (`securitygroup.firewall_driver`). */
export type FirewallDriver = "noop" | "openvswitch" | "iptables_hybrid";

/** Modes of the L3 agent (`agent_mode`). */
export type AgentMode = "legacy" | "dvr" | "dvr_snat" | "dvr_no_external";

/** Encapsulations of tenant networks between hosts. */
export type TunnelType = "vxlan" | "gre" | "geneve";

/** Options of the agents of one host that change what is programmed; all resolved, nothing absent. Names are those of the configuration files. */
export interface AgentOptions {
  readonly firewallDriver: FirewallDriver;
  readonly l2Population: boolean;
  readonly arpResponder: boolean;
  readonly enableDistributedRouting: boolean;
  readonly tunnelTypes: readonly TunnelType[];
  /** UDP port of VXLAN, 4789 by default. */
  readonly vxlanUdpPort: number;
  readonly tunnelCsum: boolean;
  readonly dontFragment: boolean;
  readonly datapathType: "system" | "netdev";
  readonly explicitlyEgressDirect: boolean;
  readonly dropFlowsOnStart: boolean;
  /** Newton only: later releases always prevent ARP spoofing. */
  readonly preventArpSpoofing: boolean;
  readonly hostDvrForDhcp: boolean;
  readonly useRandomFully: boolean;
  readonly enableMetadataProxy: boolean;
  readonly enableIsolatedMetadata: boolean;
  readonly forceMetadata: boolean;
}

/** Options of the Neutron server (neutron.conf, ml2_conf.ini) that change what is programmed. */
export interface ServerOptions {
  /** In bytes; MTU of the physical networks. */
  readonly globalPhysnetMtu: number;
  /** In bytes; 0 is none. MTU of the path between tunnel endpoints. */
  readonly pathMtu: number;
  readonly tenantNetworkType: "vxlan" | "gre" | "geneve" | "vlan";
  /** First and last segmentation id of tunnelled tenant networks. */
  readonly vniRange: readonly [first: number, last: number];
  /** First and last VLAN id of tenant networks by physical network. */
  readonly networkVlanRanges: Readonly<Record<string, readonly [first: number, last: number]>>;
  /** First three octets of ports' MACs are taken from here. */
  readonly baseMac: string;
  /** First three octets of DVR host MACs are taken from here. */
  readonly dvrBaseMac: string;
  readonly dhcpAgentsPerNetwork: number;
}
