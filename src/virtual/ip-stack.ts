import { defined } from "../base/invariant.js";
import type { IpSet } from "../ir/iptables.js";
import type { Device, Namespace } from "../ir/namespace.js";
import { cidrAddress, cidrVersion } from "../net/cidr.js";
import { type Ip, ipVersion, isIpv4 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Clock } from "./clock.js";
import { Conntrack } from "./conntrack.js";
import { Fib, type RouteAnswer } from "./fib.js";
import { icmpError, type IcmpReason } from "./icmp-errors.js";
import type { HookPacket } from "./iptables-match.js";
import { KernelSettings } from "./kernel-settings.js";
import { groupMac, isForDevice } from "./link-layer.js";
import { LinkProtocols } from "./link-protocols.js";
import { NeighbourTable, type NeighbourEntry } from "./neighbour-table.js";
import { type Hook, Netfilter } from "./netfilter.js";
import { broadcastMac, describePacket, type Frame, type IpPacket } from "./packet.js";
import type { Decision, Ending, Place, Span, Trail } from "./trail.js";

/** What a network stack needs of the world around it. */
export interface StackSurroundings {
  readonly clock: Clock;
  readonly trail: Trail;
  readonly place: Place;
  readonly ipSets: readonly IpSet[];
  /** Tells addresses of the rest of the world, where the namespace stands for it. */
  readonly isElsewhere?: (address: Ip) => boolean;
  /** Sends a frame out of a device. */
  readonly transmit: (device: Device, frame: Frame, span: Span) => void;
  /** Takes a packet that is addressed to the namespace. */
  readonly deliver: (packet: IpPacket, device: Device | undefined, span: Span) => void;
}

/** How a packet that the namespace itself sends is to go. */
export interface SendOptions {
  readonly outDevice?: string;
  readonly tracked?: HookPacket["tracked"];
  readonly onFailure?: (reason: IcmpReason) => void;
}

/**
 * The network stack of one namespace: link layer, routing, netfilter and local delivery, as Linux does them.
 *
 * Source: Linux `net/ipv4/arp.c`, `ip_input.c`, `ip_forward.c`, `ip_output.c`; RFC 4861 for IPv6 neighbours.
 */
export class IpStack {
  readonly fib: Fib;
  readonly settings: KernelSettings;
  readonly neighbours: NeighbourTable;
  readonly conntrack: Conntrack;
  readonly #netfilter: Netfilter;
  readonly #link: LinkProtocols;
  readonly #devices: ReadonlyMap<string, Device>;

