import type { Connection, Tracked, Tuple } from "./conntrack.js";
import { isIcmpError, type IpPacket, type Transport } from "./packet.js";

/**
 * The packet with the addresses that its connection's translation gives it on one side.
 *
 * Of packets in the original direction the destination becomes the answerer's address and the source the address answers go to; of answers the reverse.
 * An ICMP error is translated like an answer, and so is the packet that it carries.
 */
export function translatePacket(packet: IpPacket, tracked: Tracked, connection: Connection, side: "destination" | "source"): IpPacket {
  const forward = tracked.direction === "original";
  const { original, reply } = connection;
  const wanted = forward
    ? { source: reply.destination, sourcePort: reply.destinationPort, destination: reply.source, destinationPort: reply.sourcePort }
    : {
        source: original.destination,
        sourcePort: original.destinationPort,
        destination: original.source,
        destinationPort: original.sourcePort,
      };
  if (isIcmpError(packet)) return translateError(packet, tracked, connection, side);
  return side === "destination"
    ? withDestination(packet, wanted.destination, wanted.destinationPort)
    : withSource(packet, wanted.source, wanted.sourcePort);
}

function translateError(
  packet: IpPacket & { readonly transport: { readonly kind: "icmp"; readonly original: IpPacket } },
  tracked: Tracked,
  connection: Connection,
  side: "destination" | "source",
): IpPacket {
  const { original, reply } = connection;
  const towards: Tuple = tracked.direction === "reply" ? original : reply;
  const inner = packet.transport.original;
  const innerFixed =
    side === "destination"
      ? withSource(inner, towards.source, towards.sourcePort)
      : withDestination(inner, towards.destination, towards.destinationPort);
  const outer: IpPacket = { ...packet, transport: { ...packet.transport, original: innerFixed } };
  if (side === "destination") return { ...outer, destination: towards.source };
  const other = tracked.direction === "reply" ? reply : original;
  return other.source === towards.destination ? outer : { ...outer, source: towards.destination };
}

function withDestination(packet: IpPacket, destination: IpPacket["destination"], port: number): IpPacket {
  return { ...packet, destination, transport: withPort(packet.transport, "destinationPort", port) };
}

function withSource(packet: IpPacket, source: IpPacket["source"], port: number): IpPacket {
  return { ...packet, source, transport: withPort(packet.transport, "sourcePort", port) };
}

function withPort(transport: Transport, end: "sourcePort" | "destinationPort", port: number): Transport {
  switch (transport.kind) {
    case "tcp":
    case "udp":
      return { ...transport, [end]: port };
    case "icmp":
      return transport.original === undefined ? { ...transport, id: port } : transport;
    default:
      return transport;
  }
}
