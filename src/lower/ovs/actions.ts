import type { Action, Subfield } from "../../ir/action.js";
import { etherType } from "../../ir/match.js";
import type { Ipv4 } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";

/** No action: the packet is dropped. */
export const drop: readonly Action[] = [];

/** L2 learning switch processing. */
export const normal: Action = { kind: "normal" };

/** Removes the outer tag. */
export const popVlan: Action = { kind: "pop-vlan" };

/** Forgets what the connection tracker said of the packet. */
export const ctClear: Action = { kind: "ct-clear" };

/** Sends to an OpenFlow port. */
export function output(port: number): Action {
  return { kind: "output", port };
}

/** Goes on in a later table, as the native driver writes it. */
export function gotoTable(table: number): Action {
  return { kind: "goto-table", table };
}

/** Goes on in any table, as flows written through ovs-ofctl(8) say it. */
export function resubmit(table: number): Action {
  return { kind: "resubmit", table };
}

/** Sets the VLAN id of a tagged frame. */
export function setVlan(vlanVid: number): Action {
  return { kind: "set-field", field: "vlanVid", value: vlanVid };
}

/** Adds a tag with a VLAN id. */
export function pushVlan(vlanVid: number): readonly Action[] {
  return [{ kind: "push-vlan", etherType: etherType.vlan }, setVlan(vlanVid)];
}

/** Rewrites an Ethernet or ARP hardware address. */
export function setMac(field: "ethSrc" | "ethDst" | "arpSha", value: Mac): Action {
  return { kind: "set-field", field, value };
}

/** Rewrites an ARP protocol address. */
export function setArpSpa(value: Ipv4): Action {
  return { kind: "set-field", field: "arpSpa", value };
}

/** Sets a number in a field or register. */
export function setNumber(field: "tunId" | "arpOp" | "ctMark" | "reg5" | "reg6" | "reg7", value: number): Action {
  return { kind: "set-field", field, value };
}

/** Sets a register as flows written over OpenFlow 1.0 do: stored and printed as `load`, whatever the dump's version. */
export function loadNumber(field: "NXM_NX_CT_MARK" | "NXM_NX_REG5" | "NXM_NX_REG6", value: number): Action {
  return { kind: "load", value: BigInt(value), destination: { field } };
}

/** Copies one field to another, both whole. */
export function move(source: string, destination: string): Action {
  return { kind: "move", source: { field: source }, destination: { field: destination } };
}

/** The low half of register 6, where the openvswitch firewall keeps the local VLAN: the conntrack zone. */
export const zoneOfNetwork: Subfield = { field: "NXM_NX_REG6", bits: [0, 15] };
