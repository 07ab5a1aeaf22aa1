import { isDeepStrictEqual } from "node:util";
import { defined } from "../../base/invariant.js";
import type { Action } from "../../ir/action.js";
import type { Flow } from "../../ir/flow.js";
import type { Match } from "../../ir/match.js";
import type { Origin } from "../../source/origin.js";
import type { Pointer } from "../../source/pointer.js";

/** A flow before it has its bridge's cookie. */
export interface FlowDraft {
  readonly table: number;
  readonly priority: number;
  readonly match: Match;
  readonly actions: readonly Action[];
  readonly origin: Origin;
  readonly flags?: readonly string[];
}

/** Two flows with one table, match and priority but other actions: Open vSwitch keeps the later. */
export interface FlowCollision {
  readonly bridge: string;
  readonly kept: FlowDraft;
  readonly lost: FlowDraft;
}

/**
 * The flows of one bridge as Open vSwitch keeps them: one for each table, match and priority.
 *
 * Equal flows merge and their causes join; of two that differ in actions the later one stays, as a second flow-mod overwrites the first.
 */
export class FlowSet {
  private readonly kept: Flow[] = [];
  /** Where a flow is, by its hash; the next free number where another has that. */
  private readonly places = new Map<number, number>();
  /** Causes of flows that were added more than once. */
  private readonly causes = new Map<number, Set<Pointer>>();
  readonly collisions: FlowCollision[] = [];

  constructor(
    private readonly bridge: string,
    readonly cookie: bigint,
  ) {}

  add(draft: FlowDraft): void {
    for (let key = hashOfFlow(draft); ; key = (key + 1) | 0) {
      const place = this.places.get(key);
      if (place === undefined) {
        this.places.set(key, this.kept.push(this.flowOf(draft)) - 1);
        return;
      }
      const before = defined(this.kept[place], "flow");
      if (!hasSameMatch(before, draft)) continue;
      this.merge(place, before, draft);
      return;
    }
  }

  addAll(drafts: Iterable<FlowDraft>): void {
    for (const draft of drafts) this.add(draft);
  }

  /** In order of the first flow-mod of each. */
  flows(): Flow[] {
    const flows = [...this.kept];
    for (const [place, causes] of this.causes) {
      const flow = defined(flows[place], "flow");
      flows[place] = { ...flow, origin: joinedOrigin(flow.origin, causes) };
    }
    return flows;
  }

  private flowOf({ table, priority, match, actions, flags, origin }: FlowDraft): Flow {
    const { cookie } = this;
    return flags === undefined
      ? { table, priority, cookie, match, actions, origin }
      : { table, priority, cookie, match, actions, flags, origin };
  }

  private merge(place: number, before: Flow, draft: FlowDraft): void {
    const causes = this.causes.get(place) ?? new Set<Pointer>(before.origin.because);
    for (const cause of draft.origin.because) causes.add(cause);
    this.causes.set(place, causes);
    if (isDeepStrictEqual(before.actions, draft.actions)) return;
    this.collisions.push({ bridge: this.bridge, kept: draft, lost: before });
    this.kept[place] = this.flowOf(draft);
  }
}

function joinedOrigin({ lowering, because }: Origin, causes: ReadonlySet<Pointer>): Origin {
  const [first] = because;
  return { lowering, because: [first, ...[...causes].filter((cause) => cause !== first)] };
}

function hasSameMatch(a: FlowDraft, b: FlowDraft): boolean {
  return a.table === b.table && a.priority === b.priority && isDeepStrictEqual(a.match, b.match);
}

function hashOfFlow({ table, priority, match }: FlowDraft): number {
  return (Math.imul(table * 65536 + priority, 0x9e3779b1) + hashOfFields(match)) | 0;
}

/** A sum over fields, so that it is the same in whatever order they were set. */
function hashOfFields(fields: object): number {
  let sum = 0;
  for (const name in fields) {
    const hash = hashOfValue((fields as Readonly<Record<string, unknown>>)[name]);
    sum = (sum + Math.imul(hash ^ Math.imul(hashOfText(name), 31), 0x85ebca6b)) | 0;
  }
  return sum;
}

function hashOfValue(value: unknown): number {
  if (typeof value === "number") return Math.imul(value, 0x9e3779b1);
  return typeof value === "object" && value !== null ? hashOfFields(value) : hashOfText(String(value));
}

/** Addresses and names differ at their ends. */
const hashedCharacters = 9;

function hashOfText(text: string): number {
  let hash = text.length;
  for (let at = Math.max(0, text.length - hashedCharacters); at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
