import type { Action } from "../ir/action.js";
import type { Flow } from "../ir/flow.js";
import { etherType } from "../ir/match.js";
import { type FieldMatch, compileMatch, fullMask, maskValue } from "./key-match.js";
import { fieldBits, type FlowField, type FlowKey, stageOf } from "./flow-key.js";
import { isPrefixField, prefixBits, type PrefixField, prefixLength, prefixMask, PrefixSet } from "./prefix-set.js";
import type { Wildcards } from "./wildcards.js";

/** A flow of a table, and the conjunctions that it is a dimension of. */
export interface SoftMatch {
  readonly flow: Flow;
  /** Set where the flow only is a dimension of conjunctions. */
  readonly clauses: readonly (Action & { readonly kind: "conjunction" })[];
}

/** Flows whose matches look at the same bits, by the values that they ask for. Fields are in order of stage. */
interface Subtable {
  readonly fields: readonly { readonly field: FlowField; readonly mask: number | bigint; readonly whole: boolean }[];
  readonly entries: Map<string, SoftMatch[]>;
  /** Values that flows ask for up to the end of each stage but the last; made when wildcards are first asked for. */
  stages: readonly Stage[] | undefined;
  highest: number;
}

/** How far a lookup looks before it knows that nothing matches: metadata, then Ethernet, then IP, then ports. */
interface Stage {
  /** Number of fields up to its end. */
  readonly fields: number;
  readonly values: ReadonlySet<string>;
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
  readonly #prefixSets = new Map<PrefixField, PrefixSet>();

  constructor(flows: Iterable<Flow>) {
    for (const flow of flows) this.insert(flow);
  }

  /** Adds a flow; one with an equal match and priority is replaced. */
  insert(flow: Flow): void {
    const parts = compileMatch(flow.match);
    if (parts === undefined) return;
    const subtable = this.#subtable(parts);
    const key = valuesKey(parts);
    const entry = { flow, clauses: clausesOf(flow) };
    const before = subtable.entries.get(key);
    subtable.entries.set(key, before === undefined ? [entry] : withEntry(before, entry));
    subtable.highest = Math.max(subtable.highest, flow.priority);
    subtable.stages = undefined;
    this.#ordered = undefined;
    this.#prefixSets.clear();
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

  /** The flow of highest priority that matches a key, conjunctions resolved. Notes the bits that decided in `wildcards`. */
  lookup(key: FlowKey, wildcards?: Wildcards): LookupResult {
    return resolveConjunctions((at, soft) => this.search(at, soft, wildcards), key);
  }

  /** The flow of highest priority that matches a key and is no dimension of a conjunction; those that are go into `soft`. */
  search(key: FlowKey, soft: SoftMatch[] | undefined, wildcards?: Wildcards): Flow | undefined {
    let best: Flow | undefined;
    for (const subtable of this.#inOrder()) {
      if (best !== undefined && subtable.highest <= best.priority) break;
      if (wildcards !== undefined && !this.#lookInStages(subtable, key, wildcards)) continue;
      const entries = subtable.entries.get(lookupKey(subtable.fields, key));
      if (entries === undefined) continue;
      for (const entry of entries) {
        if (entry.clauses.length > 0) soft?.push(entry);
        else if (best === undefined || entry.flow.priority > best.priority) best = entry.flow;
      }
    }
    return best;
  }

  /**
   * Looks into a subtable stage by stage and notes what was looked at. False where it is known that nothing matches.
   *
   * Source: Open vSwitch `lib/classifier.c`, `find_match_wc`, with prefix tries on addresses and a trie on ports.
   */
  #lookInStages(subtable: Subtable, key: FlowKey, wildcards: Wildcards): boolean {
    subtable.stages ??= stagesOf(subtable);
    let from = 0;
    const look = (to: number): void => {
      for (const { field, mask } of subtable.fields.slice(0, to)) wildcards.look(field, mask);
    };
    for (const { fields: to, values } of subtable.stages) {
      if (this.#excludedByPrefix(subtable, from, to, key, wildcards)) {
        look(from);
        return false;
      }
      if (!values.has(lookupKey(subtable.fields.slice(0, to), key))) {
        look(to);
        return false;
      }
      from = to;
    }
    if (this.#excludedByPrefix(subtable, from, subtable.fields.length, key, wildcards)) {
      look(from);
      return false;
    }
    const found = subtable.entries.has(lookupKey(subtable.fields, key));
    if (!found && this.#lookAtPorts(subtable, key, wildcards)) {
      look(subtable.fields.findIndex(({ field }) => stageOf(field) === 3));
      return false;
    }
    look(subtable.fields.length);
    return found;
  }

  /** True where the table's prefixes alone show that no flow of the subtable matches. */
  #excludedByPrefix(subtable: Subtable, from: number, to: number, key: FlowKey, wildcards: Wildcards): boolean {
    if (key.ethType !== etherType.ipv4) return false;
    for (const { field, mask } of subtable.fields.slice(from, to)) {
      if (!isPrefixField(field)) continue;
      const { bits, lengths } = this.#prefixes(field).lookup(BigInt(key[field]));
      const length = prefixLength(mask, fieldBits[field]);
      if (length === undefined || lengths.has(length)) continue;
      const looked = prefixMask(field, bits);
      if (bits <= length) {
        wildcards.look(field, looked);
        return true;
      }
      if (wildcards.covers(field, looked)) return true;
    }
    return false;
  }

