import { etherType, ipProtocol, type Masked, type Match, type MatchField, type MaybeMasked, type OfPort } from "../../ir/match.js";
import { hex } from "../words.js";

/** How one field prints: its place among the others and its text. */
interface FieldPrinter {
  readonly rank: number;
  print(value: unknown): string;
}

/** Rank of the protocol word, and of the fields that stand in its stead where there is no word. */
const wordRank = 10;
const typeRank = 50;
const protocolRank = 60;

/**
 * Printers of the match fields, ranked in the order in which Open vSwitch prints them.
 *
 * Source: Open vSwitch 3.1 `match_format` in lib/match.c, read from its dumps.
 */
const printers: ReadonlyMap<string, FieldPrinter> = new Map<MatchField, FieldPrinter>([
  field("pktMark", 0, (value: MaybeMasked<number>) => `pkt_mark=${hexMasked(value)}`),
  field("recircId", 1, (value: number) => `recirc_id=${hex(value)}`),
  field("conjId", 2, (value: number) => `conj_id=${value}`),
  field("ctState", 3, (value: string) => `ct_state=${value}`),
  field("ctZone", 4, (value: number) => `ct_zone=${value}`),
  field("ctMark", 5, (value: MaybeMasked<number>) => `ct_mark=${hexMasked(value)}`),
  ...([0, 1, 2, 3, 4, 5, 6, 7] as const).map((index) =>
    field(`reg${index}`, 20 + index, (value: MaybeMasked<number>) => `reg${index}=${hexMasked(value)}`),
  ),
  field("tunId", 30, (value: MaybeMasked<number>) => `tun_id=${hexMasked(value)}`),
  field("tunSrc", 31, (value: string) => `tun_src=${value}`),
  field("tunDst", 32, (value: string) => `tun_dst=${value}`),
  field("inPort", 40, (value: OfPort) => `in_port=${printPort(value)}`),
  field("vlanVid", 41, (value: number) => `dl_vlan=${value}`),
  field("vlanPcp", 42, (value: number) => `dl_vlan_pcp=${value}`),
  field("vlanTci", 43, (value: MaybeMasked<number>) => `vlan_tci=${tci(value)}`),
  field("ethSrc", 44, (value: MaybeMasked<string>) => `dl_src=${textMasked(value)}`),
  field("ethDst", 45, (value: MaybeMasked<string>) => `dl_dst=${textMasked(value)}`),
  field("ipv6Src", 51, (value: string) => `ipv6_src=${value}`),
  field("ipv6Dst", 52, (value: string) => `ipv6_dst=${value}`),
  field("arpSpa", 53, (value: string) => `arp_spa=${value}`),
  field("arpTpa", 54, (value: string) => `arp_tpa=${value}`),
  field("ipSrc", 55, (value: string) => `nw_src=${value}`),
  field("ipDst", 56, (value: string) => `nw_dst=${value}`),
  field("arpOp", 61, (value: number) => `arp_op=${value}`),
  field("arpSha", 62, (value: string) => `arp_sha=${value}`),
  field("arpTha", 63, (value: string) => `arp_tha=${value}`),
  field("ipTos", 64, (value: number) => `nw_tos=${value}`),
  field("ipEcn", 65, (value: number) => `nw_ecn=${value}`),
  field("ipTtl", 66, (value: number) => `nw_ttl=${value}`),
  field("ipFrag", 67, (value: string) => `nw_frag=${value}`),
  field("icmpType", 70, (value: number) => `icmp_type=${value}`),
  field("icmpCode", 71, (value: number) => `icmp_code=${value}`),
  field("ndTarget", 72, (value: string) => `nd_target=${value}`),
  field("tpSrc", 73, (value: MaybeMasked<number>) => `tp_src=${decimalMasked(value)}`),
  field("tpDst", 74, (value: MaybeMasked<number>) => `tp_dst=${decimalMasked(value)}`),
  field("tcpFlags", 75, (value: string) => `tcp_flags=${value}`),
]);

