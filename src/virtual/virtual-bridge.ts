import type { Bridge, BridgePort } from "../ir/bridge.js";
import type { Flow } from "../ir/flow.js";
import type { LookupResult } from "./classifier.js";
import { type FlowKey, localPort } from "./flow-key.js";
import { FlowTable } from "./flow-table.js";
import { MacTable } from "./mac-learning.js";
import type { Wildcards } from "./wildcards.js";

interface LearnedFlow {
  readonly flow: Flow;
  readonly since: number;
  used: number;
}

/** A bridge that runs: its flow tables as indexes, the flows that it learned, its MAC table. */
export class VirtualBridge {
  readonly macs = new MacTable();
  readonly #tables = new Map<number, FlowTable>();
  readonly #flowsByTable = new Map<number, Flow[]>();
  readonly #portsByNumber = new Map<number, BridgePort>();
  readonly #portsByName = new Map<string, BridgePort>();
  readonly #learned = new Map<string, LearnedFlow>();

  constructor(readonly state: Bridge) {
    for (const flow of state.flows) {
      const flows = this.#flowsByTable.get(flow.table);
      if (flows === undefined) this.#flowsByTable.set(flow.table, [flow]);
      else flows.push(flow);
    }
    for (const port of state.ports) {
      this.#portsByNumber.set(port.ofport, port);
      this.#portsByName.set(port.name, port);
    }
  }

  get name(): string {
    return this.state.name;
  }

  /** The port of an OpenFlow number; undefined for the bridge's own port and for numbers that it does not have. */
  port(ofport: number): BridgePort | undefined {
    return this.#portsByNumber.get(ofport);
  }

  /** The port of a name. */
  portNamed(name: string): BridgePort | undefined {
    return this.#portsByName.get(name);
  }

  /** True where the bridge has a port of this number, its own included. */
  hasPort(ofport: number): boolean {
    return ofport === localPort || this.#portsByNumber.has(ofport);
  }

  /** Ports in ascending order, the bridge's own last. */
  get ports(): readonly BridgePort[] {
    return this.state.ports;
  }

  /** The flow of a table that a key meets. */
  lookup(table: number, key: FlowKey, now: number, wildcards?: Wildcards): LookupResult {
    this.expire(now);
    const found = this.#table(table).lookup(key, wildcards);
    if (found.flow !== undefined) {
      const learned = this.#learned.get(learnedKey(found.flow));
      if (learned?.flow === found.flow) learned.used = now;
    }
    return found;
  }

  /** Adds a learned flow, or refreshes it. */
  learn(flow: Flow, now: number): void {
    const key = learnedKey(flow);
    const before = this.#learned.get(key);
    if (before !== undefined) this.#table(flow.table).remove(before.flow);
    this.#learned.set(key, { flow, since: now, used: now });
    this.#table(flow.table).insert(flow);
  }

  /** Programmed and learned flows. */
  flows(now: number): readonly Flow[] {
    this.expire(now);
    return [...this.state.flows, ...[...this.#learned.values()].map((learned) => learned.flow)];
  }

  /** Removes learned flows whose time is over. */
  expire(now: number): void {
    for (const [key, { flow, since, used }] of this.#learned) {
      const hard = flow.hardTimeout ?? 0;
      const idle = flow.idleTimeout ?? 0;
      if (!((hard > 0 && now - since >= hard * 1000) || (idle > 0 && now - used >= idle * 1000))) continue;
      this.#learned.delete(key);
      this.#table(flow.table).remove(flow);
    }
  }

  #table(table: number): FlowTable {
    let found = this.#tables.get(table);
    if (found === undefined) {
      found = new FlowTable(this.#flowsByTable.get(table) ?? []);
      this.#tables.set(table, found);
    }
    return found;
  }
}

function learnedKey(flow: Flow): string {
  return `${flow.table} ${flow.priority} ${JSON.stringify(flow.match)}`;
}
