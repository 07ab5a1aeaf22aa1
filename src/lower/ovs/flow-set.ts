import { isDeepStrictEqual } from "node:util";
import type { Action } from "../../ir/action.js";
import type { Flow } from "../../ir/flow.js";
import type { Match, MatchField } from "../../ir/match.js";
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
  private readonly drafts = new Map<string, FlowDraft>();
  private readonly causes = new Map<string, Set<Pointer>>();
  readonly collisions: FlowCollision[] = [];

  constructor(
    private readonly bridge: string,
    readonly cookie: bigint,
  ) {}

  add(draft: FlowDraft): void {
    const key = flowKey(draft);
    const before = this.drafts.get(key);
    if (before === undefined) {
      this.drafts.set(key, draft);
      return;
    }
    const causes = this.causes.get(key) ?? new Set<Pointer>(before.origin.because);
    for (const cause of draft.origin.because) causes.add(cause);
    this.causes.set(key, causes);
    if (isDeepStrictEqual(before.actions, draft.actions)) return;
    this.collisions.push({ bridge: this.bridge, kept: draft, lost: before });
    this.drafts.set(key, draft);
  }

  addAll(drafts: Iterable<FlowDraft>): void {
    for (const draft of drafts) this.add(draft);
  }

  /** In order of the first flow-mod of each. */
  flows(): Flow[] {
    const flows: Flow[] = [];
    for (const [key, draft] of this.drafts) {
      const { table, priority, match, actions, flags } = draft;
      const origin = this.joinedOrigin(key, draft.origin);
      flows.push(
        flags === undefined
          ? { table, priority, cookie: this.cookie, match, actions, origin }
          : { table, priority, cookie: this.cookie, match, actions, flags, origin },
      );
    }
    return flows;
  }

  private joinedOrigin(key: string, origin: Origin): Origin {
    const causes = this.causes.get(key);
    if (causes === undefined) return origin;
    const [first] = origin.because;
    return { lowering: origin.lowering, because: [first, ...[...causes].filter((cause) => cause !== first)] };
  }
}

/** Every field of a match, in any fixed order: two matches that were built in different order have one key. */
const keyFields: readonly MatchField[] = namesOf({
  inPort: true,
  vlanVid: true,
  vlanTci: true,
  ethType: true,
  ipProto: true,
  reg5: true,
  reg6: true,
  ethSrc: true,
  ethDst: true,
  ctState: true,
  ctZone: true,
  ctMark: true,
  conjId: true,
  tunId: true,
  ipSrc: true,
  ipDst: true,
  ipv6Src: true,
  ipv6Dst: true,
  arpSpa: true,
  arpTpa: true,
  arpOp: true,
  arpSha: true,
  arpTha: true,
  icmpType: true,
  icmpCode: true,
  ndTarget: true,
  tpSrc: true,
  tpDst: true,
  tcpFlags: true,
  tunSrc: true,
  tunDst: true,
  ipEcn: true,
  ipFrag: true,
  vlanPcp: true,
  ipTos: true,
  ipTtl: true,
  pktMark: true,
  recircId: true,
  reg0: true,
  reg1: true,
  reg2: true,
  reg3: true,
  reg4: true,
  reg7: true,
} satisfies Readonly<Record<MatchField, true>>);

function namesOf<T extends object>(record: T): Extract<keyof T, string>[] {
  const names: Extract<keyof T, string>[] = [];
  for (const name in record) names.push(name);
  return names;
}

function flowKey({ table, priority, match }: FlowDraft): string {
  let key = `${table} ${priority}`;
  for (const field of keyFields) {
    const value = match[field];
    if (value === undefined) continue;
    key += typeof value === "object" ? ` ${field}=${value.value}/${value.mask}` : ` ${field}=${value}`;
  }
  return key;
}
