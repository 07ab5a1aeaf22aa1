import type { Action, ConntrackAction } from "../ir/action.js";
import type { Flow } from "../ir/flow.js";
import { commitKey, type DatapathAction, frozenKey } from "./datapath-actions.js";
import { clearBridgeFields, clearConntrack, type FlowKey, localPort, ofPortNumber } from "./flow-key.js";
import { applyKeyAction } from "./key-actions.js";
import { learnedFlow } from "./learn.js";
import { normalPorts } from "./normal.js";
import type { PipelineHost } from "./pipeline-host.js";
import type { PipelineNote, PipelineStep, TraceNode } from "./pipeline-trace.js";
import { keyPart, readPart } from "./subfield.js";
import type { VirtualBridge } from "./virtual-bridge.js";
import { lookByAction, lookByNormal, lookByTunnel } from "./wildcards.js";

/** Nested lookups that Open vSwitch allows: `MAX_DEPTH` of `ofproto-dpif-xlate.c`. */
const maxDepth = 64;
/** Lookups in all that it allows: `MAX_RESUBMITS`. */
const maxResubmits = 4096;

/**
 * The way of one packet through the flow tables of a host's bridges, patch ports included.
 *
 * Shape: {@link trace} is the tree of what was looked up and done, {@link datapath} what the datapath is told.
 * Source: ovs-ofctl(8), ovs-actions(7), ovs-fields(7); Open vSwitch `ofproto-dpif-xlate.c` for the order of effects.
 */
export class FlowPipeline {
  readonly trace: TraceNode[] = [];
  readonly datapath: DatapathAction[] = [];
  /** Steps of the branch that is being followed. */
  readonly steps: PipelineStep[];
  /** Steps of all branches. */
  readonly visited: PipelineStep[];
  /** Ways through patch ports that led nowhere, each with its steps from the beginning. */
  readonly deadEnds: (readonly PipelineStep[])[] = [];
  readonly key: FlowKey;
  readonly #base: FlowKey;
  #bridge: VirtualBridge;
  #nodes: TraceNode[] = this.trace;
  #depth = 0;
  #resubmits = 0;
  /** How often the packet has left the bridges so far, be it to the connection tracker. */
  #exits = 0;

  constructor(
    readonly host: PipelineHost,
    bridge: VirtualBridge,
    key: Readonly<FlowKey>,
    before: readonly PipelineStep[] = [],
  ) {
    this.steps = [...before];
    this.visited = [...before];
    this.#bridge = bridge;
    this.key = { ...key };
    this.#base = { ...key };
  }

  get bridge(): VirtualBridge {
    return this.#bridge;
  }

  /** The packet comes in: table 0 of its bridge. */
  start(): void {
    this.#inside({ kind: "bridge", name: this.#bridge.name, inner: [] }, () => this.#table(0));
  }

