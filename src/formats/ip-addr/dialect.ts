import { canonicalIproute, type IprouteDialect } from "../iproute.js";

/** `ip link`; or `ip -4 addr` and `ip -6 addr`, which tell less of the devices. */
export type AskedFor = "link" | 4 | 6;

/** Whose `ip addr` is meant, and on which datapath of Open vSwitch. */
export interface AddressDialect extends IprouteDialect {
  /** On the userspace datapath internal ports are TAP devices: promiscuous, with a queueing discipline of their own. */
  readonly datapath: "system" | "netdev";
  /** What `ip` was asked for; devices and addresses of both versions where it is undefined. */
  readonly asked?: AskedFor;
}

/** What artefacts are written in. */
export const canonicalAddresses: AddressDialect = { ...canonicalIproute, datapath: "system" };