  /** Notes only as many bits of the ports as it takes to see that no flow asks for them. False where the subtable has no ports. */
  #lookAtPorts(subtable: Subtable, key: FlowKey, wildcards: Wildcards): boolean {
    const ports = subtable.fields.filter(({ field }) => field === "tpSrc" || field === "tpDst");
    if (ports.length === 0 || subtable.fields.some(({ field }) => stageOf(field) === 3 && !ports.some((port) => port.field === field)))
      return false;
    const part = (field: "tpSrc" | "tpDst", value: FlowKey["tpSrc"]): bigint =>
      BigInt(maskValue(value, ports.find((port) => port.field === field)?.mask ?? 0));
    const trie = new PrefixSet(32);
    for (const entries of subtable.entries.values()) {
      for (const { flow } of entries) {
        const asked = new Map((compileMatch(flow.match) ?? []).map((each) => [each.field, Number(each.value)]));
        trie.add((part("tpSrc", asked.get("tpSrc") ?? 0) << 16n) | part("tpDst", asked.get("tpDst") ?? 0), 32);
      }
    }
    const { bits } = trie.lookup((part("tpSrc", key.tpSrc) << 16n) | part("tpDst", key.tpDst));
    const looked = Number(prefixBits(bits, 32));
    for (const { field, mask } of ports) {
      const share = field === "tpSrc" ? looked >>> 16 : looked & 0xffff;
      const seen = Number(maskValue(share, mask));
      if (seen !== 0) wildcards.look(field, seen);
    }
    return true;
  }

  #prefixes(field: PrefixField): PrefixSet {
    let set = this.#prefixSets.get(field);
    if (set === undefined) {
      set = new PrefixSet(fieldBits[field]);
      for (const subtable of this.#subtables.values()) {
        for (const entries of subtable.entries.values()) for (const { flow } of entries) set.addMatch(flow, field);
      }
      this.#prefixSets.set(field, set);
    }
    return set;
  }

  #inOrder(): readonly Subtable[] {
    this.#ordered ??= [...this.#subtables.values()].sort((a, b) => b.highest - a.highest);
    return this.#ordered;
  }

  #subtable(parts: readonly FieldMatch[]): Subtable {
    let signature = "";
    for (const { field, mask } of parts) signature += mask === fullMask(field) ? `${field},` : `${field}:${mask},`;
    let subtable = this.#subtables.get(signature);
    if (subtable === undefined) {
      const fields = parts.map(({ field, mask }) => ({ field, mask, whole: mask === fullMask(field) }));
      subtable = { fields, entries: new Map(), stages: undefined, highest: -1 };
      this.#subtables.set(signature, subtable);
    }
    return subtable;
  }
}

function stagesOf(subtable: Subtable): readonly Stage[] {
  const ends = subtable.fields.flatMap(({ field }, index) => {
    const next = subtable.fields[index + 1];
    return next !== undefined && stageOf(next.field) !== stageOf(field) ? [index + 1] : [];
  });
  return ends.map((fields) => {
    const values = new Set([...subtable.entries.keys()].map((key) => key.split(",").slice(0, fields).join()));
    return { fields, values };
  });
}

function valuesKey(parts: readonly FieldMatch[]): string {
  let text = "";
  for (const { value } of parts) text += text === "" ? value.toString(36) : `,${value.toString(36)}`;
  return text;
}

const noClauses: SoftMatch["clauses"] = [];

function clausesOf({ actions }: Flow): SoftMatch["clauses"] {
  return actions[0]?.kind === "conjunction" ? actions.filter((action) => action.kind === "conjunction") : noClauses;
}

function withEntry(entries: readonly SoftMatch[], entry: SoftMatch): SoftMatch[] {
  const others = entries.filter((each) => each.flow.priority !== entry.flow.priority);
  return [...others, entry].sort((a, b) => b.flow.priority - a.flow.priority);
}

function lookupKey(fields: Subtable["fields"], key: FlowKey): string {
  let text = "";
  for (const { field, mask, whole } of fields) {
    const value = whole ? key[field] : maskValue(key[field], mask);
    text += text === "" ? value.toString(36) : `,${value.toString(36)}`;
  }
  return text;
}

/** The outcome of a search, once dimensions of conjunctions have had their say: the first id, by priority, of which all dimensions match. */
export function resolveConjunctions(search: (key: FlowKey, soft: SoftMatch[] | undefined) => Flow | undefined, key: FlowKey): LookupResult {
  const soft: SoftMatch[] = [];
  const hard = search(key, soft);
  const floor = hard?.priority ?? -1;
  for (const [priority, entries] of byPriority(soft)) {
    if (priority <= floor) break;
    for (const id of satisfied(entries)) {
      const found = search({ ...key, conjId: id }, undefined);
      if (found !== undefined) return { flow: found, conjunction: id };
    }
  }
  return { flow: hard, conjunction: undefined };
}

function byPriority(entries: readonly SoftMatch[]): readonly (readonly [number, readonly SoftMatch[]])[] {
  const groups = new Map<number, SoftMatch[]>();
  for (const entry of entries) {
    const group = groups.get(entry.flow.priority);
    if (group === undefined) groups.set(entry.flow.priority, [entry]);
    else group.push(entry);
  }
  return [...groups].sort(([a], [b]) => b - a);
}

/** Ids of which every dimension has a matching flow, ascending. */
function satisfied(entries: readonly SoftMatch[]): readonly number[] {
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
