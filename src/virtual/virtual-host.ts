import type { BridgePort } from "../ir/bridge.js";
import type { HostState } from "../ir/host-state.js";
import type { Device, Namespace } from "../ir/namespace.js";
import type { Ip } from "../net/ip.js";
import type { Clock } from "./clock.js";
import { Conntrack, ctStateBits, type Tracked } from "./conntrack.js";
import { applyFlow, extractFlow } from "./flow-extract.js";
import type { FlowKey } from "./flow-key.js";
import { FlowPipeline } from "./flow-pipeline.js";
import type { PipelineHost, PipelineOutput, Recirculation } from "./pipeline-host.js";
import { HybridBridge } from "./hybrid-bridge.js";
import type { Machine } from "./machine.js";
import type { Frame } from "./packet.js";
import type { PipelineStep } from "./pipeline-trace.js";
import { Station } from "./station.js";
import type { Decision, Place, Span, Trail } from "./trail.js";
import { VirtualBridge } from "./virtual-bridge.js";

/** What a host needs of the world around it. */
export interface HostSurroundings {
  readonly clock: Clock;
  readonly trail: Trail;
  /** The machines plugged into the host, and the port of each. */
  readonly machines: readonly { readonly machine: Machine; readonly device: Device; readonly port: string }[];
  readonly toMachine: (machine: Machine, device: Device, frame: Frame, span: Span) => void;
  readonly toUplink: (bridge: string, frame: Frame, span: Span) => void;
  /** `forMany`: copies go to other hosts too. */
  readonly toTunnel: (port: BridgePort, tunId: number, frame: Frame, span: Span, forMany: boolean) => void;
}

type Receiver = (frame: Frame, span: Span) => void;

/** A host that runs: its Open vSwitch with all bridges, its namespaces, and what is plugged in. */
export class VirtualHost {
  readonly bridges: ReadonlyMap<string, VirtualBridge>;
  /** The tracker of the Open vSwitch datapath. */
  readonly conntrack = new Conntrack();
  readonly #stations = new Map<string, Station>();
  readonly #namespaces: ReadonlyMap<string, Namespace>;
  readonly #bridgeOfPort = new Map<string, VirtualBridge>();
  readonly #receivers = new Map<string, Receiver>();

  constructor(
    readonly state: HostState,
    readonly surroundings: HostSurroundings,
  ) {
    this.bridges = new Map(state.bridges.map((bridge) => [bridge.name, new VirtualBridge(bridge)]));
    this.#namespaces = new Map(state.namespaces.map((namespace) => [namespace.name, namespace]));
    for (const bridge of this.bridges.values()) for (const port of bridge.ports) this.#bridgeOfPort.set(port.name, bridge);
    for (const namespace of state.namespaces) this.#plugNamespace(namespace);
    for (const plugged of surroundings.machines) this.#plugMachine(plugged.machine, plugged.device, plugged.port);
  }

  get name(): string {
    return this.state.host;
  }

  /** Names of the host's namespaces. */
  get namespaces(): ReadonlyMap<string, Namespace> {
    return this.#namespaces;
  }

