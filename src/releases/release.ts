import type { Feature } from "./features.js";

/** Tables of br-int that came after Newton: everything behind local switching. */
export interface IntegrationPipeline {
  /** ARP replies to the host's own DVR MAC, from the tunnel bridge. */
  readonly arpDvrMacToDstMac: number;
  /** The same from a physical bridge. */
  readonly arpDvrMacToDstMacPhysical: number;
  readonly localEgress: number;
  readonly localIp: number;
  /** Tables that hand on to one another up to {@link transient}; the first is where local switching sends what it does not decide. */
  readonly limitChain: readonly [number, ...number[]];
  /** Entry of the openvswitch firewall, and delivery of what DVR rewrote. */
  readonly transient: number;
  readonly localMacDirect: number;
  readonly transientEgress: number;
  readonly acceptedEgress: number;
  readonly acceptedIngress: number;
  readonly dropped: number;
  readonly acceptedEgressNormal: number;
}

/** Table numbers of the Open vSwitch agent's bridges. */
export interface ReleaseFlowTables {
  /** Integration bridge. */
  readonly brInt: {
    readonly localSwitching: number;
    readonly dvrToSrcMac: number;
    readonly dvrToSrcMacPhysical: number;
    readonly canary: number;
    readonly arpSpoof: number;
    readonly macSpoof: number;
    readonly baseEgress: number;
    readonly rulesEgress: number;
    readonly acceptOrIngress: number;
    readonly baseIngress: number;
    readonly rulesIngress: number;
    /** Undefined where local switching ends in the action NORMAL. */
    readonly pipeline: IntegrationPipeline | undefined;
  };
  /** Tunnel bridge. */
  readonly brTun: {
    readonly dvrProcess: number;
    readonly patchLvToTun: number;
    readonly greTunToLv: number;
    readonly vxlanTunToLv: number;
    readonly geneveTunToLv: number;
    readonly dvrNotLearn: number;
    readonly learnFromTun: number;
    readonly ucastToTun: number;
    readonly arpResponder: number;
    readonly floodToTun: number;
    /** Where the ARP and RA drops of router interfaces stand. */
    readonly dvrDrops: number;
  };
  /** Physical bridges. */
  readonly brPhys: {
    /** Where traffic from outside begins. */
    readonly localSwitching: number;
    readonly dvrProcess: number;
    readonly localVlanTranslation: number;
    readonly dvrNotLearn: number;
    /** Where the ARP and RA drops of router interfaces stand. */
    readonly dvrDrops: number;
    /** Where flat networks lose their local VLAN in DVR mode. */
    readonly flatTranslation: number;
  };
}

/**
 * What one Neutron release programs differently, as data: complete in itself, so that two can be compared.
 *
 * Lowerings ask for a feature or a number; they never compare names. Every number cites its source.
 */
export interface Release {
  /** As users write it: `newton`, `zed`, `2025.1`. */
  readonly name: string;
  /** Neutron version that the record was taken from. */
  readonly version: string;
  readonly flowTables: ReleaseFlowTables;
  readonly flowPriorities: {
    /** NORMAL in the transient table. */
    readonly transientNormal: number;
    /** DVR delivery of a local port. */
    readonly dvrDelivery: number;
  };
  /** Local VLANs that the agent gives out, inclusive. */
  readonly localVlans: { readonly first: number; readonly last: number };
  /** First conntrack zone of the iptables firewall. */
  readonly firstConntrackZone: number;
  readonly floatingIp: {
    /** Table of the route to fip. */
    readonly routeTable: number;
    readonly rulePriorities: { readonly first: number; readonly count: number; readonly order: "cpython-2.7-set" | "ascending" };
    /** 169.254.64.0/18 in /31 pairs. */
    readonly linkLocal: { readonly order: "cpython-2.7-set" | "cpython-3.8-set" };
    readonly fastPathRulePriority: number;
  };
  /** Digest in the name of a tunnel port whose remote address is IPv6. */
  readonly tunnelNameDigest: "sha1" | "blake2b-160";
  /** Rows of the Open vSwitch database that the agent writes. */
  readonly ovsdb: {
    readonly protocols: readonly string[];
    /** `other_config` of every bridge. */
    readonly bridge: Readonly<Record<string, string>>;
    /** `other_config` of br-int besides. */
    readonly integrationBridge: Readonly<Record<string, string>>;
    /** `other_config` of the patch ports of br-int. */
    readonly integrationPatch: Readonly<Record<string, string>>;
    /** Options of every tunnel port besides those of its endpoints. */
    readonly tunnel: Readonly<Record<string, string>>;
  };
  /** Spellings of the tools of the release's time, for `exec` and `replay`. */
  readonly tools: {
    readonly trace: "ovs-2.5" | "ovs-3.1";
    readonly iproute: "3.10" | "6.1";
    readonly iptables: "1.4" | "1.8";
  };
  readonly features: ReadonlySet<Feature>;
}
