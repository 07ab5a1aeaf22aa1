import type { BridgePort } from "../ir/bridge.js";
import type { HostState } from "../ir/host-state.js";
import type { Device } from "../ir/namespace.js";
import { cidrContains } from "../net/cidr.js";
import type { Ip } from "../net/ip.js";
import { isGroupMac } from "../net/mac.js";
import { Clock } from "./clock.js";
import type { Machine, MachineLink } from "./machine.js";
import type { Frame, VlanTag } from "./packet.js";
import { type Listening, Station } from "./station.js";
import { type Decision, type Ending, type Place, rootOf, type Span, Trail } from "./trail.js";
import { VirtualHost } from "./virtual-host.js";
import { Segment, type SegmentMember } from "./wire.js";

/** A physical network: the hosts' bridges that have an uplink to it, and the machines outside. */
export interface SegmentPlan {
  readonly name: string;
  readonly bridges: readonly { readonly host: string; readonly bridge: string }[];
}

/** All that a world is made of. Functions, so that only what a packet visits has to be compiled. */
export interface WorldPlan {
  readonly hosts: readonly string[];
  /** The compiled state of a host; asked once, when something first comes to the host. */
  readonly hostState: (host: string) => HostState | undefined;
  /** The host that has an address as the end of its tunnels. */
  readonly hostOfTunnelAddress: (address: Ip) => string | undefined;
  readonly segments: readonly SegmentPlan[];
  readonly machinesAt: (host: string) => readonly Machine[];
  /** Machines on segments. */
  readonly outside: readonly Machine[];
  readonly machine: (name: string) => Machine | undefined;
  /** The host that is worth waking first when somebody asks for an address. A guess saves time; it changes nothing else. */
  readonly likelyHost?: (address: Ip) => string | undefined;
}

/** How a world behaves. */
export interface WorldOptions {
  /** Leaves hosts asleep until a packet is for them alone, or nothing else goes on. */
  readonly lazy?: boolean;
  /** TCP ports on which machines answer. */
  readonly listening?: Listening;
}

/** A copy of a packet that waits for a host to wake. */
interface SleepingFrame {
  readonly frame: Frame;
  readonly span: Span;
  readonly enter: (host: VirtualHost) => void;
}

/** Milliseconds that a frame takes from host to host. */
const wireDelay = 0.2;
/** Milliseconds of silence after which sleeping hosts are woken. */
const silence = 100;

/** Virtual hosts and machines, joined by tunnels and physical segments, under one clock. */
export class World {
  readonly clock = new Clock();
  readonly trail = new Trail();
  readonly #hosts = new Map<string, VirtualHost>();
  readonly #machines = new Map<string, Station>();
  readonly #segments = new Map<string, Segment>();
  readonly #segmentOfBridge = new Map<string, Segment>();
  readonly #watchers = new Set<(host: string, frame: Frame) => void>();
  readonly #asleep = new Map<string, SleepingFrame[]>();

  constructor(
    readonly plan: WorldPlan,
    readonly options: WorldOptions = {},
  ) {
    for (const { name, bridges } of plan.segments) {
      const outside = plan.outside.flatMap((machine) => segmentMembers(machine, name));
      const segment = new Segment(name, [...bridges.map((bridge): SegmentMember => ({ kind: "host", ...bridge })), ...outside]);
      this.#segments.set(name, segment);
      for (const { host, bridge } of bridges) this.#segmentOfBridge.set(`${host} ${bridge}`, segment);
    }
  }

