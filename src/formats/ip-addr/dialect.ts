import { canonicalIproute, type IprouteDialect } from "../iproute.js";

/** Whose `ip addr` is meant, and on which datapath of Open vSwitch. */
export interface AddressDialect extends IprouteDialect {
  /** On the userspace datapath internal ports are TAP devices: promiscuous, with a queueing discipline of their own. */
  readonly datapath: "system" | "netdev";
}

/** What artefacts are written in. */
export const canonicalAddresses: AddressDialect = { ...canonicalIproute, datapath: "system" };
