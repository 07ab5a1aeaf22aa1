import type { Device } from "../ir/namespace.js";
import { type Ip, type Ipv4, type Ipv6, isIpv4 } from "../net/ip.js";
import { ipProtocol } from "../ir/match.js";
import { isEchoReply, isEchoRequest } from "./conntrack.js";
import { icmpError, type IcmpReason } from "./icmp-errors.js";
import { IpStack, type StackSurroundings } from "./ip-stack.js";
import type { Namespace } from "../ir/namespace.js";
import { describePacket, icmp6Type, icmpProtocol, icmpType, isIcmpError, type IpPacket, type TcpSegment, tcpFlag } from "./packet.js";
import type { Span } from "./trail.js";

/** What came of a packet that a station sent: an answer, an error from somebody on the way, or that it could not leave. */
export type Answer =
  | { readonly kind: "reply"; readonly packet: IpPacket; readonly span: Span; readonly time: number }
  | { readonly kind: "error"; readonly packet: IpPacket; readonly span: Span; readonly time: number }
  | { readonly kind: "unsent"; readonly reason: IcmpReason; readonly time: number };

/** A packet that a station sent, and what it waits for. */
export interface Query {
  readonly packet: IpPacket;
  readonly span: Span;
  readonly sent: number;
  readonly answers: Answer[];
}

/** Ports on which a station answers TCP; `all` where nobody said. */
export type Listening = ReadonlySet<number> | "all";

/**
 * A namespace with what runs in it: it answers pings and TCP handshakes, and asks them of others.
 *
 * Source: RFC 792, RFC 4443, RFC 9293; ping(8) and nc(1) for what a user sees.
 */
export class Station {
  readonly stack: IpStack;
  /** TCP ports that answer. A namespace of Neutron's has only its metadata proxy. */
  listening: Listening = new Set();
  /** What a server says to who connects: a function of the caller's address. */
  greeting: (peer: Ip) => string = () => "";
  readonly #queries = new Set<Query>();
  #nextPort = 32768;
  #nextId = 1;

