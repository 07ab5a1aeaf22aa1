import type { Origin } from "../source/origin.js";
import type { Action } from "./action.js";
import type { Match } from "./match.js";

/** One entry of a bridge's flow tables. */
export interface Flow {
  /** Table number, 0 to 253. */
  readonly table: number;
  /** 0 to 65535; OpenFlow's default is 32768. */
  readonly priority: number;
  /** 64-bit cookie; 0 prints as nothing. */
  readonly cookie: bigint;
  readonly match: Match;
  /** In order of execution; none is drop. */
  readonly actions: readonly Action[];
  /** Words such as `reset_counts` and `send_flow_rem` that Open vSwitch keeps with a flow and prints. */
  readonly flags?: readonly string[];
  /** Seconds; learned flows have them. */
  readonly idleTimeout?: number;
  /** Seconds; learned flows have them. */
  readonly hardTimeout?: number;
  readonly origin: Origin;
}

/** Flows that a bridge does not have any more, and those that it has since. */
export interface FlowChange {
  readonly gone: readonly Flow[];
  readonly come: readonly Flow[];
}
