import { etherType, ipProtocol } from "../ir/match.js";
import { ipv4FromNumber, ipv6FromBigInt } from "../net/ip.js";
import { macFromNumber } from "../net/mac.js";
import { ctFlag, type FlowField, type FlowKey, localPort, type NarrowField, vlanPresent, type WideField } from "../virtual/flow-key.js";
import { fullMask, maskValue } from "../virtual/key-match.js";
import type { TraceSection } from "../virtual/ofproto-trace.js";
import { prefixLength } from "../virtual/prefix-set.js";
import type { Wildcards } from "../virtual/wildcards.js";
import type { FlowText } from "./flow-text.js";

/**
 * The megaflow of a passage through the tables: the packet with only the bits that decided. Registers and tunnels are never in it.
 *
 * Source: Open vSwitch `lib/match.c`, `match_format`, for the order; `xlate_wc_finish` for what is left out.
 */
export function megaflowText({ initial, wildcards }: Pick<TraceSection, "initial" | "wildcards">, dialect: FlowText): string {
  return new MegaflowText(initial, wildcards, dialect).fields().join(",");
}

class MegaflowText {
  constructor(
    readonly key: Readonly<FlowKey>,
    readonly wildcards: Wildcards,
    readonly dialect: FlowText,
  ) {}

  fields(): readonly string[] {
    return [...this.#metadata(), ...this.#link(), ...this.#network(), ...this.#transport()];
  }

  #metadata(): readonly string[] {
    const { recircId, inPort } = this.key;
    return [
      ...this.#number("pktMark", "pkt_mark"),
      `recirc_id=${hex(recircId)}`,
      ...this.#ctState(),
      ...this.#number("ctZone", "ct_zone", String),
      ...this.#number("ctMark", "ct_mark"),
      ...(this.dialect === "ovs-3.1" ? ["eth"] : []),
      ...this.#word(),
      `in_port=${inPort === localPort ? "LOCAL" : inPort}`,
    ];
  }

