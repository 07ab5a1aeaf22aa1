import type { Action, SetField } from "../../ir/action.js";
import { ipv4ToNumber, ipv6ToBigInt } from "../../net/ip.js";
import { macToNumber } from "../../net/mac.js";

/**
 * The actions of a flow as an OpenFlow 1.0 dump tells them: fewer kinds, same meaning.
 *
 * `goto_table` becomes `resubmit`, a pushed tag is part of `mod_vlan_vid`, and fields beyond OpenFlow 1.0's own are loaded as Nicira fields.
 * Two actions may become one, so dumps of both versions compare only after this.
 * Source: ovs-actions(7); Open vSwitch 3.1's dumps of the same flows at both versions.
 */
export function toOpenFlow10(actions: readonly Action[]): readonly Action[] {
  const converted: Action[] = [];
  for (const action of actions) convert(action, converted);
  return converted;
}

function convert(action: Action, into: Action[]): void {
  switch (action.kind) {
    case "goto-table":
      into.push({ kind: "resubmit", table: action.table });
      break;
    case "push-vlan":
      break;
    case "set-field":
      convertSetField(action, into);
      break;
    case "ct":
      into.push(action.exec === undefined ? action : { ...action, exec: toOpenFlow10(action.exec) });
      break;
    default:
      into.push(action);
  }
}

function convertSetField(action: SetField, into: Action[]): void {
  switch (action.field) {
    case "ethSrc":
    case "ethDst":
    case "ipSrc":
    case "ipDst":
    case "ipDscp":
      into.push(action);
      break;
    case "vlanVid":
      into.push({ kind: "mod-vlan-vid", vlanVid: action.value });
      break;
    case "arpSha":
    case "arpTha":
      load(into, loadHeaders[action.field], BigInt(macToNumber(action.value)));
      break;
    case "arpSpa":
    case "arpTpa":
      load(into, loadHeaders[action.field], BigInt(ipv4ToNumber(action.value)));
      break;
    case "ipv6Src":
    case "ipv6Dst": {
      const value = ipv6ToBigInt(action.value);
      load(into, loadHeaders[action.field], value & 0xffffffffffffffffn, [0, 63]);
      load(into, loadHeaders[action.field], value >> 64n, [64, 127]);
      break;
    }
    case "tunId":
    case "arpOp":
    case "ctMark":
    case "pktMark":
      load(into, loadHeaders[action.field], BigInt(action.value));
      break;
    default:
      load(into, `NXM_NX_${action.field.toUpperCase()}`, BigInt(action.value));
  }
}

const loadHeaders = {
  arpSha: "NXM_NX_ARP_SHA",
  arpTha: "NXM_NX_ARP_THA",
  arpSpa: "NXM_OF_ARP_SPA",
  arpTpa: "NXM_OF_ARP_TPA",
  arpOp: "NXM_OF_ARP_OP",
  ipv6Src: "NXM_NX_IPV6_SRC",
  ipv6Dst: "NXM_NX_IPV6_DST",
  tunId: "NXM_NX_TUN_ID",
  ctMark: "NXM_NX_CT_MARK",
  pktMark: "NXM_NX_PKT_MARK",
} as const;

function load(into: Action[], field: string, value: bigint, bits?: readonly [number, number]): void {
  into.push({ kind: "load", value, destination: bits === undefined ? { field } : { field, bits } });
}
