import { type Ip, isIpv4 } from "../net/ip.js";
import { icmp6Type, icmpProtocol, icmpType, isIcmpError, type IpPacket } from "./packet.js";

/** Why a packet could not go on. */
export type IcmpReason = "net-unreachable" | "host-unreachable" | "port-unreachable" | "ttl-exceeded";

const codes4 = {
  "net-unreachable": [icmpType.unreachable, 0],
  "host-unreachable": [icmpType.unreachable, 1],
  "port-unreachable": [icmpType.unreachable, 3],
  "ttl-exceeded": [icmpType.timeExceeded, 0],
} as const;

const codes6 = {
  "net-unreachable": [icmp6Type.unreachable, 0],
  "host-unreachable": [icmp6Type.unreachable, 3],
  "port-unreachable": [icmp6Type.unreachable, 4],
  "ttl-exceeded": [icmp6Type.timeExceeded, 0],
} as const;

/** The ICMP message that tells a sender why its packet did not go on; undefined about errors, of which no errors are made (RFC 1122). */
export function icmpError(reason: IcmpReason, packet: IpPacket, source: Ip): IpPacket | undefined {
  if (isIcmpError(packet) || packet.transport.kind === "nd") return undefined;
  const [type, code] = (isIpv4(packet.source) ? codes4 : codes6)[reason];
  return {
    kind: "ip",
    source,
    destination: packet.source,
    ttl: 64,
    tos: isIpv4(packet.source) ? 0xc0 : 0,
    protocol: icmpProtocol(packet.source),
    transport: { kind: "icmp", type, code, id: 0, sequence: 0, original: packet },
  };
}
