import type { Action } from "../../ir/action.js";
import type { Release } from "../../releases/release.js";
import { gotoTable, normal } from "./actions.js";

/** A frame without an 802.1Q tag: prints as `vlan_tci=0x0000/0x1fff`. */
export const untagged = { vlanTci: { value: 0, mask: 0x1fff } } as const;

/** What br-int does with a frame once its VLAN is right: NORMAL up to Newton, later the first table of the limits. */
export function switchLocally(release: Release): Action {
  const { pipeline } = release.flowTables.brInt;
  return pipeline === undefined ? normal : gotoTable(pipeline.limitChain[0]);
}
