import type { Subfield } from "../ir/action.js";
import { invariant } from "../base/invariant.js";
import { fieldBits, type FlowField, type FlowKey, isWide, localPort } from "./flow-key.js";

/** NXM and OXM names of the fields that actions name: ovs-fields(7). */
const fieldOfName: ReadonlyMap<string, FlowField> = new Map<string, FlowField>([
  ["NXM_OF_IN_PORT", "inPort"],
  ["OXM_OF_IN_PORT", "inPort"],
  ["NXM_OF_ETH_DST", "ethDst"],
  ["OXM_OF_ETH_DST", "ethDst"],
  ["NXM_OF_ETH_SRC", "ethSrc"],
  ["OXM_OF_ETH_SRC", "ethSrc"],
  ["NXM_OF_ETH_TYPE", "ethType"],
  ["OXM_OF_ETH_TYPE", "ethType"],
  ["NXM_OF_VLAN_TCI", "vlanTci"],
  ["OXM_OF_VLAN_VID", "vlanTci"],
  ["NXM_OF_IP_PROTO", "ipProto"],
  ["OXM_OF_IP_PROTO", "ipProto"],
  ["NXM_OF_IP_SRC", "ipSrc"],
  ["OXM_OF_IPV4_SRC", "ipSrc"],
  ["NXM_OF_IP_DST", "ipDst"],
  ["OXM_OF_IPV4_DST", "ipDst"],
  ["NXM_NX_IPV6_SRC", "ipv6Src"],
  ["OXM_OF_IPV6_SRC", "ipv6Src"],
  ["NXM_NX_IPV6_DST", "ipv6Dst"],
  ["OXM_OF_IPV6_DST", "ipv6Dst"],
  ["NXM_OF_ARP_OP", "ipProto"],
  ["OXM_OF_ARP_OP", "ipProto"],
  ["NXM_OF_ARP_SPA", "ipSrc"],
  ["OXM_OF_ARP_SPA", "ipSrc"],
  ["NXM_OF_ARP_TPA", "ipDst"],
  ["OXM_OF_ARP_TPA", "ipDst"],
  ["NXM_NX_ARP_SHA", "arpSha"],
  ["OXM_OF_ARP_SHA", "arpSha"],
  ["NXM_NX_ARP_THA", "arpTha"],
  ["OXM_OF_ARP_THA", "arpTha"],
  ["NXM_NX_TUN_ID", "tunId"],
  ["OXM_OF_TUNNEL_ID", "tunId"],
  ["NXM_NX_PKT_MARK", "pktMark"],
  ["NXM_NX_CT_MARK", "ctMark"],
  ["NXM_NX_CT_ZONE", "ctZone"],
  ["NXM_NX_CT_STATE", "ctState"],
  ["NXM_OF_TCP_SRC", "tpSrc"],
  ["OXM_OF_TCP_SRC", "tpSrc"],
  ["NXM_OF_TCP_DST", "tpDst"],
  ["OXM_OF_TCP_DST", "tpDst"],
  ["NXM_OF_UDP_SRC", "tpSrc"],
  ["OXM_OF_UDP_SRC", "tpSrc"],
  ["NXM_OF_UDP_DST", "tpDst"],
  ["OXM_OF_UDP_DST", "tpDst"],
  ["NXM_NX_ND_TARGET", "ndTarget"],
  ["OXM_OF_IPV6_ND_TARGET", "ndTarget"],
  ["NXM_NX_REG0", "reg0"],
  ["NXM_NX_REG1", "reg1"],
  ["NXM_NX_REG2", "reg2"],
  ["NXM_NX_REG3", "reg3"],
  ["NXM_NX_REG4", "reg4"],
  ["NXM_NX_REG5", "reg5"],
  ["NXM_NX_REG6", "reg6"],
  ["NXM_NX_REG7", "reg7"],
]);

/** A part of a key's field. */
export interface KeyPart {
  readonly field: FlowField;
  readonly shift: bigint;
  readonly mask: bigint;
  /** True where the part is all of the field. */
  readonly whole: boolean;
}

/** The part of a key that a subfield means. Errors: undefined where the simulation has no such field. */
export function keyPart(subfield: Subfield): KeyPart | undefined {
  const field = fieldOfName.get(subfield.field);
  if (field === undefined) return undefined;
  const width = fieldBits[field];
  const [first, last] = subfield.bits ?? [0, width - 1];
  const mask = (1n << BigInt(last - first + 1)) - 1n;
  return { field, shift: BigInt(first), mask, whole: first === 0 && last >= width - 1 };
}

/** Reads a part of a key. The local port reads as OpenFlow's number. */
export function readPart(key: FlowKey, part: KeyPart): bigint {
  return (BigInt(key[part.field]) >> part.shift) & part.mask;
}

/** Writes a part of a key, leaving its other bits. */
export function writePart(key: FlowKey, part: KeyPart, value: bigint): void {
  const keep = BigInt(key[part.field]) & ~(part.mask << part.shift);
  const next = keep | ((value & part.mask) << part.shift);
  if (isWide(part.field)) key[part.field] = next;
  else key[part.field] = Number(next);
}

/** The OpenFlow port that a number read from a field means. */
export function portOfNumber(value: bigint): number | "local" {
  invariant(value >= 0n, "a port number is never negative");
  return value === BigInt(localPort) ? "local" : Number(value);
}