  /** A namespace that runs. Errors: undefined where the host has none of this name. */
  station(name: string): Station | undefined {
    const found = this.#stations.get(name);
    if (found !== undefined) return found;
    const namespace = this.#namespaces.get(name);
    if (namespace === undefined) return undefined;
    const { clock, trail } = this.surroundings;
    const place: Place = { host: this.name, kind: "namespace", name };
    const station = new Station(namespace, {
      clock,
      trail,
      place,
      ipSets: this.state.ipSets,
      transmit: (device, frame, span) => clock.after(0, () => this.#fromNamespace(device, frame, span)),
    });
    if (namespace.kind === "qrouter" || namespace.kind === "qdhcp") station.listening = new Set([metadataProxyPort]);
    this.#stations.set(name, station);
    return station;
  }

  /** A frame comes in by a port of a bridge. */
  receive(portName: string, frame: Frame, span: Span, tunId = 0): void {
    const bridge = this.#bridgeOfPort.get(portName);
    const port = bridge?.portNamed(portName);
    if (bridge === undefined || port === undefined) {
      return this.#end(span, { host: this.name, kind: "bridge", name: "" }, `no port ${portName}`, undefined);
    }
    this.#pipeline(bridge, { ...extractFlow(frame, port.ofport), tunId }, frame, span);
  }

  /** A frame comes in by the uplink of a physical bridge. */
  receiveUplink(bridgeName: string, frame: Frame, span: Span): void {
    const uplink = this.bridges.get(bridgeName)?.ports.find((port) => this.#isUplink(port));
    if (uplink !== undefined) this.receive(uplink.name, frame, span);
  }

  /** A frame comes out of a tunnel from another host. */
  receiveTunnel(remoteIp: Ip, type: string, tunId: number, frame: Frame, span: Span): void {
    for (const bridge of this.bridges.values()) {
      const port = bridge.ports.find(({ type: kind }) => kind.kind === "tunnel" && kind.remoteIp === remoteIp && kind.type === type);
      if (port !== undefined) return this.receive(port.name, frame, span, tunId);
    }
    this.#end(span, { host: this.name, kind: "underlay", name: "tunnel" }, `no ${type} port for ${remoteIp}`, undefined);
  }

  /** Has all namespaces say what they say when their devices come up. */
  announce(): void {
    for (const name of this.#namespaces.keys()) this.station(name)?.stack.announce();
  }

  /** The bridge that has a port of this name. */
  bridgeOfPort(port: string): VirtualBridge | undefined {
    return this.#bridgeOfPort.get(port);
  }

  #isUplink(port: BridgePort): boolean {
    return port.type.kind === "system" && !this.#receivers.has(port.name);
  }

  #plugNamespace(namespace: Namespace): void {
    for (const device of namespace.devices) {
      if (device.type.kind !== "ovs-internal") continue;
      this.#receivers.set(device.name, (frame, span) => this.station(namespace.name)?.stack.receive(device, frame, span));
    }
  }

  #plugMachine(machine: Machine, device: Device, port: string): void {
    const toMachine: Receiver = (frame, span) => this.surroundings.toMachine(machine, device, frame, span);
    const { root, ipSets } = this.state;
    if (!port.startsWith("qvo") || root === undefined) {
      this.#receivers.set(port, toMachine);
      return;
    }
    const { clock, trail } = this.surroundings;
    const hybrid = new HybridBridge(port.slice("qvo".length), this.#rootTracker, root, ipSets, { clock, trail, host: this.name });
    this.#hybrids.set(port, hybrid);
    this.#receivers.set(port, (frame, span) => hybrid.towardsServer(frame, span, toMachine));
  }

  readonly #rootTracker = new Conntrack();
  readonly #hybrids = new Map<string, HybridBridge>();

  /** A frame that a machine sends into its port. */
  fromMachine(port: string, frame: Frame, span: Span): void {
    const hybrid = this.#hybrids.get(port);
    if (hybrid === undefined) this.receive(port, frame, span);
    else hybrid.towardsSwitch(frame, span, (passed, way) => this.receive(port, passed, way));
  }

  #fromNamespace(device: Device, frame: Frame, span: Span): void {
    const { type } = device;
    if (type.kind === "ovs-internal") return this.receive(device.name, frame, span);
    if (type.kind !== "veth") return;
    const peer = this.station(type.peerNamespace);
    const peerDevice = peer?.stack.device(type.peer);
    if (peer !== undefined && peerDevice !== undefined) return peer.stack.receive(peerDevice, frame, span);
    // Of a peer that was not dumped no name is known.
    const what = type.peer === "" ? `the peer of ${device.name} is gone` : `no device ${type.peer}`;
    this.#end(span, { host: this.name, kind: "namespace", name: type.peerNamespace }, what, undefined);
  }

  #pipeline(bridge: VirtualBridge, key: FlowKey, frame: Frame, span: Span): void {
    const outputs: PipelineOutput[] = [];
    const packetOf = (at: Readonly<FlowKey>): Frame["payload"] => applyFlow(frame, at).payload;
    let deadEnds: DeadEnds | undefined;
    const host: PipelineHost = {
      bridgeOfPort: (port) => this.#bridgeOfPort.get(port),
      now: this.surroundings.clock.now,
      learns: true,
      output: (output) => outputs.push(output),
      commit: (at, zone, mark) => void this.#track(packetOf(at), zone, { mark }),
      recirculate: (frozen) => {
        const tracked = this.#track(packetOf(frozen.key), frozen.zone, frozen.commit ? { mark: frozen.mark } : undefined);
        deadEnds = this.#resume(host, frozen, tracked);
        return 0;
      },
    };
    const pipeline = new FlowPipeline(host, bridge, key);
    pipeline.start();
    const forMany = outputs.filter(({ port }) => port !== "local" && port.type.kind === "tunnel").length > 1;
    const left = outputs.filter((output) => this.#leave(output, applyFlow(frame, output.key), span, forMany));
    if (left.length > 0) return;
    const ends = deadEnds ?? deadEndsOf(pipeline);
    for (const steps of ends) this.#dropped(steps, ends.length === 1 ? span : this.surroundings.trail.branch(span));
  }

