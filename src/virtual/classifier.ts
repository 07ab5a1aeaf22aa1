import type { Action } from "../ir/action.js";
import type { Flow } from "../ir/flow.js";
import { type FieldMatch, compileMatch, fullMask, maskValue } from "./key-match.js";
import type { FlowField, FlowKey } from "./flow-key.js";

interface Entry {
  readonly flow: Flow;
  /** Set where the flow only is a dimension of conjunctions. */
  readonly clauses: readonly (Action & { readonly kind: "conjunction" })[];
}

/** Flows whose matches look at the same bits, by the values that they ask for. */
interface Subtable {
  readonly fields: readonly { readonly field: FlowField; readonly mask: number | bigint; readonly whole: boolean }[];
  readonly entries: Map<string, Entry[]>;
  highest: number;
}

/** What a lookup found, and how the table's conjunctions took part. */
export interface LookupResult {
  readonly flow: Flow | undefined;
  /** The id that the flow was found by, where conjunctions decided. */
  readonly conjunction: number | undefined;
}

/**
 * One flow table as an index: tuple space search over the sets of bits that matches look at, as Open vSwitch's classifier does it.
 *
 * A lookup costs one hash per distinct mask of the table, whatever the number of flows. Among flows of equal priority the one entered first is found.
 * Source: ovs-actions(7) on conjunctions; `lib/classifier.c`.
 */
export class Classifier {
  readonly #subtables = new Map<string, Subtable>();
  #ordered: Subtable[] | undefined;

  constructor(flows: Iterable<Flow>) {
    for (const flow of flows) this.insert(flow);
  }

  /** Adds a flow; one with an equal match and priority is replaced. */
  insert(flow: Flow): void {
    const parts = compileMatch(flow.match);
    if (parts === undefined) return;
    const subtable = this.#subtable(parts);
    const key = valuesKey(parts);
    const entry = { flow, clauses: flow.actions.filter((action) => action.kind === "conjunction") };
    const before = subtable.entries.get(key) ?? [];
    const others = before.filter((each) => each.flow.priority !== flow.priority);
    subtable.entries.set(
      key,
      [...others, entry].sort((a, b) => b.flow.priority - a.flow.priority),
    );
    subtable.highest = Math.max(subtable.highest, flow.priority);
    this.#ordered = undefined;
  }

  /** Removes a flow that was inserted. */
  remove(flow: Flow): void {
    const parts = compileMatch(flow.match);
    if (parts === undefined) return;
    const { entries } = this.#subtable(parts);
    const key = valuesKey(parts);
    entries.set(
      key,
      (entries.get(key) ?? []).filter((entry) => entry.flow !== flow),
    );
  }

  /** The flow of highest priority that matches a key, conjunctions resolved. */
  lookup(key: FlowKey): LookupResult {
    const soft: Entry[] = [];
    const hard = this.#search(key, soft);
    const floor = hard?.priority ?? -1;
    for (const [priority, entries] of byPriority(soft)) {
      if (priority <= floor) break;
      for (const id of satisfied(entries)) {
        const found = this.#search({ ...key, conjId: id }, undefined);
        if (found !== undefined) return { flow: found, conjunction: id };
      }
    }
    return { flow: hard, conjunction: undefined };
  }

  /** The bits of each field that the table's flows of a priority or above look at. */
  *masksFrom(priority: number): Iterable<{ readonly field: FlowField; readonly mask: number | bigint }> {
    for (const subtable of this.#subtables.values()) if (subtable.highest >= priority) yield* subtable.fields;
  }

  #search(key: FlowKey, soft: Entry[] | undefined): Flow | undefined {
    let best: Flow | undefined;
    for (const subtable of this.#inOrder()) {
      if (best !== undefined && subtable.highest <= best.priority && soft === undefined) break;
      if (best !== undefined && subtable.highest < best.priority) break;
      const entries = subtable.entries.get(lookupKey(subtable, key));
      if (entries === undefined) continue;
      for (const entry of entries) {
        if (entry.clauses.length > 0) soft?.push(entry);
        else if (best === undefined || entry.flow.priority > best.priority) best = entry.flow;
      }
    }
    return best;
  }

  #inOrder(): readonly Subtable[] {
    this.#ordered ??= [...this.#subtables.values()].sort((a, b) => b.highest - a.highest);
    return this.#ordered;
  }

  #subtable(parts: readonly FieldMatch[]): Subtable {
    const signature = parts.map((part) => `${part.field}:${part.mask.toString(36)}`).join();
    let subtable = this.#subtables.get(signature);
    if (subtable === undefined) {
      const fields = parts.map(({ field, mask }) => ({ field, mask, whole: mask === fullMask(field) }));
      subtable = { fields, entries: new Map(), highest: -1 };
      this.#subtables.set(signature, subtable);
    }
    return subtable;
  }
}

function valuesKey(parts: readonly FieldMatch[]): string {
  return parts.map((part) => part.value.toString(36)).join();
}

function lookupKey(subtable: Subtable, key: FlowKey): string {
  let text = "";
  for (const { field, mask, whole } of subtable.fields) {
    const value = whole ? key[field] : maskValue(key[field], mask);
    text += text === "" ? value.toString(36) : `,${value.toString(36)}`;
  }
  return text;
}

function byPriority(entries: readonly Entry[]): readonly (readonly [number, readonly Entry[]])[] {
  const groups = new Map<number, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.flow.priority);
    if (group === undefined) groups.set(entry.flow.priority, [entry]);
    else group.push(entry);
  }
  return [...groups].sort(([a], [b]) => b - a);
}

/** Ids of which every dimension has a matching flow, ascending. */
function satisfied(entries: readonly Entry[]): readonly number[] {
  const clauses = new Map<number, { readonly met: Set<number>; readonly wanted: number }>();
  for (const { clauses: dimensions } of entries) {
    for (const { id, clause, clauses: wanted } of dimensions) {
      const seen = clauses.get(id) ?? { met: new Set<number>(), wanted };
      seen.met.add(clause);
      clauses.set(id, seen);
    }
  }
  return [...clauses]
    .filter(([, { met, wanted }]) => met.size === wanted)
    .map(([id]) => id)
    .sort((a, b) => a - b);
}