  /** Hosts that a packet has come to, or that were asked for. */
  get visited(): readonly string[] {
    return [...this.#hosts.keys()];
  }

  /** A host that runs. Errors: undefined where the world has none of this name. */
  host(name: string): VirtualHost | undefined {
    const running = this.#hosts.get(name);
    if (running !== undefined) return running;
    const state = this.plan.hosts.includes(name) ? this.plan.hostState(name) : undefined;
    if (state === undefined) return undefined;
    const host = new VirtualHost(state, {
      clock: this.clock,
      trail: this.trail,
      machines: this.plan.machinesAt(name).flatMap((machine) => pluggedAt(machine, name)),
      toMachine: (machine, device, frame, span) => this.#station(machine).stack.receive(device, frame, span),
      toUplink: (bridge, frame, span) =>
        this.#onSegment(this.#segmentOfBridge.get(`${name} ${bridge}`), { kind: "host", host: name, bridge }, frame, span),
      toTunnel: (port, tunId, frame, span, forMany) => this.#underlay(name, port, tunId, frame, span, forMany),
    });
    this.#hosts.set(name, host);
    for (const { enter } of this.#asleep.get(name) ?? []) this.clock.after(0, () => enter(host));
    this.#asleep.delete(name);
    return host;
  }

  /** A machine that runs. Errors: undefined where the world has none of this name. */
  machine(name: string): Station | undefined {
    const machine = this.plan.machine(name) ?? this.plan.outside.find((each) => each.name === name);
    return machine === undefined ? undefined : this.#station(machine);
  }

  /** Has a watcher told of every frame that leaves a host by a tunnel or an uplink, until the returned function is called. */
  watchHosts(watcher: (host: string, frame: Frame) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Lets time pass. */
  wait(milliseconds: number): void {
    this.wakeAll();
    this.clock.runUntil(this.clock.now + milliseconds);
  }

  /** Runs until a condition holds or the time is over. Returns true where it holds. Once all is silent, `hopeless` tells that waiting is in vain. */
  runUntil(done: () => boolean, milliseconds: number, hopeless: () => boolean = () => false): boolean {
    const deadline = this.clock.now + milliseconds;
    while (!done()) {
      const { next } = this.clock;
      if ((next === undefined || next > this.clock.now + silence) && hopeless()) return false;
      if ((next === undefined || next > this.clock.now + silence) && this.#wakeSome()) continue;
      if (next === undefined || next > deadline) break;
      this.clock.runNext();
    }
    if (!done()) this.clock.runUntil(deadline);
    return done();
  }

  /** True where a copy of a packet waits for a host to wake. */
  isAsleep(root: Span): boolean {
    return [...this.#asleep.values()].some((frames) => frames.some(({ span }) => rootOf(span) === root));
  }

  /** Wakes every host that something waits for. */
  wakeAll(): void {
    for (const name of [...this.#asleep.keys()]) this.host(name);
  }

  /** Has every namespace and every machine say what they say when they come up; all hosts wake. */
  announce(): void {
    for (const name of this.plan.hosts) {
      this.host(name)?.announce();
      for (const machine of this.plan.machinesAt(name)) this.#station(machine).stack.announce();
    }
    for (const machine of this.plan.outside) this.#station(machine).stack.announce();
    this.wait(0);
  }

  #wakeSome(): boolean {
    if (this.#asleep.size === 0) return false;
    const likely = new Set<string>();
    for (const frames of this.#asleep.values()) {
      for (const { frame } of frames) {
        const address = addressedTo(frame);
        const host = address === undefined ? undefined : this.plan.likelyHost?.(address);
        if (host !== undefined && this.#asleep.has(host)) likely.add(host);
      }
    }
    if (likely.size === 0) this.wakeAll();
    for (const host of likely) this.host(host);
    return true;
  }

  #station(machine: Machine): Station {
    const running = this.#machines.get(machine.name);
    if (running !== undefined) return running;
    const { clock, trail } = this;
    const place: Place = { host: undefined, kind: "machine", name: machine.name };
    const { everybodyBut } = machine;
    const station = new Station(machine.namespace, {
      clock,
      trail,
      place,
      ipSets: [],
      ...(everybodyBut === undefined ? {} : { isElsewhere: (address: Ip) => !everybodyBut.some((cidr) => cidrContains(cidr, address)) }),
      transmit: (device, frame, span) => clock.after(0, () => this.#fromMachine(machine, device, frame, span)),
    });
    station.listening = this.options.listening ?? "all";
    this.#machines.set(machine.name, station);
    return station;
  }

  #fromMachine(machine: Machine, device: Device, frame: Frame, span: Span): void {
    const link = machine.links.get(device.name);
    if (link === undefined) return;
    if (link.kind === "port") {
      this.host(link.host)?.fromMachine(link.port, frame, span);
      return;
    }
    const { vlan } = link;
    this.#onSegment(
      this.#segments.get(link.segment),
      { kind: "machine", machine: machine.name, device: device.name, vlan },
      tagged(frame, vlan),
      span,
    );
  }

  #onSegment(segment: Segment | undefined, from: SegmentMember, frame: Frame, parent: Span): void {
    if (segment === undefined)
      return this.#end(parent, { host: undefined, kind: "segment", name: "" }, "dropped", "the uplink leads nowhere", undefined);
    if (from.kind === "host") this.#tellWatchers(from.host, frame);
    const receivers = segment.receivers(from, frame);
    for (const receiver of receivers) {
      const span = receivers.length === 1 ? parent : this.trail.branch(parent);
      if (receiver.kind === "host") {
        this.#towards(receiver.host, frame, span, isGroupMac(frame.destination) || receivers.length > 1, (host) =>
          host.receiveUplink(receiver.bridge, frame, span),
        );
      } else {
        this.#toOutside(receiver, frame, span);
      }
    }
  }

  #toOutside(receiver: SegmentMember & { readonly kind: "machine" }, frame: Frame, span: Span): void {
    const machine = this.plan.outside.find((each) => each.name === receiver.machine);
    const station = machine === undefined ? undefined : this.#station(machine);
    const device = station?.stack.device(receiver.device);
    const bare = untagged(frame, receiver.vlan);
    if (station === undefined || device === undefined || bare === undefined) return;
    this.clock.after(wireDelay, () => station.stack.receive(device, bare, span));
  }

  #underlay(from: string, port: BridgePort, tunId: number, frame: Frame, span: Span, forMany: boolean): void {
    const { type } = port;
    if (type.kind !== "tunnel") return;
    const place: Place = { host: from, kind: "underlay", name: port.name };
    const decision: Decision = { kind: "tunnel", port: port.name };
    const to = this.plan.hostOfTunnelAddress(type.remoteIp);
    const localIp = type.options["local_ip"] as Ip | undefined;
    if (to === undefined || localIp === undefined) return this.#end(span, place, "dropped", `nobody has ${type.remoteIp}`, decision);
    this.#tellWatchers(from, frame);
    this.trail.note(span, { time: this.clock.now, place, effect: `${type.type} ${tunId} to ${type.remoteIp}`, decision });
    this.#towards(to, frame, span, forMany || isGroupMac(frame.destination), (host) =>
      host.receiveTunnel(localIp, type.type, tunId, frame, span),
    );
  }

  #towards(name: string, frame: Frame, span: Span, forMany: boolean, enter: (host: VirtualHost) => void): void {
    if (this.options.lazy === true && forMany && !this.#hosts.has(name)) {
      const waiting = this.#asleep.get(name);
      if (waiting === undefined) this.#asleep.set(name, [{ frame, span, enter }]);
      else waiting.push({ frame, span, enter });
      return;
    }
    this.clock.after(wireDelay, () => {
      const host = this.host(name);
      if (host !== undefined) enter(host);
    });
  }

