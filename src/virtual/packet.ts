import { type Ip, ipVersion } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import { etherType, ipProtocol } from "../ir/match.js";

/** An 802.1Q tag. */
export interface VlanTag {
  /** 0 to 4095. */
  readonly vid: number;
  readonly pcp: number;
}

/** An ARP message over Ethernet and IPv4 (RFC 826): operation 1 asks, 2 answers. */
export interface ArpMessage {
  readonly kind: "arp";
  readonly operation: number;
  readonly senderMac: Mac;
  readonly senderIp: Ip;
  readonly targetMac: Mac;
  readonly targetIp: Ip;
}

/** ICMP or ICMPv6 other than neighbour discovery. Errors carry the packet that caused them. */
export interface IcmpMessage {
  readonly kind: "icmp";
  readonly type: number;
  readonly code: number;
  /** Identifier of an echo; 0 in errors. */
  readonly id: number;
  /** Sequence number of an echo; the next hop's MTU in "too big". */
  readonly sequence: number;
  readonly original?: IpPacket;
}

/** A neighbour discovery message (RFC 4861): 133 to 136. */
export interface NeighbourMessage {
  readonly kind: "nd";
  readonly type: number;
  readonly target: Ip;
  /** Source link-layer address in solicitations, target link-layer address in advertisements. */
  readonly linkAddress?: Mac;
  readonly solicited: boolean;
  readonly override: boolean;
}

/** A TCP segment. Only what a filter and a handshake look at. */
export interface TcpSegment {
  readonly kind: "tcp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Bits as on the wire: FIN 1, SYN 2, RST 4, PSH 8, ACK 16. */
  readonly flags: number;
  readonly text: string;
}

/** A UDP datagram. */
export interface UdpDatagram {
  readonly kind: "udp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly text: string;
}

/** What an IP packet carries. */
export type Transport = IcmpMessage | NeighbourMessage | TcpSegment | UdpDatagram | { readonly kind: "other" };

/** An IPv4 or IPv6 packet; the addresses tell which. */
export interface IpPacket {
  readonly kind: "ip";
  readonly source: Ip;
  readonly destination: Ip;
  /** Time to live or hop limit. */
  readonly ttl: number;
  /** Type of service or traffic class, ECN bits included. */
  readonly tos: number;
  readonly protocol: number;
  readonly transport: Transport;
}

/** A payload that the simulation carries without looking into it. */
export interface OpaquePayload {
  readonly kind: "opaque";
  readonly etherType: number;
}

/** An Ethernet frame. Immutable: whatever changes a header makes a new frame. */
export interface Frame {
  readonly source: Mac;
  readonly destination: Mac;
  /** Outermost first. */
  readonly vlans: readonly VlanTag[];
  readonly payload: ArpMessage | IpPacket | OpaquePayload;
}

/** The address that means everybody on the segment. */
export const broadcastMac = "ff:ff:ff:ff:ff:ff" as Mac;
/** The address that means nobody. */
export const zeroMac = "00:00:00:00:00:00" as Mac;

/** Bits of a TCP header's flags. */
export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** ICMP types, version 4. */
export const icmpType = { echoReply: 0, unreachable: 3, redirect: 5, echoRequest: 8, timeExceeded: 11 } as const;
/** ICMP types, version 6. */
export const icmp6Type = { unreachable: 1, tooBig: 2, timeExceeded: 3, echoRequest: 128, echoReply: 129 } as const;
/** Neighbour discovery types. */
export const ndType = { routerSolicitation: 133, routerAdvertisement: 134, solicitation: 135, advertisement: 136 } as const;

/** The EtherType of what a frame carries below its tags. */
export function payloadEtherType(payload: Frame["payload"]): number {
  switch (payload.kind) {
    case "arp":
      return etherType.arp;
    case "ip":
      return ipVersion(payload.source) === 4 ? etherType.ipv4 : etherType.ipv6;
    case "opaque":
      return payload.etherType;
  }
}

/** The IP protocol of ICMP in the version of an address. */
export function icmpProtocol(address: Ip): number {
  return ipVersion(address) === 4 ? ipProtocol.icmp : ipProtocol.icmpv6;
}

/** True for ICMP messages that report what became of another packet. */
export function isIcmpError(packet: IpPacket): packet is IpPacket & { readonly transport: IcmpMessage & { readonly original: IpPacket } } {
  return packet.transport.kind === "icmp" && packet.transport.original !== undefined;
}

/** A frame in words, for trails: `icmp 10.0.0.1 > 10.0.0.2`. */
export function describeFrame(frame: Frame): string {
  const { payload } = frame;
  if (payload.kind === "arp") {
    return payload.operation === 1
      ? `arp who-has ${payload.targetIp} tell ${payload.senderIp}`
      : `arp ${payload.senderIp} is-at ${payload.senderMac}`;
  }
  return payload.kind === "ip" ? describePacket(payload) : `ethertype 0x${payload.etherType.toString(16)}`;
}

/** An IP packet in words. */
export function describePacket(packet: IpPacket): string {
  const { transport, source, destination } = packet;
  switch (transport.kind) {
    case "icmp":
      return `icmp type ${transport.type} ${source} > ${destination}`;
    case "nd":
      return `nd type ${transport.type} target ${transport.target}`;
    case "tcp":
      return `tcp ${source}:${transport.sourcePort} > ${destination}:${transport.destinationPort}`;
    case "udp":
      return `udp ${source}:${transport.sourcePort} > ${destination}:${transport.destinationPort}`;
    case "other":
      return `ip protocol ${packet.protocol} ${source} > ${destination}`;
  }
}
