import { assertNever } from "../base/assert-never.js";
import type { IpSet, IptablesMatch } from "../ir/iptables.js";
import { ipProtocol, type Masked } from "../ir/match.js";
import { cidrContains } from "../net/cidr.js";
import type { Ip } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import { isTranslated, type Tracked } from "./conntrack.js";
import type { IpPacket } from "./packet.js";
import { maskValue } from "./key-match.js";

/** A packet at a netfilter hook, with what goes along with it inside a host. Mutable: targets change it. */
export interface HookPacket {
  packet: IpPacket;
  /** Linux's `skb->mark`. */
  mark: number;
  /** Undefined before the connection tracker has seen it. */
  tracked: Tracked | "untracked" | undefined;
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  /** Ports of a Linux bridge that the packet passes. */
  readonly bridgeIn?: string;
  readonly bridgeOut?: string;
  readonly sourceMac?: Mac;
  /** First address of the device that the packet came in by: where REDIRECT sends it. */
  readonly inAddress?: Ip;
  /** Zone that the raw table chose. */
  zone: number;
}

const protocolNumbers: Readonly<Record<string, number>> = {
  ...ipProtocol,
  "ipv6-icmp": ipProtocol.icmpv6,
  igmp: 2,
  gre: 47,
  esp: 50,
  ah: 51,
  vrrp: 112,
  dccp: 33,
  udplite: 136,
};

/** The number of a protocol as iptables names it. Errors: undefined where the word is none. */
export function protocolNumber(word: string): number | undefined {
  if (/^\d+$/.test(word)) return Number(word);
  return Object.hasOwn(protocolNumbers, word) ? protocolNumbers[word] : undefined;
}

/** True where a packet has what one match of a rule asks. What dvrc does not model never matches. */
export function matchesPacket(match: IptablesMatch, at: HookPacket, sets: ReadonlyMap<string, IpSet>): boolean {
  const { packet } = at;
  switch (match.kind) {
    case "source":
      return cidrContains(match.prefix, packet.source) !== (match.not === true);
    case "destination":
      return cidrContains(match.prefix, packet.destination) !== (match.not === true);
    case "in-interface":
      return isDevice(match.name, at.inDevice) !== (match.not === true);
    case "out-interface":
      return isDevice(match.name, at.outDevice) !== (match.not === true);
    case "protocol":
      return (match.protocol === "all" || protocolNumber(match.protocol) === packet.protocol) !== (match.not === true);
    case "ports":
      return protocolNumber(match.module) === packet.protocol && hasPorts(packet, match.sport, match.dport);
    case "multiport":
      return matchesMultiport(match.direction, match.ports, packet);
    case "icmp":
      return matchesIcmp(match.type, packet);
    case "mark":
      return isMasked(match.mark, at.mark) !== (match.not === true);
    case "connmark":
      return isMasked(match.mark, connectionMark(at)) !== (match.not === true);
    case "ctstate":
      return match.states.some((state) => hasState(state, at)) !== (match.not === true);
    case "comment":
      return true;
    case "mac-source":
      return (match.mac === at.sourceMac) !== (match.not === true);
    case "physdev":
      return matchesPhysdev(match, at);
    case "match-set":
      return matchesSet(match.set, match.flags, at, sets) !== (match.not === true);
    case "other":
      return false;
    default:
      return assertNever(match);
  }
}

function isDevice(pattern: string, device: string | undefined): boolean {
  if (device === undefined) return false;
  return pattern.endsWith("+") ? device.startsWith(pattern.slice(0, -1)) : device === pattern;
}

function hasPorts(packet: IpPacket, sport: string | undefined, dport: string | undefined): boolean {
  const { transport } = packet;
  if (transport.kind !== "tcp" && transport.kind !== "udp") return sport === undefined && dport === undefined;
  return inPortRange(sport, transport.sourcePort) && inPortRange(dport, transport.destinationPort);
}

function inPortRange(range: string | undefined, port: number): boolean {
  if (range === undefined) return true;
  const [first = "", last = first] = range.split(":");
  return port >= Number(first === "" ? 0 : first) && port <= Number(last === "" ? 65535 : last);
}

function matchesMultiport(direction: "sports" | "dports", ports: string, packet: IpPacket): boolean {
  const { transport } = packet;
  if (transport.kind !== "tcp" && transport.kind !== "udp") return false;
  const port = direction === "sports" ? transport.sourcePort : transport.destinationPort;
  return ports.split(",").some((range) => inPortRange(range, port));
}

function matchesIcmp(type: string, packet: IpPacket): boolean {
  const { transport } = packet;
  if (transport.kind !== "icmp" && transport.kind !== "nd") return false;
  if (type === "any" || type === "255") return true;
  const [wanted, code] = type.split("/").map(Number);
  return transport.type === wanted && (code === undefined || (transport.kind === "icmp" ? transport.code : 0) === code);
}

function isMasked(wanted: Masked<number>, value: number): boolean {
  return maskValue(value, wanted.mask) === maskValue(wanted.value, wanted.mask);
}

/** The mark of the packet's connection; 0 where it has none. */
export function connectionMark(at: HookPacket): number {
  return at.tracked === undefined || at.tracked === "untracked" ? 0 : (at.tracked.connection?.mark ?? 0);
}

function hasState(state: string, at: HookPacket): boolean {
  if (at.tracked === undefined || at.tracked === "untracked") return state === "UNTRACKED" && at.tracked === "untracked";
  const { connection } = at.tracked;
  switch (state) {
    case "DNAT":
      return connection !== undefined && isTranslated(connection, "destination");
    case "SNAT":
      return connection !== undefined && isTranslated(connection, "source");
    default:
      return state.toLowerCase() === at.tracked.state;
  }
}

function matchesPhysdev(match: IptablesMatch & { readonly kind: "physdev" }, at: HookPacket): boolean {
  if (match.in !== undefined && !isDevice(match.in, at.bridgeIn)) return false;
  if (match.out !== undefined && !isDevice(match.out, at.bridgeOut)) return false;
  return match.isBridged !== true || (at.bridgeIn !== undefined && at.bridgeOut !== undefined);
}

function matchesSet(name: string, flags: string, at: HookPacket, sets: ReadonlyMap<string, IpSet>): boolean {
  const address = flags.startsWith("src") ? at.packet.source : at.packet.destination;
  return sets.get(name)?.members.some((member) => cidrContains(member, address)) ?? false;
}