  #tellWatchers(host: string, frame: Frame): void {
    for (const watcher of this.#watchers) watcher(host, frame);
  }

  #end(span: Span, place: Place, ending: Ending, effect: string, decision: Decision | undefined): void {
    this.trail.note(span, { time: this.clock.now, place, effect, decision, ending });
  }
}

function pluggedAt(
  machine: Machine,
  host: string,
): readonly { readonly machine: Machine; readonly device: Device; readonly port: string }[] {
  return machine.namespace.devices.flatMap((device) => {
    const link: MachineLink | undefined = machine.links.get(device.name);
    return link?.kind === "port" && link.host === host ? [{ machine, device, port: link.port }] : [];
  });
}

function segmentMembers(machine: Machine, segment: string): readonly SegmentMember[] {
  return [...machine.links].flatMap(([device, link]): readonly SegmentMember[] =>
    link.kind === "segment" && link.segment === segment ? [{ kind: "machine", machine: machine.name, device, vlan: link.vlan }] : [],
  );
}

/** The address that a frame asks for or goes to. */
function addressedTo({ payload }: Frame): Ip | undefined {
  if (payload.kind === "arp") return payload.targetIp;
  if (payload.kind !== "ip") return undefined;
  return payload.transport.kind === "nd" ? payload.transport.target : payload.destination;
}

function tagged(frame: Frame, vlan: number | undefined): Frame {
  const tag: readonly VlanTag[] = vlan === undefined ? [] : [{ vid: vlan, pcp: 0 }];
  return { ...frame, vlans: [...tag, ...frame.vlans] };
}

function untagged(frame: Frame, vlan: number | undefined): Frame | undefined {
  const [outer, ...rest] = frame.vlans;
  if (vlan === undefined) return outer === undefined ? frame : undefined;
  return outer?.vid === vlan ? { ...frame, vlans: rest } : undefined;
}
