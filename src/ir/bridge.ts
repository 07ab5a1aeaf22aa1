import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Origin } from "../source/origin.js";
import type { Flow } from "./flow.js";

/** What stands behind a bridge port. */
export type BridgePortKind =
  /** A device of the Open vSwitch process: qr-, sg-, fg-, qg-, DHCP taps. */
  | { readonly kind: "internal" }
  /** A device that somebody else made: a server's tap, qvo, an uplink. */
  | { readonly kind: "system" }
  | { readonly kind: "patch"; readonly peer: string }
  | {
      readonly kind: "tunnel";
      readonly type: "vxlan" | "gre" | "ip6gre" | "geneve";
      /** The `options` column as Open vSwitch has it, `remote_ip` among them. */
      readonly options: Readonly<Record<string, string>>;
      readonly remoteIp: Ip;
    };

/** VLAN of ports that the agent has taken out of service. Source: Neutron `DEAD_VLAN_TAG`. */
export const deadVlan = 4095;

/** A port of a bridge. */
export interface BridgePort {
  readonly name: string;
  readonly ofport: number;
  /** Access VLAN of the port: the network's local VLAN, 1 to 4094, or {@link deadVlan}. */
  readonly tag?: number;
  readonly type: BridgePortKind;
  /** `external_ids` and the like that Neutron sets on the interface: iface-id, iface-status, attached-mac. */
  readonly externalIds?: Readonly<Record<string, string>>;
  /** `other_config` of the port's row: the segment that the agent remembers, multicast snooping of patch ports. */
  readonly otherConfig?: Readonly<Record<string, string>>;
  /** The port's number in the datapath, as `Datapath actions` prints it. Tunnels of one type share one. */
  readonly datapathPort: number;
  readonly mac?: Mac;
  /** In bytes. */
  readonly mtu?: number;
  readonly origin: Origin;
}

/** An Open vSwitch bridge of a host with its programmed flows. */
export interface Bridge {
  readonly name: string;
  /** 16 hexadecimal digits, as `dpid:` of ovs-ofctl(8). */
  readonly datapathId: string;
  readonly failMode: "secure" | "standalone";
  readonly datapathType: "system" | "netdev";
  /** `Controller` targets. */
  readonly controllers: readonly string[];
  /** `protocols` column. */
  readonly protocols: readonly string[];
  readonly otherConfig: Readonly<Record<string, string>>;
  /** Ascending ofport; the bridge's own LOCAL port is not among them. */
  readonly ports: readonly BridgePort[];
  /** Without order, as OpenFlow has none: printers sort by table, priority descending, text. */
  readonly flows: readonly Flow[];
  readonly origin: Origin;
}
