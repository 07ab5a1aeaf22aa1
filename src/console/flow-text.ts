import { etherType, ipProtocol } from "../ir/match.js";
import { ipv4FromNumber, ipv6FromBigInt } from "../net/ip.js";
import { macFromNumber } from "../net/mac.js";
import { ctFlag, type FlowKey, localPort, noPort, vlanPresent } from "../virtual/flow-key.js";

/** Whose spelling of a flow is meant: 3.1 knows two tags and packet types. */
export type FlowText = "ovs-2.5" | "ovs-3.1";

/**
 * A packet's fields as `ofproto/trace` prints them after `Flow:`. Fields of the switch's own that are 0 are left out.
 *
 * Source: Open vSwitch `lib/flow.c`, `flow_format`; `lib/match.c`, `match_format` for the order.
 */
export function flowText(key: Readonly<FlowKey>, dialect: FlowText): string {
  return [...metadata(key, dialect), ...registers(key), ...link(key, dialect), ...network(key)].join(",");
}

function metadata(key: Readonly<FlowKey>, dialect: FlowText): readonly string[] {
  const resumed = key.recircId !== 0 && dialect === "ovs-3.1";
  const word = protocolWord(key);
  return [
    ...nonZero("pkt_mark", key.pktMark),
    ...nonZero("recirc_id", key.recircId),
    ...(key.ctState === 0 ? [] : [`ct_state=${ctStateText(key.ctState)}`]),
    ...(key.ctZone === 0 ? [] : [`ct_zone=${key.ctZone}`]),
    ...nonZero("ct_mark", key.ctMark),
    ...(resumed ? ["eth"] : []),
    ...(word === undefined ? [] : [word]),
  ];
}

function registers(key: Readonly<FlowKey>): readonly string[] {
  const names = ["reg0", "reg1", "reg2", "reg3", "reg4", "reg5", "reg6", "reg7"] as const;
  return [...names.flatMap((name) => nonZero(name, key[name])), ...nonZero("tun_id", key.tunId)];
}

function link(key: Readonly<FlowKey>, dialect: FlowText): readonly string[] {
  return [
    ...(key.inPort === noPort ? [] : [`in_port=${key.inPort === localPort ? "LOCAL" : key.inPort}`]),
    ...vlan(key, dialect),
    `dl_src=${macFromNumber(key.ethSrc)}`,
    `dl_dst=${macFromNumber(key.ethDst)}`,
    ...(protocolWord(key) === undefined ? [`dl_type=0x${key.ethType.toString(16).padStart(4, "0")}`] : []),
  ];
}

function vlan(key: Readonly<FlowKey>, dialect: FlowText): readonly string[] {
  if ((key.vlanTci & vlanPresent) === 0) return [`vlan_tci=${tci(key.vlanTci)}`];
  const outer = [`dl_vlan=${key.vlanTci & 0xfff}`, `dl_vlan_pcp=${key.vlanTci >> 13}`];
  return dialect === "ovs-3.1" ? [...outer, `vlan_tci1=${tci(key.innerVlanTci)}`] : outer;
}

function network(key: Readonly<FlowKey>): readonly string[] {
  if (key.ethType === etherType.arp || key.ethType === etherType.rarp) {
    return [
      `arp_spa=${ipv4FromNumber(key.ipSrc)}`,
      `arp_tpa=${ipv4FromNumber(key.ipDst)}`,
      `arp_op=${key.ipProto}`,
      `arp_sha=${macFromNumber(key.arpSha)}`,
      `arp_tha=${macFromNumber(key.arpTha)}`,
    ];
  }
  const common = [`nw_tos=${key.ipTos}`, `nw_ecn=${key.ipEcn}`, `nw_ttl=${key.ipTtl}`, "nw_frag=no", ...transport(key)];
  const proto = transportWord(key) === undefined ? [`nw_proto=${key.ipProto}`] : [];
  if (key.ethType === etherType.ipv4) {
    return [`nw_src=${ipv4FromNumber(key.ipSrc)}`, `nw_dst=${ipv4FromNumber(key.ipDst)}`, ...proto, ...common];
  }
  if (key.ethType !== etherType.ipv6) return [];
  return [`ipv6_src=${ipv6FromBigInt(key.ipv6Src)}`, `ipv6_dst=${ipv6FromBigInt(key.ipv6Dst)}`, "ipv6_label=0x00000", ...proto, ...common];
}

function transport(key: Readonly<FlowKey>): readonly string[] {
  switch (transportWord(key)) {
    case "icmp":
      return [`icmp_type=${key.tpSrc}`, `icmp_code=${key.tpDst}`];
    case "icmp6":
      return [`icmp_type=${key.tpSrc}`, `icmp_code=${key.tpDst}`, ...(key.tpSrc === 135 || key.tpSrc === 136 ? discovery(key) : [])];
    case "tcp":
      return [`tp_src=${key.tpSrc}`, `tp_dst=${key.tpDst}`, `tcp_flags=${tcpFlagsText(key.tcpFlags)}`];
    case undefined:
      return [];
    default:
      return [`tp_src=${key.tpSrc}`, `tp_dst=${key.tpDst}`];
  }
}

function discovery(key: Readonly<FlowKey>): readonly string[] {
  return [`nd_target=${ipv6FromBigInt(key.ndTarget)}`, `nd_sll=${macFromNumber(key.ndSll)}`, `nd_tll=${macFromNumber(key.ndTll)}`];
}

/** The word that stands for EtherType and IP protocol; undefined where there is none. */
function protocolWord(key: Readonly<FlowKey>): string | undefined {
  const { ethType } = key;
  if (ethType === etherType.arp) return "arp";
  if (ethType === etherType.rarp) return "rarp";
  if (ethType === etherType.ipv4) return transportWord(key) ?? "ip";
  if (ethType !== etherType.ipv6) return undefined;
  const word = transportWord(key);
  return word === undefined ? "ipv6" : word === "icmp6" ? word : `${word}6`;
}

function transportWord(key: Readonly<FlowKey>): "icmp" | "icmp6" | "tcp" | "udp" | "sctp" | undefined {
  const six = key.ethType === etherType.ipv6;
  if (!six && key.ethType !== etherType.ipv4) return undefined;
  switch (key.ipProto) {
    case ipProtocol.icmp:
      return six ? undefined : "icmp";
    case ipProtocol.icmpv6:
      return six ? "icmp6" : undefined;
    case ipProtocol.tcp:
      return "tcp";
    case ipProtocol.udp:
      return "udp";
    case ipProtocol.sctp:
      return "sctp";
    default:
      return undefined;
  }
}

/** `new|trk`, flags in the order of their bits. */
export function ctStateText(bits: number): string {
  return Object.entries(ctFlag)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join("|");
}

function tcpFlagsText(flags: number): string {
  const names = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"].filter((_, bit) => (flags & (1 << bit)) !== 0);
  return names.length === 0 ? "0" : names.join("|");
}

function nonZero(name: string, value: number): readonly string[] {
  return value === 0 ? [] : [`${name}=0x${value.toString(16)}`];
}

function tci(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}
