import type { Action } from "../../../ir/action.js";
import { setNumber, zoneOfNetwork } from "../actions.js";

/** What the connection tracker says of a packet. Source: Neutron `openvswitch_firewall.constants`, `OF_STATE_*`. */
export const connection = {
  untracked: "-trk",
  tracked: "+trk",
  invalid: "+inv+trk",
  fresh: "+new-est",
  established: "+est",
  notEstablished: "-est",
  /** Packets of the direction that opened the connection. */
  original: "+est-rel-rpl",
  reply: "+est-rel+rpl",
  related: "-new-est+rel-inv",
} as const;

/** `ct_mark` of connections that no rule allows any more; 0 is the rest. Source: Neutron `CT_MARK_INVALID`. */
export const revokedMark = 1;

/** Enters a new connection of the network's zone. */
export const commit: Action = { kind: "ct", commit: true, zone: zoneOfNetwork };

/** Marks an established connection that no rule allows any more. */
export const revoke: Action = { kind: "ct", commit: true, zone: zoneOfNetwork, exec: [setNumber("ctMark", revokedMark)] };

/** Asks the connection tracker and goes on in a table with its answer. */
export function track(table: number): Action {
  return { kind: "ct", commit: false, table, zone: zoneOfNetwork };
}
