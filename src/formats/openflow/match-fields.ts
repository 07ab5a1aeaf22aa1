import { type Masked, type Match, type MaybeMasked } from "../../ir/match.js";
import { type Cidr, cidrCanonical, cidrLength, parseCidr } from "../../net/cidr.js";
import { type Ipv4, type Ipv6, ipv4ToNumber, parseIpv4, parseIpv6 } from "../../net/ip.js";
import { type Mac, parseMac } from "../../net/mac.js";
import { parseCount } from "../words.js";
import { parseCtState } from "./ct-state.js";
import { type FlowParseOptions, parsePort } from "./port.js";

/** A match while it is read: as {@link Match}, but fields come one by one. */
export type MatchDraft = { -readonly [K in keyof Match]: Match[K] };

/** Reads a field's value into the draft; a value that matches everything leaves the field out. Answers "wrong" where it is no value of the field. */
export type FieldReader = (draft: MatchDraft, value: string, options: FlowParseOptions) => "wrong" | undefined;

const u8 = 0xff;
const u16 = 0xffff;
const u32 = 0xffffffff;
const wrong = "wrong" as const;

/**
 * Readers of the match fields by name, old and new.
 *
 * Source: ovs-fields(7).
 */
export const fieldReaders: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ["pkt_mark", masked("pktMark", u32)],
  ["recirc_id", exact("recircId", u32)],
  ["conj_id", exact("conjId", u32)],
  ["ct_state", readCtState],
  ["ct_zone", exact("ctZone", u16)],
  ["ct_mark", masked("ctMark", u32)],
  ...([0, 1, 2, 3, 4, 5, 6, 7] as const).map((index) => [`reg${index}`, masked(`reg${index}`, u32)] as const),
  ...both("tun_id tunnel_id", masked("tunId", Number.MAX_SAFE_INTEGER)),
  ["tun_src", ipv4("tunSrc")],
  ["tun_dst", ipv4("tunDst")],
  ["in_port", readInPort],
  ["dl_vlan", readOldVlan],
  ["vlan_vid", readVlanVid],
  ...both("dl_vlan_pcp vlan_pcp", exact("vlanPcp", 7)),
  ["vlan_tci", readTci],
  // The inner tag: only the "has none" of a trace is understood, which says nothing.
  ["vlan_tci1", (_, value) => (parseCount(value, u16) === 0 ? undefined : wrong)],
  ...both("dl_src eth_src", mac("ethSrc")),
  ...both("dl_dst eth_dst", mac("ethDst")),
  ...both("dl_type eth_type", readEthType),
  ["ipv6_src", ipv6("ipv6Src")],
  ["ipv6_dst", ipv6("ipv6Dst")],
  ...both("nw_src ip_src", ipv4("ipSrc")),
  ...both("nw_dst ip_dst", ipv4("ipDst")),
  ["arp_spa", ipv4("arpSpa")],
  ["arp_tpa", ipv4("arpTpa")],
  ["arp_op", exact("arpOp", u16)],
  ...both("arp_sha", exactMac("arpSha")),
  ...both("arp_tha", exactMac("arpTha")),
  ...both("nw_proto ip_proto", exact("ipProto", u8)),
  ["nw_tos", exact("ipTos", u8)],
  ["ip_dscp", readDscp],
  ...both("nw_ecn ip_ecn", exact("ipEcn", 3)),
  ["nw_ttl", exact("ipTtl", u8)],
  ...both("nw_frag ip_frag", readFrag),
  ...both("icmp_type icmpv6_type", exact("icmpType", u8)),
  ...both("icmp_code icmpv6_code", exact("icmpCode", u8)),
  ["nd_target", ipv6("ndTarget")],
  ...both("tp_src tcp_src udp_src sctp_src", masked("tpSrc", u16)),
  ...both("tp_dst tcp_dst udp_dst sctp_dst", masked("tpDst", u16)),
  ["tcp_flags", (draft, value) => (/^[\w+\-/|[\]]+$/.test(value) ? void (draft.tcpFlags = value) : wrong)],
]);

function both(names: string, reader: FieldReader): (readonly [string, FieldReader])[] {
  return names.split(" ").map((name) => [name, reader] as const);
}

type KeysOf<T> = { [K in keyof Match]-?: T extends NonNullable<Match[K]> ? K : never }[keyof Match];

function exact(key: KeysOf<number>, limit: number): FieldReader {
  return (draft, value) => {
    const number = parseCount(value, limit);
    if (number === undefined) return wrong;
    draft[key] = number;
    return undefined;
  };
}

function masked(key: KeysOf<Masked<number>>, limit: number): FieldReader {
  return (draft, value) => {
    const parsed = parseMasked(value, limit);
    if (parsed === undefined) return wrong;
    if (parsed !== "any") draft[key] = parsed;
    return undefined;
  };
}

function parseMasked(text: string, limit: number): MaybeMasked<number> | "any" | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return parseCount(text, limit);
  const value = parseCount(text.slice(0, slash), limit);
  const mask = parseCount(text.slice(slash + 1), limit);
  if (value === undefined || mask === undefined) return undefined;
  if (mask === 0) return "any";
  if (mask === limit) return value;
  return { value: Number(BigInt(value) & BigInt(mask)), mask };
}

function mac(key: "ethSrc" | "ethDst"): FieldReader {
  return (draft, value) => {
    const slash = value.indexOf("/");
    const address = parseMac(slash < 0 ? value : value.slice(0, slash));
    const mask = slash < 0 ? undefined : parseMac(value.slice(slash + 1));
    if (address === undefined || (slash >= 0 && mask === undefined)) return wrong;
    if (mask === undefined || mask === "ff:ff:ff:ff:ff:ff") draft[key] = address;
    else if (mask !== "00:00:00:00:00:00") draft[key] = { value: address, mask };
    return undefined;
  };
}