  constructor(namespace: Namespace, surroundings: Omit<StackSurroundings, "deliver">) {
    this.stack = new IpStack(namespace, { ...surroundings, deliver: (packet, device, span) => this.#deliver(packet, device, span) });
  }

  /** Sends an echo request. */
  ping(
    destination: Ip,
    sequence: number,
    id: number,
    options: { readonly source?: Ip; readonly outDevice?: string; readonly ttl?: number } = {},
  ): Query {
    const type = isIpv4(destination) ? icmpType.echoRequest : icmp6Type.echoRequest;
    return this.#ask(destination, icmpProtocol(destination), { kind: "icmp", type, code: 0, id, sequence }, options);
  }

  /** Sends the first segment of a TCP connection. */
  connect(destination: Ip, port: number, sourcePort: number, options: { readonly source?: Ip } = {}): Query {
    const segment: TcpSegment = { kind: "tcp", sourcePort, destinationPort: port, flags: tcpFlag.syn, text: "" };
    return this.#ask(destination, ipProtocol.tcp, segment, options);
  }

  /** Sends a UDP datagram. */
  datagram(destination: Ip, port: number, sourcePort: number, options: { readonly ttl?: number } = {}): Query {
    return this.#ask(destination, ipProtocol.udp, { kind: "udp", sourcePort, destinationPort: port, text: "" }, options);
  }

  /** A source port that the station has not used. */
  freshPort(): number {
    return this.#nextPort++;
  }

  /** An echo identifier that the station has not used. */
  freshId(): number {
    return this.#nextId++;
  }

  /** Stops waiting for answers to a query. */
  forget(query: Query): void {
    this.#queries.delete(query);
  }

  #ask(
    destination: Ip,
    protocol: number,
    transport: IpPacket["transport"],
    options: { readonly source?: Ip; readonly outDevice?: string; readonly ttl?: number },
  ): Query {
    const { clock, trail } = this.stack.surroundings;
    const source = options.source ?? this.stack.sourceFor(destination, options.outDevice) ?? noAddress(destination);
    const packet: IpPacket = { kind: "ip", source, destination, ttl: options.ttl ?? 64, tos: 0, protocol, transport };
    const query: Query = { packet, span: trail.begin(describePacket(packet)), sent: clock.now, answers: [] };
    this.#queries.add(query);
    this.stack.send(packet, query.span, {
      ...(options.outDevice === undefined ? {} : { outDevice: options.outDevice }),
      onFailure: (reason) => query.answers.push({ kind: "unsent", reason, time: clock.now }),
    });
    return query;
  }

  #deliver(packet: IpPacket, _device: Device | undefined, span: Span): void {
    if (isEchoRequest(packet)) return this.#echo(packet, span);
    if (isEchoReply(packet) || isIcmpError(packet)) return void this.#answered(packet, span);
    if (packet.transport.kind === "tcp") return this.#segment(packet, packet.transport, span);
    if (packet.transport.kind === "udp") {
      const error = icmpError("port-unreachable", packet, packet.destination);
      if (error !== undefined && !this.#answered(packet, span)) this.#reply(error, span);
    }
  }

  #echo(packet: IpPacket, span: Span): void {
    if (packet.transport.kind !== "icmp") return;
    const type = isIpv4(packet.source) ? icmpType.echoReply : icmp6Type.echoReply;
    this.#reply(
      { ...packet, source: packet.destination, destination: packet.source, ttl: 64, transport: { ...packet.transport, type } },
      span,
    );
  }

  #segment(packet: IpPacket, segment: TcpSegment, span: Span): void {
    if (this.#answered(packet, span)) return this.#finishHandshake(packet, segment, span);
    const opens = (segment.flags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn;
    if (!opens) return this.#greet(packet, segment, span);
    const listens = this.listening === "all" || this.listening.has(segment.destinationPort);
    this.#answerSegment(packet, segment, listens ? tcpFlag.syn | tcpFlag.ack : tcpFlag.rst | tcpFlag.ack, "", span);
  }

  #finishHandshake(packet: IpPacket, segment: TcpSegment, span: Span): void {
    const accepts = (segment.flags & (tcpFlag.syn | tcpFlag.ack | tcpFlag.rst)) === (tcpFlag.syn | tcpFlag.ack);
    if (accepts) this.#answerSegment(packet, segment, tcpFlag.ack, "", span);
  }

  #greet(packet: IpPacket, segment: TcpSegment, span: Span): void {
    const listens = this.listening === "all" || this.listening.has(segment.destinationPort);
    if (!listens || segment.flags !== tcpFlag.ack) return;
    const text = this.greeting(packet.source);
    if (text !== "") this.#answerSegment(packet, segment, tcpFlag.psh | tcpFlag.ack, text, span);
  }

  #answerSegment(packet: IpPacket, segment: TcpSegment, flags: number, text: string, span: Span): void {
    const { sourcePort, destinationPort } = segment;
    const transport: TcpSegment = { kind: "tcp", sourcePort: destinationPort, destinationPort: sourcePort, flags, text };
    this.#reply({ ...packet, source: packet.destination, destination: packet.source, ttl: 64, transport }, span);
  }

  #reply(packet: IpPacket, cause: Span): void {
    this.stack.send(packet, this.stack.surroundings.trail.begin(describePacket(packet), cause));
  }

  #answered(packet: IpPacket, span: Span): boolean {
    const { now } = this.stack.surroundings.clock;
    for (const query of this.#queries) {
      const error = isIcmpError(packet);
      if (!(error ? isAbout(query.packet, packet.transport.original) : answers(query.packet, packet))) continue;
      query.answers.push({ kind: error ? "error" : "reply", packet, span, time: now });
      return true;
    }
    return false;
  }
}

function answers(query: IpPacket, packet: IpPacket): boolean {
  if (query.protocol !== packet.protocol || query.destination !== packet.source) return false;
  const [asked, got] = [query.transport, packet.transport];
  if (asked.kind === "icmp" && got.kind === "icmp") return asked.id === got.id && asked.sequence === got.sequence;
  if ((asked.kind === "tcp" && got.kind === "tcp") || (asked.kind === "udp" && got.kind === "udp")) {
    return asked.sourcePort === got.destinationPort && asked.destinationPort === got.sourcePort;
  }
  return false;
}

function isAbout(query: IpPacket, original: IpPacket): boolean {
  if (query.protocol !== original.protocol || query.destination !== original.destination) return false;
  const [asked, got] = [query.transport, original.transport];
  if (asked.kind === "icmp" && got.kind === "icmp") return asked.id === got.id && asked.sequence === got.sequence;
  if ((asked.kind === "tcp" && got.kind === "tcp") || (asked.kind === "udp" && got.kind === "udp")) {
    return asked.sourcePort === got.sourcePort && asked.destinationPort === got.destinationPort;
  }
  return false;
}

/** The source of what a station cannot send, having no route or no address of the version. */
function noAddress(destination: Ip): Ip {
  return isIpv4(destination) ? ("0.0.0.0" as Ipv4) : ("::" as Ipv6);
}