  constructor(
    readonly namespace: Namespace,
    readonly surroundings: StackSurroundings,
  ) {
    const { clock, ipSets } = surroundings;
    this.fib = new Fib(namespace, surroundings.isElsewhere);
    this.settings = new KernelSettings(namespace);
    this.conntrack = new Conntrack(this.settings.looseTcp);
    this.neighbours = new NeighbourTable(namespace.neighbours, clock, (dev, ip, known) => this.#link.ask(dev, ip, known));
    this.#netfilter = new Netfilter({ four: namespace.iptables, six: namespace.ip6tables, sets: ipSets }, this.conntrack, clock);
    this.#devices = new Map(namespace.devices.map((device) => [device.name, device]));
    this.#link = new LinkProtocols(this);
  }

  /** Devices by name. */
  get devices(): ReadonlyMap<string, Device> {
    return this.#devices;
  }

  /** The device of a name. */
  device(name: string): Device | undefined {
    return this.#devices.get(name);
  }

  /** A frame comes in by a device. */
  receive(device: Device, frame: Frame, span: Span): void {
    const { payload } = frame;
    if (frame.vlans.length > 0) return this.#end(span, "dropped", "no device for the VLAN tag", undefined);
    if (!isForDevice(device, frame))
      return this.#end(span, "ignored", `${frame.destination} is not the address of ${device.name}`, undefined);
    if (payload.kind === "arp") return this.#link.receiveArp(device, payload, frame.destination === broadcastMac, span);
    if (payload.kind !== "ip")
      return this.#end(span, "dropped", `no protocol for EtherType 0x${payload.etherType.toString(16)}`, undefined);
    if (payload.transport.kind === "nd") return this.#link.receiveNd(device, payload, payload.transport, frame.source, span);
    this.#receiveIp(device, payload, frame.source, span);
  }

  /** Sends a packet of the namespace's own. The source address is chosen by the route where the packet's is not the namespace's yet. */
  send(packet: IpPacket, span: Span, options: SendOptions = {}): void {
    const at = this.#hookPacket(packet, undefined, undefined);
    at.tracked = options.tracked;
    const route = this.#route(packet, undefined, 0, options.outDevice);
    if (route.kind === "unreachable") {
      this.#end(span, "dropped", `no route to ${packet.destination}`, { kind: "no-route" });
      options.onFailure?.("net-unreachable");
      return;
    }
    const outDevice = route.kind === "local" ? "lo" : route.hop.dev;
    const out = { ...at, outDevice };
    if (!this.#hook("OUTPUT", out, span)) return;
    const rerouted =
      out.packet.destination === packet.destination ? route : this.#route(out.packet, undefined, out.mark, options.outDevice);
    if (rerouted.kind === "unreachable") return this.#end(span, "dropped", `no route to ${out.packet.destination}`, { kind: "no-route" });
    if (rerouted.kind === "local") return this.#deliverLoopback(out, span);
    this.#leave(rerouted, out, span, options.onFailure ?? (() => undefined));
  }

  /** The source address that a packet to a destination gets; undefined where there is no route. */
  sourceFor(destination: Ip, outDevice?: string): Ip | undefined {
    const route = this.#route({ source: undefined, destination }, undefined, 0, outDevice);
    if (route.kind === "local") return destination;
    return route.kind === "forward" ? this.fib.sourceFor(route, destination) : undefined;
  }

  /** Says what the devices of the namespace say when they come up. */
  announce(): void {
    this.#link.announce();
  }

  #receiveIp(device: Device, packet: IpPacket, from: Mac, span: Span): void {
    const at = this.#hookPacket(packet, device, from);
    if (!this.#hook("PREROUTING", at, span)) return;
    const route = this.#route(at.packet, device.name, at.mark);
    if (route.kind === "local") return this.#input(at, device, span);
    const version = ipVersion(packet.destination);
    if (!this.settings.forwards(version)) {
      return this.#end(span, "dropped", `${at.packet.destination} is not here, and nothing is forwarded`, {
        kind: "sysctl",
        key: version === 4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding",
      });
    }
    if (route.kind === "unreachable") {
      this.#end(span, "dropped", `no route to ${at.packet.destination}`, { kind: "no-route" });
      return this.#sendError("net-unreachable", at, span);
    }
    this.#forward(route, at, span);
  }

