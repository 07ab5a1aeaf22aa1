import type { Feature } from "./features.js";

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
  readonly flowTables: {
    /** `neutron.plugins.ml2.drivers.openvswitch.agent.common.constants`, integration bridge. */
    readonly brInt: {
      readonly localSwitching: number;
      readonly dvrToSrcMac: number;
      readonly dvrToSrcMacPhysical: number;
      readonly arpDvrMacToDstMac: number;
      readonly arpDvrMacToDstMacPhysical: number;
      readonly canary: number;
      readonly arpSpoof: number;
      readonly macSpoof: number;
      readonly localEgress: number;
      readonly localIp: number;
      readonly packetRateLimit: number;
      readonly bandwidthRateLimit: number;
      readonly transient: number;
      readonly localMacDirect: number;
      readonly transientEgress: number;
      readonly baseEgress: number;
      readonly rulesEgress: number;
      readonly acceptOrIngress: number;
      readonly baseIngress: number;
      readonly rulesIngress: number;
      readonly acceptedEgressTraffic: number;
      readonly acceptedIngressTraffic: number;
      readonly droppedTraffic: number;
      readonly acceptedEgressTrafficNormal: number;
      /** Where local switching sends what it does not decide: undefined is the action NORMAL. */
      readonly next: number | undefined;
      /** Tables that hand on to one another from {@link next} to transient. */
      readonly limitChain: readonly number[];
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
    };
    /** Physical bridges. */
    readonly brPhys: {
      readonly localVlanTranslation: number;
      readonly dvrProcessVlan: number;
      readonly localVlan: number;
      readonly dvrNotLearnVlan: number;
      /** Table that the ARP and RA drops of router interfaces go to. */
      readonly dvrDrops: number;
    };
  };
  readonly flowPriorities: {
    /** Table 60's NORMAL. */
    readonly transientNormal: number;
    /** DVR delivery of a local port. */
    readonly dvrDelivery: number;
  };
  readonly localVlans: { readonly first: number; readonly last: number };
  readonly floatingIp: {
    /** Table of the route to fip. */
    readonly routeTable: number;
    readonly rulePriorities: { readonly first: number; readonly count: number; readonly order: "cpython-2.7-set" | "ascending" };
    /** 169.254.64.0/18 in /31 pairs. */
    readonly linkLocal: { readonly order: "cpython-2.7-set" | "cpython-3.8-set" };
    readonly fastPathRulePriority: number;
  };
  /** Spellings of the tools of the release's time, for `exec` and `replay`. */
  readonly tools: {
    readonly trace: "ovs-2.5" | "ovs-3.1";
    readonly iproute: "3.10" | "6.1";
    readonly iptables: "1.4" | "1.8";
  };
  readonly features: ReadonlySet<Feature>;
}
