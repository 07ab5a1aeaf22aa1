import { ipProtocol } from "../ir/match.js";
import { isIpv4, type Ip } from "../net/ip.js";
import { ctFlag } from "./flow-key.js";
import { icmp6Type, icmpType, isIcmpError, type IpPacket, tcpFlag } from "./packet.js";

/** One direction of a connection. Echoes have their identifier as both ports. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Ip;
  readonly destination: Ip;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** ICMP type of this direction; 0 for what is not ICMP. */
  readonly type: number;
}

/** TCP's progress, as conntrack(8) lists it. */
export type TcpState = "SYN_SENT" | "SYN_RECV" | "ESTABLISHED" | "FIN_WAIT" | "CLOSE";

/** A connection that a tracker knows. */
export interface Connection {
  readonly zone: number;
  readonly original: Tuple;
  /** What answers look like; differs from the mirror of {@link original} where addresses are translated. */
  reply: Tuple;
  mark: number;
  seenReply: boolean;
  confirmed: boolean;
  /** The nat table has been asked for this side of the connection. */
  destinationDecided: boolean;
  sourceDecided: boolean;
  tcp: TcpState | undefined;
  /** When it is forgotten, milliseconds. */
  expires: number;
}

/** What the tracker says of a packet. */
export interface Tracked {
  readonly connection: Connection | undefined;
  readonly direction: "original" | "reply";
  readonly state: "new" | "established" | "related" | "invalid";
}

/** Seconds without a packet after which a connection is forgotten: Linux `nf_conntrack` defaults. */
const timeouts = {
  icmp: 30,
  udp: 30,
  udpReplied: 120,
  generic: 600,
  tcp: { SYN_SENT: 120, SYN_RECV: 60, ESTABLISHED: 432_000, FIN_WAIT: 120, CLOSE: 10 },
} as const;

/**
 * A connection tracker: Linux's, which Open vSwitch's kernel datapath shares, with zones.
 *
 * Source: Linux `net/netfilter/nf_conntrack_core.c`; ovs-fields(7) on `ct_state`.
 */
export class Conntrack {
  readonly #connections = new Map<string, { readonly connection: Connection; readonly direction: "original" | "reply" }>();

  /** `looseTcp`: takes up TCP connections whose beginning it did not see (`nf_conntrack_tcp_loose`). */
  constructor(readonly looseTcp = true) {}

  /** What a packet belongs to. A new connection is only remembered once it is {@link confirm}ed. */
  track(packet: IpPacket, zone: number, now: number): Tracked {
    if (isIcmpError(packet)) return this.#related(packet.transport.original, zone, now);
    const tuple = tupleOf(packet);
    if (tuple === undefined) return { connection: undefined, direction: "original", state: "invalid" };
    const found = this.#find(zone, tuple, now);
    if (found === undefined) return this.#newConnection(packet, tuple, zone, now);
    const { connection, direction } = found;
    if (direction === "reply") connection.seenReply = true;
    refresh(connection, packet, direction, now);
    return { connection, direction, state: connection.seenReply ? "established" : "new" };
  }

  /** Remembers a connection in both directions. */
  confirm(connection: Connection): void {
    if (connection.confirmed) return;
    connection.confirmed = true;
    this.#connections.set(tupleKey(connection.zone, connection.original), { connection, direction: "original" });
    this.#connections.set(tupleKey(connection.zone, connection.reply), { connection, direction: "reply" });
  }

  /** True where answers of this shape already belong to a connection: a translation must choose another port. */
  taken(zone: number, tuple: Tuple, now: number): boolean {
    return this.#find(zone, tuple, now) !== undefined;
  }

  /** All connections, oldest first. */
  list(now: number): readonly Connection[] {
    const all = new Set<Connection>();
    for (const { connection } of this.#connections.values()) if (connection.expires > now) all.add(connection);
    return [...all];
  }

  /** Forgets all. */
  flush(): void {
    this.#connections.clear();
  }

  #newConnection(packet: IpPacket, tuple: Tuple, zone: number, now: number): Tracked {
    const { transport } = packet;
    const begins = transport.kind !== "tcp" || (transport.flags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn;
    const answers = transport.kind === "tcp" ? (transport.flags & (tcpFlag.syn | tcpFlag.rst)) !== 0 : !isEchoRequest(packet);
    if ((transport.kind === "icmp" && answers) || (!begins && (!this.looseTcp || answers))) {
      return { connection: undefined, direction: "original", state: "invalid" };
    }
    const connection: Connection = {
      zone,
      original: tuple,
      reply: mirrored(tuple),
      mark: 0,
      seenReply: false,
      confirmed: false,
      destinationDecided: false,
      sourceDecided: false,
      tcp: transport.kind === "tcp" ? (begins ? "SYN_SENT" : "ESTABLISHED") : undefined,
      expires: 0,
    };
    refresh(connection, packet, "original", now);
    return { connection, direction: "original", state: "new" };
  }

  #related(original: IpPacket, zone: number, now: number): Tracked {
    const tuple = tupleOf(original);
    const found = tuple === undefined ? undefined : this.#find(zone, mirrored(tuple), now);
    if (found === undefined) return { connection: undefined, direction: "original", state: "invalid" };
    return { ...found, state: "related" };
  }

