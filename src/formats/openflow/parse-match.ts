import { etherType, ipProtocol, type Masked, type Match, type MaybeMasked, type OfPort } from "../../ir/match.js";
import { type Cidr, cidrCanonical, cidrLength, parseCidr } from "../../net/cidr.js";
import { type Ipv4, type Ipv6, ipv4ToNumber, parseIpv4, parseIpv6 } from "../../net/ip.js";
import { type Mac, parseMac } from "../../net/mac.js";
import { type Attempt, refused, understood } from "../parsed.js";
import { parseCount } from "../words.js";
import { parseCtState } from "./ct-state.js";

/** Number of a port that a flow names: `patch-tun`. Undefined where the bridge has none of that name. */
export type PortResolver = (name: string) => OfPort | undefined;

/** What the parsers of flows take besides the text. */
export interface FlowParseOptions {
  /** Without one, a port must be written as a number or `LOCAL`. */
  readonly resolvePort?: PortResolver;
}

/** A match and the priority that stood among its fields. */
export interface ParsedMatch {
  readonly match: Match;
  readonly priority: number | undefined;
}

/** A match while it is read: as {@link Match}, but fields come one by one. */
type Draft = { -readonly [K in keyof Match]: Match[K] };

/** Reads a field's value into the draft. Answers why it cannot, or undefined. */
type FieldReader = (draft: Draft, value: string, options: FlowParseOptions) => string | undefined;

/**
 * Reads a match as ovs-ofctl(8) and `ofproto/trace` take one: fields in any order, separated by commas or blanks, in old or new names.
 *
 * A field that matches everything is left out, as the switch does.
 * Errors: the first field that is unknown or has a wrong value.
 * Source: ovs-ofctl(8), ovs-fields(7).
 */
export function parseMatch(text: string, options: FlowParseOptions = {}): Attempt<ParsedMatch> {
  const draft: Draft = {};
  let priority: number | undefined;
  for (const item of text.split(/[,\s]+/)) {
    if (item === "") continue;
    const equals = item.indexOf("=");
    const name = equals < 0 ? item : item.slice(0, equals);
    const value = equals < 0 ? undefined : item.slice(equals + 1);
    if (name === "priority" && value !== undefined) {
      priority = parseCount(value, 65535);
      if (priority === undefined) return refused(`wrong priority "${cut(value)}"`);
      continue;
    }
    const wrong = value === undefined ? readWord(draft, name) : readField(draft, name, value, options);
    if (wrong !== undefined) return refused(wrong);
  }
  settle(draft);
  return understood({ match: draft, priority });
}

/** Reads a port of a flow: a number, `LOCAL`, or a name that the resolver knows. Errors: undefined where it is none. */
export function parsePort(text: string, options: FlowParseOptions): OfPort | undefined {
  if (/^local$/i.test(text)) return "local";
  const number = parseCount(text, 65535);
  if (number !== undefined) return number === 65534 ? "local" : number;
  return options.resolvePort?.(text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text);
}

const words: ReadonlyMap<string, readonly [ethType: number, ipProto?: number]> = new Map([
  ["ip", [etherType.ipv4]],
  ["ipv4", [etherType.ipv4]],
  ["ipv6", [etherType.ipv6]],
  ["arp", [etherType.arp]],
  ["rarp", [etherType.rarp]],
  ["icmp", [etherType.ipv4, ipProtocol.icmp]],
  ["tcp", [etherType.ipv4, ipProtocol.tcp]],
  ["udp", [etherType.ipv4, ipProtocol.udp]],
  ["sctp", [etherType.ipv4, ipProtocol.sctp]],
  ["icmp6", [etherType.ipv6, ipProtocol.icmpv6]],
  ["icmpv6", [etherType.ipv6, ipProtocol.icmpv6]],
  ["tcp6", [etherType.ipv6, ipProtocol.tcp]],
  ["udp6", [etherType.ipv6, ipProtocol.udp]],
  ["sctp6", [etherType.ipv6, ipProtocol.sctp]],
]);

function readWord(draft: Draft, word: string): string | undefined {
  // Traces and datapath flows say "eth" for the packet type of every Ethernet packet.
  if (word === "eth") return undefined;
  const meaning = words.get(word);
  if (meaning === undefined) return `unknown match field "${cut(word)}"`;
  draft.ethType = meaning[0];
  if (meaning[1] !== undefined) draft.ipProto = meaning[1];
  return undefined;
}

function readField(draft: Draft, name: string, value: string, options: FlowParseOptions): string | undefined {
  const reader = readers.get(name);
  if (reader === undefined) return `unknown match field "${cut(name)}"`;
  const wrong = reader(draft, value, options);
  return wrong === undefined ? undefined : `wrong value of ${name} "${cut(value)}"`;
}

const u8 = 0xff;
const u16 = 0xffff;
const u32 = 0xffffffff;
const wrong = "wrong";

const readers: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
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

function readCtState(draft: Draft, value: string): string | undefined {
  const state = parseCtState(value);
  if (state === undefined) return wrong;
  draft.ctState = state;
  return undefined;
}

function readInPort(draft: Draft, value: string, options: FlowParseOptions): string | undefined {
  const port = parsePort(value, options);
  if (port === undefined) return wrong;
  draft.inPort = port;
  return undefined;
}

/** `dl_vlan=0xffff` is OpenFlow 1.0's way to say untagged. */
function readOldVlan(draft: Draft, value: string): string | undefined {
  const vid = parseCount(value, u16);
  if (vid === undefined || (vid > 4095 && vid !== u16)) return wrong;
  if (vid === u16) draft.vlanTci = untagged;
  else draft.vlanVid = vid;
  return undefined;
}

const untagged: Masked<number> = { value: 0, mask: 0x1fff };

/** OpenFlow 1.2's field has the 0x1000 bit for "tagged". */
function readVlanVid(draft: Draft, value: string): string | undefined {
  const parsed = parseMasked(value, 0x1fff);
  if (parsed === undefined || parsed === "any") return wrong;
  if (typeof parsed !== "number") draft.vlanTci = parsed;
  else if (parsed === 0) draft.vlanTci = untagged;
  else if (parsed >= 0x1000) draft.vlanVid = parsed - 0x1000;
  else return wrong;
  return undefined;
}

/** A TCI that says no more than a VLAN id or priority is that field, as Open vSwitch prints it. */
function readTci(draft: Draft, value: string): string | undefined {
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

function readEthType(draft: Draft, value: string): string | undefined {
  const type = parseCount(value, u16);
  if (type === undefined) return wrong;
  // A trace's "no type" of a packet that has none.
  if (type !== 0) draft.ethType = type;
  return undefined;
}

function readDscp(draft: Draft, value: string): string | undefined {
  const dscp = parseCount(value, 63);
  if (dscp === undefined) return wrong;
  draft.ipTos = dscp << 2;
  return undefined;
}

function readFrag(draft: Draft, value: string): string | undefined {
  if (!/^(?:no|yes|first|later|not_later)$/.test(value)) return wrong;
  draft.ipFrag = value;
  return undefined;
}

/** OpenFlow 1.0 has ARP's addresses and operation in the fields of IP. */
function settle(draft: Draft): void {
  if (draft.ethType !== etherType.arp && draft.ethType !== etherType.rarp) return;
  if (draft.ipSrc !== undefined) draft.arpSpa ??= draft.ipSrc;
  if (draft.ipDst !== undefined) draft.arpTpa ??= draft.ipDst;
  if (draft.ipProto !== undefined) draft.arpOp ??= draft.ipProto;
  delete draft.ipSrc;
  delete draft.ipDst;
  delete draft.ipProto;
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
