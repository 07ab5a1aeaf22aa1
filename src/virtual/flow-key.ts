import type { OfPort } from "../ir/match.js";

/** OpenFlow's number of a bridge's own port, OFPP_LOCAL. */
export const localPort = 0xfffe;
/** OFPP_NONE: a packet that came from no port. */
export const noPort = 0xffff;
/** The bit of a TCI that says that there is a tag (Open vSwitch uses the CFI for it). */
export const vlanPresent = 0x1000;

/**
 * The fields of a packet that flow tables see, as Open vSwitch's `struct flow` has them: ARP shares the IPv4 fields, ICMP the port fields.
 *
 * Numbers up to 48 bits, IPv6 addresses as 128-bit integers. Mutable: a pipeline works on its own copy.
 */
export interface FlowKey {
  pktMark: number;
  recircId: number;
  conjId: number;
  ctState: number;
  ctZone: number;
  ctMark: number;
  reg0: number;
  reg1: number;
  reg2: number;
  reg3: number;
  reg4: number;
  reg5: number;
  reg6: number;
  reg7: number;
  tunId: number;
  tunSrc: number;
  tunDst: number;
  inPort: number;
  /** Outer tag with {@link vlanPresent}; 0 is untagged. */
  vlanTci: number;
  innerVlanTci: number;
  ethSrc: number;
  ethDst: number;
  ethType: number;
  /** Also ARP's sender address. */
  ipSrc: number;
  /** Also ARP's target address. */
  ipDst: number;
  ipv6Src: bigint;
  ipv6Dst: bigint;
  /** Also ARP's operation. */
  ipProto: number;
  /** DSCP in the upper six bits. */
  ipTos: number;
  ipEcn: number;
  ipTtl: number;
  arpSha: number;
  arpTha: number;
  /** Also the ICMP type. */
  tpSrc: number;
  /** Also the ICMP code. */
  tpDst: number;
  tcpFlags: number;
  ndTarget: bigint;
  ndSll: number;
  ndTll: number;
}

/** Name of a field of a flow key. */
export type FlowField = keyof FlowKey;
/** The fields that are IPv6 addresses. */
export type WideField = "ipv6Src" | "ipv6Dst" | "ndTarget";
/** All other fields. */
export type NarrowField = Exclude<FlowField, WideField>;

/** Width of each field in bits. */
export const fieldBits: Readonly<Record<FlowField, number>> = {
  pktMark: 32,
  recircId: 32,
  conjId: 32,
  ctState: 32,
  ctZone: 16,
  ctMark: 32,
  reg0: 32,
  reg1: 32,
  reg2: 32,
  reg3: 32,
  reg4: 32,
  reg5: 32,
  reg6: 32,
  reg7: 32,
  tunId: 48,
  tunSrc: 32,
  tunDst: 32,
  inPort: 16,
  vlanTci: 16,
  innerVlanTci: 16,
  ethSrc: 48,
  ethDst: 48,
  ethType: 16,
  ipSrc: 32,
  ipDst: 32,
  ipv6Src: 128,
  ipv6Dst: 128,
  ipProto: 8,
  ipTos: 8,
  ipEcn: 2,
  ipTtl: 8,
  arpSha: 48,
  arpTha: 48,
  tpSrc: 16,
  tpDst: 16,
  tcpFlags: 12,
  ndTarget: 128,
  ndSll: 48,
  ndTll: 48,
};

const ethernetFields: ReadonlySet<FlowField> = new Set(["ethSrc", "ethDst", "ethType", "vlanTci", "innerVlanTci"]);
const portFields: ReadonlySet<FlowField> = new Set(["tpSrc", "tpDst"]);
const networkFields: ReadonlySet<FlowField> = new Set([
  "ipSrc",
  "ipDst",
  "ipv6Src",
  "ipv6Dst",
  "ipProto",
  "ipTos",
  "ipEcn",
  "ipTtl",
  "arpSha",
  "arpTha",
  "tcpFlags",
  "ndTarget",
  "ndSll",
  "ndTll",
]);

/** Stage in which a classifier looks at a field: 0 metadata, 1 Ethernet, 2 network, 3 ports. Source: Open vSwitch `lib/flow.h`, flow segments. */
export function stageOf(field: FlowField): 0 | 1 | 2 | 3 {
  if (ethernetFields.has(field)) return 1;
  if (networkFields.has(field)) return 2;
  return portFields.has(field) ? 3 : 0;
}

/** True for the fields that are IPv6 addresses. */
export function isWide(field: FlowField): field is WideField {
  return fieldBits[field] === 128;
}

/** A key of which nothing is known: every field 0. */
export function emptyFlowKey(): FlowKey {
  return {
    pktMark: 0,
    recircId: 0,
    conjId: 0,
    ctState: 0,
    ctZone: 0,
    ctMark: 0,
    reg0: 0,
    reg1: 0,
    reg2: 0,
    reg3: 0,
    reg4: 0,
    reg5: 0,
    reg6: 0,
    reg7: 0,
    tunId: 0,
    tunSrc: 0,
    tunDst: 0,
    inPort: noPort,
    vlanTci: 0,
    innerVlanTci: 0,
    ethSrc: 0,
    ethDst: 0,
    ethType: 0,
    ipSrc: 0,
    ipDst: 0,
    ipv6Src: 0n,
    ipv6Dst: 0n,
    ipProto: 0,
    ipTos: 0,
    ipEcn: 0,
    ipTtl: 0,
    arpSha: 0,
    arpTha: 0,
    tpSrc: 0,
    tpDst: 0,
    tcpFlags: 0,
    ndTarget: 0n,
    ndSll: 0,
    ndTll: 0,
  };
}

/** Forgets what belongs to the bridge that the packet leaves by a patch port: registers, tunnel, conntrack. */
export function clearBridgeFields(key: FlowKey): void {
  key.reg0 = key.reg1 = key.reg2 = key.reg3 = key.reg4 = key.reg5 = key.reg6 = key.reg7 = 0;
  key.conjId = 0;
  key.tunId = key.tunSrc = key.tunDst = 0;
  clearConntrack(key);
}

/** Makes the packet untracked. */
export function clearConntrack(key: FlowKey): void {
  key.ctState = 0;
  key.ctZone = 0;
  key.ctMark = 0;
}

/** The number of a port as the key has it. */
export function ofPortNumber(port: OfPort): number {
  return port === "local" ? localPort : port;
}

/** Bits of `ct_state`: ovs-fields(7). */
export const ctFlag = { new: 1, est: 2, rel: 4, rpl: 8, inv: 16, trk: 32, snat: 64, dnat: 128 } as const;

/** Reads a list of conntrack flags: `trk,est` says all of them, `+trk-new` only the flags named. Errors: undefined where a word is none. */
export function parseCtFlags(text: string): { readonly value: number; readonly mask: number } | undefined {
  let value = 0;
  let mask = 0;
  for (const [, sign, word] of text.matchAll(/([+-]?)([^+\-,|\s]+)/g)) {
    const bit = Object.hasOwn(ctFlag, word ?? "") ? ctFlag[word as keyof typeof ctFlag] : undefined;
    if (bit === undefined) return undefined;
    mask |= bit;
    if (sign !== "-") value |= bit;
  }
  return { value, mask: /[+-]/.test(text) ? mask : 0xff };
}