  /** The packet comes back from the connection tracker. `shownBridge` is the bridge that a trace began on. */
  resume(table: number, shownBridge: string): void {
    this.#inside({ kind: "bridge", name: shownBridge, inner: [] }, () => {
      this.#nodes.push({ kind: "thaw", table, inner: [] });
      this.#table(table);
    });
  }

  #inside(node: TraceNode, work: () => void): void {
    const outer = this.#nodes;
    outer.push(node);
    this.#nodes = node.inner;
    work();
    this.#nodes = outer;
  }

  #step(step: PipelineStep): void {
    this.steps.push(step);
    this.visited.push(step);
  }

  #note(note: PipelineNote): void {
    this.#nodes.push({ kind: "note", note, inner: [] });
  }

  #refuse(note: PipelineNote): void {
    this.#note(note);
    this.#step({ kind: "refused", bridge: this.#bridge.name, note });
  }

  #table(table: number): void {
    if (this.#depth >= maxDepth || this.#resubmits >= maxResubmits) return this.#refuse({ kind: "too-deep" });
    this.#depth++;
    this.#resubmits++;
    const { flow, conjunction } = this.#bridge.lookup(table, this.key, this.host.now, this.host.wildcards);
    this.#step({ kind: "flow", bridge: this.#bridge.name, table, flow });
    const node: TraceNode = {
      kind: "table",
      bridge: this.#bridge.name,
      table,
      flow,
      conjunction,
      key: { ...this.key },
      done: [...this.datapath],
      looked: this.host.wildcards?.copy(),
      inner: [],
    };
    this.#inside(node, () => this.#do(flow?.actions ?? [], flow));
    this.#depth--;
  }

  #do(actions: readonly Action[], flow: Flow | undefined): void {
    if (actions.length === 0) this.#nodes.push({ kind: "drop", inner: [] });
    for (const action of actions) {
      if (this.host.wildcards !== undefined) lookByAction(this.host.wildcards, action);
      this.#nodes.push({ kind: "action", action, inner: [] });
      this.#act(action, flow);
    }
  }

  #act(action: Action, flow: Flow | undefined): void {
    switch (action.kind) {
      case "goto-table":
        return this.#table(action.table);
      case "resubmit":
        return this.#resubmit(action.table ?? flow?.table ?? 0, action.port === undefined ? this.key.inPort : ofPortNumber(action.port));
      case "output":
        return this.#output(ofPortNumber(action.port), false);
      case "output-field": {
        const part = keyPart(action.source);
        return part === undefined ? this.#refuse({ kind: "unsupported" }) : this.#output(Number(readPart(this.key, part)), false);
      }
      case "in-port":
        return this.#output(this.key.inPort, true);
      case "normal":
        return this.#normal();
      case "flood":
        for (const port of [...this.#bridge.ports.map((each) => each.ofport), localPort]) {
          if (port !== this.key.inPort) this.#output(port, false);
        }
        return;
      case "learn":
        return this.#learn(action, flow);
      case "ct":
        return this.#conntrack(action);
      case "ct-clear":
        if (this.key.ctState !== 0) this.datapath.push({ kind: "ct-clear" });
        clearConntrack(this.key);
        clearConntrack(this.#base);
        return;
      case "move":
        applyKeyAction(this.key, action);
        return this.#noteSubfield(action);
      case "set-field":
      case "load":
      case "push-vlan":
      case "pop-vlan":
      case "mod-vlan-vid":
        return applyKeyAction(this.key, action);
      // Queues delay packets and lose none.
      case "set-queue":
      case "pop-queue":
      case "conjunction":
      case "controller":
        return;
      case "other":
        return this.#refuse({ kind: "unsupported" });
    }
  }

  #noteSubfield(action: Action & { readonly kind: "move" }): void {
    const part = keyPart(action.destination);
    if (part !== undefined) {
      this.#note({ kind: "subfield-now", subfield: action.destination, value: readPart(this.key, part) });
    }
  }

  #resubmit(table: number, inPort: number): void {
    const before = this.key.inPort;
    this.key.inPort = inPort;
    this.#table(table);
    this.key.inPort = before;
  }

  #learn(action: Action & { readonly kind: "learn" }, flow: Flow | undefined): void {
    if (flow === undefined) return;
    if (this.host.learns) this.#bridge.learn(learnedFlow(action, this.key, flow), this.host.now);
    else this.#note({ kind: "learn-suppressed" });
  }

  #normal(): void {
    if (this.host.wildcards !== undefined) lookByNormal(this.host.wildcards, this.key);
    const outcome = normalPorts(this.#bridge, this.key, this.host.now, this.host.learns);
    if (outcome.kind === "refused") return this.#refuse(outcome.note);
    const decision = outcome.learned === undefined ? "flooding" : "learned";
    this.#note({ kind: outcome.learned === undefined ? "flooding" : "forwarding-learned" });
    this.#step({
      kind: "normal",
      bridge: this.#bridge.name,
      vlan: outcome.vlan,
      decision,
      ...(outcome.learned === undefined ? {} : { port: outcome.learned }),
    });
    const { vlanTci, innerVlanTci } = this.key;
    for (const { ofport, tci } of outcome.ports) {
      this.key.vlanTci = tci;
      this.#output(ofport, false);
    }
    Object.assign(this.key, { vlanTci, innerVlanTci });
  }

  #output(ofport: number, toInput: boolean): void {
    if (ofport === this.key.inPort && !toInput) return this.#refuse({ kind: "output-to-input" });
    if (!this.#bridge.hasPort(ofport)) return this.#refuse({ kind: "port-missing" });
    const port = this.#bridge.port(ofport);
    if (port?.type.kind === "patch") return this.#patch(port.type.peer);
    if (port?.type.kind === "tunnel") {
      this.#note({ kind: "kernel-tunnel" });
      if (this.host.wildcards !== undefined) lookByTunnel(this.host.wildcards, port.type.options, this.key);
      this.datapath.push({ kind: "set-tunnel", bridge: this.#bridge.name, port: ofport, id: this.key.tunId });
    }
    this.#commit();
    this.datapath.push({ kind: "output", bridge: this.#bridge.name, port: ofport });
    this.#exits++;
    this.host.output({ bridge: this.#bridge, port: port ?? "local", key: { ...this.key }, steps: [...this.steps] });
  }

  /** Tells the datapath what was changed since it was last told. */
  #commit(): void {
    const changes = commitKey(this.#base, this.key);
    if (changes.some(({ kind }) => kind === "pop-vlan")) this.host.wildcards?.look("vlanTci");
    this.datapath.push(...changes);
  }

  #patch(peer: string): void {
    const target = this.host.bridgeOfPort(peer);
    const peerPort = target?.portNamed(peer);
    if (target === undefined || peerPort === undefined) return this.#refuse({ kind: "port-missing" });
    const [bridge, key, steps] = [this.#bridge, { ...this.key }, this.steps.length];
    const [exits, deadEnds] = [this.#exits, this.deadEnds.length];
    this.#bridge = target;
    clearBridgeFields(this.key);
    this.key.inPort = peerPort.ofport;
    this.#inside({ kind: "bridge", name: target.name, inner: [] }, () => this.#table(0));
    if (this.#exits === exits && this.deadEnds.length === deadEnds) this.deadEnds.push([...this.steps]);
    this.#bridge = bridge;
    Object.assign(this.key, key);
    this.steps.length = steps;
  }

  #conntrack(action: ConntrackAction): void {
    const zone = this.#zone(action);
    const marked = { ...this.key };
    this.#do(action.exec ?? [], undefined);
    const mark = this.key.ctMark === marked.ctMark ? undefined : this.key.ctMark;
    this.#commit();
    this.datapath.push({ kind: "ct", commit: action.commit, zone, ...(mark === undefined ? {} : { mark }) });
    this.#step({ kind: "conntrack", bridge: this.#bridge.name, zone, state: this.key.ctState, commit: action.commit });
    if (action.table === undefined) {
      if (action.commit) this.host.commit({ ...this.key }, zone, mark);
    } else {
      this.#exits++;
      const id = this.host.recirculate({
        bridge: this.#bridge,
        table: action.table,
        key: frozenKey(this.key),
        zone,
        commit: action.commit,
        mark,
        steps: [...this.steps],
      });
      this.datapath.push({ kind: "recirculate", id });
      this.#note({ kind: "forked", table: action.table });
    }
    this.#note({ kind: "untracked" });
    clearConntrack(this.key);
    clearConntrack(this.#base);
  }

  #zone(action: ConntrackAction): number {
    if (action.zone === undefined || typeof action.zone === "number") return action.zone ?? 0;
    const part = keyPart(action.zone);
    return part === undefined ? 0 : Number(readPart(this.key, part));
  }
}