const ipv4Words: ReadonlyMap<number, string> = new Map([
  [ipProtocol.icmp, "icmp"],
  [ipProtocol.tcp, "tcp"],
  [ipProtocol.udp, "udp"],
  [ipProtocol.sctp, "sctp"],
]);
const ipv6Words: ReadonlyMap<number, string> = new Map([
  [ipProtocol.icmpv6, "icmp6"],
  [ipProtocol.tcp, "tcp6"],
  [ipProtocol.udp, "udp6"],
  [ipProtocol.sctp, "sctp6"],
]);

/**
 * A match as `ovs-ofctl` lists it: fields joined by commas, empty where everything matches.
 *
 * The priority leads as it does in a dump; traces print the match without one. 32768, OpenFlow's default, prints as nothing.
 */
export function printMatch(match: Match, priority?: number): string {
  ranked.clear();
  for (const key in match) {
    const value = match[key as MatchField];
    if (value === undefined) continue;
    const printer = printers.get(key);
    if (printer !== undefined) ranked.insert(printer.rank, printer.print(value));
  }
  if (match.ethType !== undefined || match.ipProto !== undefined) insertProtocol(match);
  return ranked.join(priority === undefined || priority === 32768 ? "" : `priority=${priority}`);
}

/** A port as flows name it. */
export function printPort(port: OfPort): string {
  return port === "local" ? "LOCAL" : String(port);
}

function insertProtocol(match: Match): void {
  const { ethType, ipProto } = match;
  const words = ethType === etherType.ipv4 ? ipv4Words : ethType === etherType.ipv6 ? ipv6Words : undefined;
  const both = ipProto === undefined ? undefined : words?.get(ipProto);
  const word = both ?? etherTypeWord(ethType);
  if (word !== undefined) ranked.insert(wordRank, word);
  else if (ethType !== undefined) ranked.insert(typeRank, `dl_type=0x${ethType.toString(16).padStart(4, "0")}`);
  if (ipProto !== undefined && both === undefined) ranked.insert(protocolRank, `nw_proto=${ipProto}`);
}

function etherTypeWord(type: number | undefined): string | undefined {
  if (type === etherType.ipv4) return "ip";
  if (type === etherType.ipv6) return "ipv6";
  if (type === etherType.arp) return "arp";
  return type === etherType.rarp ? "rarp" : undefined;
}

/** Texts in order of their ranks. One list serves all matches: arrays of their own would be most of the garbage of a build. */
class RankedTexts {
  private readonly ranks: number[] = [];
  private readonly texts: string[] = [];
  private count = 0;

  clear(): void {
    this.count = 0;
  }

  insert(rank: number, text: string): void {
    const { ranks, texts } = this;
    let at = this.count++;
    for (; at > 0 && (ranks[at - 1] ?? 0) > rank; at--) {
      ranks[at] = ranks[at - 1] ?? 0;
      texts[at] = texts[at - 1] ?? "";
    }
    ranks[at] = rank;
    texts[at] = text;
  }

  /** The texts after a first one, which may be empty, commas between them. */
  join(first: string): string {
    let joined = first;
    for (let at = 0; at < this.count; at++) joined += (joined === "" ? "" : ",") + (this.texts[at] ?? "");
    return joined;
  }
}

const ranked = new RankedTexts();

function field<K extends MatchField>(name: K, rank: number, print: (value: NonNullable<Match[K]>) => string): readonly [K, FieldPrinter] {
  return [name, { rank, print: (value) => print(value as NonNullable<Match[K]>) }];
}

function isMasked<T extends number | string>(value: MaybeMasked<T>): value is Masked<T> {
  return typeof value === "object";
}

function hexMasked(value: MaybeMasked<number>): string {
  return isMasked(value) ? `${hex(value.value)}/${hex(value.mask)}` : hex(value);
}

/** Ports have decimal values but hexadecimal masks, whose zero keeps its prefix. */
function decimalMasked(value: MaybeMasked<number>): string {
  return isMasked(value) ? `0x${value.value.toString(16)}/0x${value.mask.toString(16)}` : String(value);
}

function textMasked(value: MaybeMasked<string>): string {
  return isMasked(value) ? `${value.value}/${value.mask}` : value;
}

function tci(value: MaybeMasked<number>): string {
  return isMasked(value) ? `${tci(value.value)}/${tci(value.mask)}` : `0x${value.toString(16).padStart(4, "0")}`;
}