  #find(
    zone: number,
    tuple: Tuple,
    now: number,
  ): { readonly connection: Connection; readonly direction: "original" | "reply" } | undefined {
    const key = tupleKey(zone, tuple);
    const found = this.#connections.get(key);
    if (found === undefined || found.connection.expires > now) return found;
    this.#connections.delete(key);
    return undefined;
  }
}

/** The tuple of a packet; undefined for what trackers leave alone: neighbour discovery, ICMP that is no echo. */
export function tupleOf(packet: IpPacket): Tuple | undefined {
  const { source, destination, protocol, transport } = packet;
  const ends = { protocol, source, destination };
  switch (transport.kind) {
    case "icmp":
      if (!isEcho(packet)) return undefined;
      return { ...ends, sourcePort: transport.id, destinationPort: transport.id, type: transport.type };
    case "tcp":
    case "udp":
      return { ...ends, sourcePort: transport.sourcePort, destinationPort: transport.destinationPort, type: 0 };
    case "nd":
      return undefined;
    case "other":
      return { ...ends, sourcePort: 0, destinationPort: 0, type: 0 };
  }
}

/** The same tuple seen from the other end. */
export function mirrored(tuple: Tuple): Tuple {
  return {
    protocol: tuple.protocol,
    source: tuple.destination,
    destination: tuple.source,
    sourcePort: tuple.destinationPort,
    destinationPort: tuple.sourcePort,
    type: answerType(tuple),
  };
}

/** A connection whose destination, or source, is translated. */
export function isTranslated(connection: Connection, side: "destination" | "source"): boolean {
  const { original, reply } = connection;
  return side === "destination"
    ? original.destination !== reply.source || original.destinationPort !== reply.sourcePort
    : original.source !== reply.destination || original.sourcePort !== reply.destinationPort;
}

/** `ct_state` of Open vSwitch for what the tracker says. */
export function ctStateBits(tracked: Tracked): number {
  const reply = tracked.direction === "reply" ? ctFlag.rpl : 0;
  switch (tracked.state) {
    case "new":
      return ctFlag.trk | ctFlag.new;
    case "established":
      return ctFlag.trk | ctFlag.est | reply;
    case "related":
      return ctFlag.trk | ctFlag.rel | reply;
    case "invalid":
      return ctFlag.trk | ctFlag.inv;
  }
}

function answerType(tuple: Tuple): number {
  const { protocol, type } = tuple;
  if (protocol === ipProtocol.icmp) return type === icmpType.echoRequest ? icmpType.echoReply : icmpType.echoRequest;
  if (protocol === ipProtocol.icmpv6) return type === icmp6Type.echoRequest ? icmp6Type.echoReply : icmp6Type.echoRequest;
  return 0;
}

function isEcho(packet: IpPacket): boolean {
  return isEchoRequest(packet) || isEchoReply(packet);
}

/** True for the question of a ping. */
export function isEchoRequest(packet: IpPacket): boolean {
  return (
    packet.transport.kind === "icmp" && packet.transport.type === (isIpv4(packet.source) ? icmpType.echoRequest : icmp6Type.echoRequest)
  );
}

/** True for the answer to a ping. */
export function isEchoReply(packet: IpPacket): boolean {
  return packet.transport.kind === "icmp" && packet.transport.type === (isIpv4(packet.source) ? icmpType.echoReply : icmp6Type.echoReply);
}

function refresh(connection: Connection, packet: IpPacket, direction: "original" | "reply", now: number): void {
  if (packet.transport.kind === "tcp") connection.tcp = nextTcpState(connection.tcp, packet.transport.flags, direction);
  connection.expires = now + timeoutSeconds(connection) * 1000;
}

/** Seconds for which a connection is kept after a packet. */
export function timeoutSeconds(connection: Connection): number {
  if (connection.tcp !== undefined) return timeouts.tcp[connection.tcp];
  const { protocol } = connection.original;
  if (protocol === ipProtocol.icmp || protocol === ipProtocol.icmpv6) return timeouts.icmp;
  if (protocol === ipProtocol.udp) return connection.seenReply ? timeouts.udpReplied : timeouts.udp;
  return timeouts.generic;
}

function nextTcpState(state: TcpState | undefined, flags: number, direction: "original" | "reply"): TcpState {
  if ((flags & tcpFlag.rst) !== 0) return "CLOSE";
  if ((flags & tcpFlag.fin) !== 0) return "FIN_WAIT";
  if (direction === "reply" && (flags & tcpFlag.syn) !== 0) return "SYN_RECV";
  if (state === "SYN_RECV" && direction === "original") return "ESTABLISHED";
  return state ?? "SYN_SENT";
}

function tupleKey(zone: number, tuple: Tuple): string {
  const { protocol, source, destination, sourcePort, destinationPort, type } = tuple;
  return `${zone} ${protocol} ${source} ${sourcePort} ${destination} ${destinationPort} ${type}`;
}