  #track(payload: Frame["payload"], zone: number, commit: { readonly mark: number | undefined } | undefined): Tracked {
    if (payload.kind !== "ip") return { connection: undefined, direction: "original", state: "invalid" };
    const tracked = this.conntrack.track(payload, zone, this.surroundings.clock.now);
    if (commit !== undefined && tracked.connection !== undefined) {
      if (commit.mark !== undefined) tracked.connection.mark = commit.mark;
      this.conntrack.confirm(tracked.connection);
    }
    return tracked;
  }

  #resume(host: PipelineHost, frozen: Recirculation, tracked: Tracked): DeadEnds {
    const key = { ...frozen.key, ctState: ctStateBits(tracked), ctZone: frozen.zone, ctMark: tracked.connection?.mark ?? 0 };
    const pipeline = new FlowPipeline(host, frozen.bridge, key, frozen.steps);
    pipeline.resume(frozen.table, frozen.bridge.name);
    return deadEndsOf(pipeline);
  }

  /** Sends a frame out of a port. Returns false where nobody is behind it. */
  #leave(output: PipelineOutput, frame: Frame, parent: Span, forMany: boolean): boolean {
    const { port } = output;
    if (port === "local") return false;
    const receiver = this.#receivers.get(port.name);
    if (receiver === undefined && port.type.kind !== "tunnel" && !this.#isUplink(port)) return false;
    const span = this.surroundings.trail.branch(parent);
    this.#noteSteps(output.steps, span, port.name);
    if (port.type.kind === "tunnel") this.surroundings.toTunnel(port, output.key.tunId, frame, span, forMany);
    else if (receiver === undefined) this.surroundings.toUplink(output.bridge.name, frame, span);
    else this.surroundings.clock.after(0, () => receiver(frame, span));
    return true;
  }

  #noteSteps(steps: readonly PipelineStep[], span: Span, out: string): void {
    const { clock, trail } = this.surroundings;
    steps.forEach((step, index) => {
      const isLast = index === steps.length - 1;
      const effect = isLast ? `output to ${out}` : effectOf(step);
      const note = { time: clock.now, place: this.#placeOf(step), effect, decision: decisionOf(step) };
      trail.note(span, isLast ? { ...note, leaves: out } : note);
    });
  }

  #dropped(steps: readonly PipelineStep[], span: Span): void {
    const { clock, trail } = this.surroundings;
    steps.forEach((step, index) => {
      const last = index === steps.length - 1;
      const effect = last && step.kind !== "refused" ? "drop" : effectOf(step);
      const note = { time: clock.now, place: this.#placeOf(step), effect, decision: decisionOf(step) };
      trail.note(span, last ? { ...note, ending: "dropped" } : note);
    });
  }

  #placeOf(step: PipelineStep): Place {
    return { host: this.name, kind: "bridge", name: step.bridge };
  }

  #end(span: Span, place: Place, effect: string, decision: Decision | undefined): void {
    const { clock, trail } = this.surroundings;
    trail.note(span, { time: clock.now, place, effect, decision, ending: "dropped" });
  }
}

/** Ways of a packet that nobody gets, each with its steps. */
type DeadEnds = readonly (readonly PipelineStep[])[];

function deadEndsOf({ deadEnds, visited }: FlowPipeline): DeadEnds {
  return deadEnds.length > 0 ? deadEnds : [visited];
}

/** The port on which Neutron's metadata proxy listens: `metadata_port`. */
const metadataProxyPort = 9697;

function decisionOf(step: PipelineStep): Decision | undefined {
  switch (step.kind) {
    case "flow":
      return step.flow === undefined ? { kind: "table-miss", table: step.table } : { kind: "flow", table: step.table, flow: step.flow };
    case "normal":
      return { kind: "mac-table", vlan: step.vlan, port: step.port };
    case "conntrack":
      return { kind: "conntrack", zone: step.zone };
    case "refused":
      return undefined;
  }
}

function effectOf(step: PipelineStep): string {
  switch (step.kind) {
    case "flow":
      return step.flow === undefined ? "no match" : "match";
    case "normal":
      return step.decision === "learned" ? `forward to ${step.port ?? ""}` : "flood";
    case "conntrack":
      return step.commit ? "commit the connection" : "ask the connection tracker";
    case "refused":
      return refusals[step.note.kind] ?? step.note.kind;
  }
}

const refusals: Readonly<Record<string, string>> = {
  "learned-is-input": "drop: the address was learned on the port that the packet came by",
  "reserved-destination": "drop: the destination is reserved for bridges",
  "output-to-input": "drop: a packet is not sent back by the port that it came by",
  "port-missing": "drop: no such port",
  "too-deep": "drop: too many lookups",
  unsupported: "drop: an action that is not modelled",
  "access-port-tagged": "drop: a tagged packet came by an access port",
};
