import type { Flow } from "../ir/flow.js";
import { Classifier, type LookupResult, resolveConjunctions, type SoftMatch } from "./classifier.js";
import { type FlowKey, ofPortNumber } from "./flow-key.js";
import type { Wildcards } from "./wildcards.js";

/**
 * One flow table of a bridge, in parts by a register or port that all flows of a part ask for.
 *
 * A firewall's flows each ask for one port's register, so that a packet needs the index of its own port's flows only. A lookup that notes which bits
 * decided looks into one index of the whole table, as the switch does.
 */
export class FlowTable {
  readonly #parts = new Map<string, Flow[]>();
  readonly #indexes = new Map<string, Classifier>();
  #whole: Classifier | undefined;

  constructor(flows: readonly Flow[]) {
    for (const flow of flows) {
      const name = partOf(flow);
      const part = this.#parts.get(name);
      if (part === undefined) this.#parts.set(name, [flow]);
      else part.push(flow);
    }
  }

  /** Adds a flow; one with an equal match and priority is replaced. */
  insert(flow: Flow): void {
    const name = partOf(flow);
    const part = this.#parts.get(name);
    if (part === undefined) this.#parts.set(name, [flow]);
    else part.push(flow);
    this.#indexes.get(name)?.insert(flow);
    this.#whole?.insert(flow);
  }

  /** Removes a flow that was inserted. */
  remove(flow: Flow): void {
    const name = partOf(flow);
    const part = this.#parts.get(name);
    if (part !== undefined) {
      this.#parts.set(
        name,
        part.filter((each) => each !== flow),
      );
    }
    this.#indexes.get(name)?.remove(flow);
    this.#whole?.remove(flow);
  }

  /** The flow that a key meets. Notes the bits that decided in `wildcards`. */
  lookup(key: FlowKey, wildcards?: Wildcards): LookupResult {
    if (wildcards !== undefined) {
      this.#whole ??= new Classifier([...this.#parts.values()].flat());
      return this.#whole.lookup(key, wildcards);
    }
    const indexes = [`reg5 ${key.reg5}`, `reg6 ${key.reg6}`, `port ${key.inPort}`, ""].flatMap((name) => this.#index(name) ?? []);
    return resolveConjunctions((at, soft) => searchAll(indexes, at, soft), key);
  }

  #index(name: string): Classifier | undefined {
    const index = this.#indexes.get(name);
    if (index !== undefined) return index;
    const flows = this.#parts.get(name);
    if (flows === undefined) return undefined;
    const made = new Classifier(flows);
    this.#indexes.set(name, made);
    return made;
  }
}

function searchAll(indexes: readonly Classifier[], key: FlowKey, soft: SoftMatch[] | undefined): Flow | undefined {
  let best: Flow | undefined;
  for (const index of indexes) {
    const found = index.search(key, soft);
    if (found !== undefined && (best === undefined || found.priority > best.priority)) best = found;
  }
  return best;
}

function partOf({ match }: Flow): string {
  if (typeof match.reg5 === "number") return `reg5 ${match.reg5}`;
  if (typeof match.reg6 === "number") return `reg6 ${match.reg6}`;
  return match.inPort === undefined ? "" : `port ${ofPortNumber(match.inPort)}`;
}