  #ctState(): readonly string[] {
    const mask = Number(this.wildcards.mask("ctState"));
    const flags = Object.entries(ctFlag).flatMap(([name, bit]) =>
      (mask & bit) === 0 ? [] : [`${(this.key.ctState & bit) === 0 ? "-" : "+"}${name}`],
    );
    return flags.length === 0 ? [] : [`ct_state=${flags.join("")}`];
  }

  /** The protocol word: that of the transport where the protocol was looked at. */
  #word(): readonly string[] {
    const { ethType } = this.key;
    if (ethType === etherType.arp) return ["arp"];
    if (ethType === etherType.rarp) return ["rarp"];
    if (ethType !== etherType.ipv4 && ethType !== etherType.ipv6) return [];
    const six = ethType === etherType.ipv6;
    const protocol = this.#looked("ipProto") ? transportWord(this.key.ipProto, six) : undefined;
    return [protocol ?? (six ? "ipv6" : "ip")];
  }

  #link(): readonly string[] {
    const { ethType } = this.key;
    return [
      ...this.#vlan(),
      ...this.#mac("ethSrc", "dl_src"),
      ...this.#mac("ethDst", "dl_dst"),
      ...(this.#word().length === 0 ? [`dl_type=0x${ethType.toString(16).padStart(4, "0")}`] : []),
    ];
  }

  /** Nothing is said of packets without a tag. */
  #vlan(): readonly string[] {
    const mask = Number(this.wildcards.mask("vlanTci"));
    const { vlanTci } = this.key;
    if ((vlanTci & vlanPresent) === 0 || mask === 0) return [];
    return [
      ...((mask & 0xfff) === 0 ? [] : [`dl_vlan=${vlanTci & 0xfff}`]),
      ...((mask & 0xe000) === 0 ? [] : [`dl_vlan_pcp=${vlanTci >> 13}`]),
    ];
  }

  #network(): readonly string[] {
    const { ethType } = this.key;
    if (ethType === etherType.arp || ethType === etherType.rarp) {
      return [
        ...this.#ipv4("ipSrc", "arp_spa"),
        ...this.#ipv4("ipDst", "arp_tpa"),
        ...this.#number("ipProto", "arp_op", String),
        ...this.#mac("arpSha", "arp_sha"),
        ...this.#mac("arpTha", "arp_tha"),
      ];
    }
    const addresses =
      ethType === etherType.ipv4
        ? [...this.#ipv4("ipSrc", "nw_src"), ...this.#ipv4("ipDst", "nw_dst")]
        : ethType === etherType.ipv6
          ? [...this.#ipv6("ipv6Src", "ipv6_src"), ...this.#ipv6("ipv6Dst", "ipv6_dst")]
          : undefined;
    if (addresses === undefined) return [];
    const nameless = this.#looked("ipProto") && transportWord(this.key.ipProto, ethType === etherType.ipv6) === undefined;
    return [
      ...addresses,
      ...(nameless ? [`nw_proto=${this.key.ipProto}`] : []),
      ...this.#number("ipTos", "nw_tos", String),
      ...this.#number("ipEcn", "nw_ecn", String),
      ...this.#number("ipTtl", "nw_ttl", String),
      "nw_frag=no",
    ];
  }

  #transport(): readonly string[] {
    const { ethType, ipProto } = this.key;
    if (ethType !== etherType.ipv4 && ethType !== etherType.ipv6) return [];
    const icmp = ipProto === ipProtocol.icmp || ipProto === ipProtocol.icmpv6;
    return [
      ...this.#port("tpSrc", icmp ? "icmp_type" : "tp_src"),
      ...this.#port("tpDst", icmp ? "icmp_code" : "tp_dst"),
      ...this.#ipv6("ndTarget", "nd_target"),
      ...this.#number("tcpFlags", "tcp_flags"),
    ];
  }

  #looked(field: FlowField): boolean {
    return BigInt(this.wildcards.mask(field)) !== 0n;
  }

  #number(field: NarrowField, name: string, print: (value: number) => string = hex): readonly string[] {
    return this.#looked(field) ? [`${name}=${print(this.key[field])}`] : [];
  }

  #port(field: "tpSrc" | "tpDst", name: string): readonly string[] {
    const mask = Number(this.wildcards.mask(field));
    if (mask === 0) return [];
    const value = this.key[field];
    return [mask === 0xffff ? `${name}=${value}` : `${name}=${hex(value & mask)}/${hex(mask)}`];
  }

  #mac(field: "ethSrc" | "ethDst" | "arpSha" | "arpTha", name: string): readonly string[] {
    const mask = this.wildcards.mask(field);
    if (BigInt(mask) === 0n) return [];
    const value = macFromNumber(Number(maskValue(this.key[field], mask)));
    return [mask === fullMask(field) ? `${name}=${value}` : `${name}=${value}/${macFromNumber(Number(mask))}`];
  }

  #ipv4(field: "ipSrc" | "ipDst", name: string): readonly string[] {
    const mask = Number(this.wildcards.mask(field));
    if (mask === 0) return [];
    const value = ipv4FromNumber(Number(maskValue(this.key[field], mask)));
    const length = prefixLength(mask, 32);
    return [length === 32 ? `${name}=${value}` : `${name}=${value}/${length ?? ipv4FromNumber(mask)}`];
  }

  #ipv6(field: WideField, name: string): readonly string[] {
    const mask = BigInt(this.wildcards.mask(field));
    if (mask === 0n) return [];
    const length = prefixLength(mask, 128) ?? 128;
    const value = ipv6FromBigInt(this.key[field] & mask);
    return [length === 128 ? `${name}=${value}` : `${name}=${value}/${length}`];
  }
}

function transportWord(protocol: number, six: boolean): string | undefined {
  switch (protocol) {
    case ipProtocol.icmp:
      return six ? undefined : "icmp";
    case ipProtocol.icmpv6:
      return six ? "icmp6" : undefined;
    case ipProtocol.tcp:
      return six ? "tcp6" : "tcp";
    case ipProtocol.udp:
      return six ? "udp6" : "udp";
    case ipProtocol.sctp:
      return six ? "sctp6" : "sctp";
    default:
      return undefined;
  }
}

function hex(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}