function exactMac(key: "arpSha" | "arpTha"): FieldReader {
  return (draft, value) => {
    const address: Mac | undefined = parseMac(value);
    if (address === undefined) return wrong;
    draft[key] = address;
    return undefined;
  };
}

function ipv4(key: "ipSrc" | "ipDst" | "arpSpa" | "arpTpa" | "tunSrc" | "tunDst"): FieldReader {
  return (draft, value) => {
    const address = parseIpv4Prefix(value);
    if (address === undefined) return wrong;
    if (address !== "any") draft[key] = address;
    return undefined;
  };
}

function parseIpv4Prefix(text: string): Ipv4 | Cidr | "any" | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return parseIpv4(text);
  const mask = parseIpv4(text.slice(slash + 1));
  const length = mask === undefined ? text.slice(slash + 1) : maskLength(ipv4ToNumber(mask));
  const prefix = length === undefined ? undefined : parseCidr(`${text.slice(0, slash)}/${length}`);
  if (prefix === undefined || prefix.includes(":")) return undefined;
  const bits = cidrLength(prefix);
  if (bits === 0) return "any";
  return bits === 32 ? parseIpv4(text.slice(0, slash)) : cidrCanonical(prefix);
}

/** Length of a contiguous netmask; undefined for any other. */
function maskLength(mask: number): number | undefined {
  const inverse = ~mask >>> 0;
  return (inverse & (inverse + 1)) === 0 ? Math.clz32(inverse) : undefined;
}

function ipv6(key: "ipv6Src" | "ipv6Dst" | "ndTarget"): FieldReader {
  return (draft, value) => {
    if (!value.includes(":")) return wrong;
    const slash = value.indexOf("/");
    const prefix = slash < 0 ? undefined : parseCidr(value);
    if (slash >= 0 && prefix === undefined) return wrong;
    if (prefix !== undefined && cidrLength(prefix) === 0) return undefined;
    const whole = prefix === undefined || cidrLength(prefix) === 128;
    const address: Ipv6 | Cidr | undefined = whole ? parseIpv6(slash < 0 ? value : value.slice(0, slash)) : cidrCanonical(prefix);
    if (address === undefined) return wrong;
    draft[key] = address;
    return undefined;
  };
}

function readCtState(draft: MatchDraft, value: string): "wrong" | undefined {
  const state = parseCtState(value);
  if (state === undefined) return wrong;
  draft.ctState = state;
  return undefined;
}

function readInPort(draft: MatchDraft, value: string, options: FlowParseOptions): "wrong" | undefined {
  const port = parsePort(value, options);
  if (port === undefined) return wrong;
  draft.inPort = port;
  return undefined;
}

/** `dl_vlan=0xffff` is OpenFlow 1.0's way to say untagged. */
function readOldVlan(draft: MatchDraft, value: string): "wrong" | undefined {
  const vid = parseCount(value, u16);
  if (vid === undefined || (vid > 4095 && vid !== u16)) return wrong;
  if (vid === u16) draft.vlanTci = untagged;
  else draft.vlanVid = vid;
  return undefined;
}

const untagged: Masked<number> = { value: 0, mask: 0x1fff };

/** OpenFlow 1.2's field has the 0x1000 bit for "tagged". */
function readVlanVid(draft: MatchDraft, value: string): "wrong" | undefined {
  const parsed = parseMasked(value, 0x1fff);
  if (parsed === undefined || parsed === "any") return wrong;
  if (typeof parsed !== "number") draft.vlanTci = parsed;
  else if (parsed === 0) draft.vlanTci = untagged;
  else if (parsed >= 0x1000) draft.vlanVid = parsed - 0x1000;
  else return wrong;
  return undefined;
}

/** A TCI that says no more than a VLAN id or priority is that field, as Open vSwitch prints it. */
function readTci(draft: MatchDraft, value: string): "wrong" | undefined {
  const parsed = parseMasked(value, u16);
  if (parsed === undefined) return wrong;
  if (parsed === "any") return undefined;
  const { value: bits, mask } = typeof parsed === "number" ? { value: parsed, mask: u16 } : parsed;
  const tagged = (bits & 0x1000) !== 0;
  if (tagged && (mask & 0x1fff) === 0x1fff && (mask >> 13 === 0 || mask >> 13 === 7)) {
    draft.vlanVid = bits & 0xfff;
    if (mask >> 13 === 7) draft.vlanPcp = bits >> 13;
  } else if (tagged && mask === 0xf000) draft.vlanPcp = bits >> 13;
  else draft.vlanTci = parsed;
  return undefined;
}

function readEthType(draft: MatchDraft, value: string): "wrong" | undefined {
  const type = parseCount(value, u16);
  if (type === undefined) return wrong;
  // A trace's "no type" of a packet that has none.
  if (type !== 0) draft.ethType = type;
  return undefined;
}

function readDscp(draft: MatchDraft, value: string): "wrong" | undefined {
  const dscp = parseCount(value, 63);
  if (dscp === undefined) return wrong;
  draft.ipTos = dscp << 2;
  return undefined;
}

function readFrag(draft: MatchDraft, value: string): "wrong" | undefined {
  if (!/^(?:no|yes|first|later|not_later)$/.test(value)) return wrong;
  draft.ipFrag = value;
  return undefined;
}