  #forward(route: RouteAnswer & { readonly kind: "forward" }, at: HookPacket, span: Span): void {
    if (at.packet.ttl <= 1) {
      this.#end(span, "dropped", "time to live exceeded", undefined);
      return this.#sendError("ttl-exceeded", at, span);
    }
    at.packet = { ...at.packet, ttl: at.packet.ttl - 1 };
    const out: HookPacket = { ...at, outDevice: route.hop.dev };
    this.#note(span, `route to ${route.hop.via ?? "the link"} by ${route.hop.dev}`, {
      kind: "route",
      rule: route.rule,
      route: route.route,
    });
    if (!this.#hook("FORWARD", out, span)) return;
    this.#leave(route, out, span, (reason) => this.#sendError(reason, at, span));
  }

  #leave(route: RouteAnswer & { readonly kind: "forward" }, at: HookPacket, span: Span, onFailure: (reason: IcmpReason) => void): void {
    const device = defined(this.#devices.get(route.hop.dev), `device ${route.hop.dev}`);
    if (at.inDevice === undefined) {
      this.#note(span, `route to ${route.hop.via ?? "the link"} by ${route.hop.dev}`, {
        kind: "route",
        rule: route.rule,
        route: route.route,
      });
    }
    if (!this.#hook("POSTROUTING", at, span)) return;
    const { packet } = at;
    const next = route.hop.via ?? packet.destination;
    const transmit = (lladdr: Mac, entry: NeighbourEntry | undefined): void => {
      const decision: Decision | undefined =
        entry === undefined ? undefined : { kind: "neighbour", ip: entry.ip, lladdr, state: entry.state };
      const { clock, trail, place } = this.surroundings;
      trail.note(span, { time: clock.now, place, effect: `${device.name} sends to ${lladdr}`, decision, leaves: device.name });
      this.surroundings.transmit(device, { source: device.mac, destination: lladdr, vlans: [], payload: packet }, span);
    };
    if (isGroup(next)) return transmit(next === "255.255.255.255" ? broadcastMac : groupMac(next), undefined);
    this.neighbours.resolve(device.name, next, {
      send: transmit,
      fail: () => {
        this.#end(span, "dropped", `${next} does not answer on ${device.name}`, { kind: "route", rule: route.rule, route: route.route });
        onFailure("host-unreachable");
      },
    });
  }

  #input(at: HookPacket, device: Device | undefined, span: Span): void {
    if (!this.#hook("INPUT", at, span)) return;
    this.#end(span, "delivered", `to ${at.packet.destination}`, { kind: "local-address", address: at.packet.destination });
    this.surroundings.deliver(at.packet, device, span);
  }

  #deliverLoopback(at: HookPacket, span: Span): void {
    if (!this.#hook("POSTROUTING", at, span)) return;
    const inward: HookPacket = { ...at, inDevice: "lo", outDevice: undefined };
    this.surroundings.clock.after(0, () => {
      if (this.#hook("PREROUTING", inward, span)) this.#input(inward, this.#devices.get("lo"), span);
    });
  }

  #sendError(reason: IcmpReason, at: HookPacket, span: Span): void {
    const source = this.sourceFor(at.packet.source);
    const error = source === undefined ? undefined : icmpError(reason, at.packet, source);
    if (error === undefined) return;
    const { tracked } = at;
    const related: HookPacket["tracked"] =
      typeof tracked === "object" && tracked.connection !== undefined
        ? { connection: tracked.connection, direction: tracked.direction === "original" ? "reply" : "original", state: "related" }
        : tracked;
    this.send(error, this.surroundings.trail.begin(describePacket(error), span), { tracked: related });
  }

  #route(
    packet: Pick<IpPacket, "destination"> & { readonly source: Ip | undefined },
    inDevice: string | undefined,
    mark: number,
    outDevice?: string,
  ): RouteAnswer {
    const { source, destination } = packet;
    return this.fib.lookup({ source, destination, inDevice, mark, ...(outDevice === undefined ? {} : { outDevice }) });
  }

  #hook(hook: Hook, at: HookPacket, span: Span): boolean {
    const { accepted, decisions } = this.#netfilter.run(hook, at);
    decisions.forEach(({ decision, effect }, index) => {
      if (!accepted && index === decisions.length - 1) this.#end(span, "dropped", effect, decision);
      else this.#note(span, effect, decision);
    });
    return accepted;
  }

  #hookPacket(packet: IpPacket, device: Device | undefined, from: Mac | undefined): HookPacket {
    const inAddress = device?.addresses.find(({ cidr }) => cidrVersion(cidr) === ipVersion(packet.source));
    return {
      packet,
      mark: 0,
      tracked: undefined,
      inDevice: device?.name,
      outDevice: undefined,
      zone: 0,
      ...(from === undefined ? {} : { sourceMac: from }),
      ...(inAddress === undefined ? {} : { inAddress: cidrAddress(inAddress.cidr) }),
    };
  }

  #note(span: Span, effect: string, decision: Decision | undefined): void {
    const { clock, trail, place } = this.surroundings;
    trail.note(span, { time: clock.now, place, effect, decision });
  }

  #end(span: Span, ending: Ending, effect: string, decision: Decision | undefined): void {
    const { clock, trail, place } = this.surroundings;
    trail.note(span, { time: clock.now, place, effect, decision, ending });
  }
}

function isGroup(address: Ip): boolean {
  if (!isIpv4(address)) return address.startsWith("ff");
  return address === "255.255.255.255" || (Number(address.split(".")[0]) & 0xf0) === 0xe0;
}
