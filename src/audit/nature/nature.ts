import type { HostState } from "../../ir/host-state.js";
import type { Release } from "../../releases/release.js";
import type { Entry } from "../entry.js";
import type { Finding } from "../finding.js";
import { isChanceFlow } from "./flows.js";
import { isChanceRoute, isChanceRule, isChanceOrder } from "./namespaces.js";

/** What is known of a difference, the live entry in our numbers. */
export interface Difference {
  readonly kind: Finding["kind"];
  readonly expected: Entry | undefined;
  readonly live: Entry | undefined;
}

/**
 * Whether a difference is one that Neutron leaves to chance and history, so that nothing is wrong: `docs/lock.md` lists them all.
 *
 * The lock has a place for each: importing the cloud again takes it over.
 */
export function natureOf(difference: Difference, expected: HostState, release: Release): Finding["nature"] {
  return isChance(difference, expected, release) ? "chance" : "drift";
}

function isChance(difference: Difference, state: HostState, release: Release): boolean {
  const { kind, expected, live } = difference;
  if (kind === "moved") return expected?.kind === "iptables-rule" && isChanceOrder(expected);
  const flows = { expected: flowOf(expected), live: flowOf(live) };
  const flow = flows.expected ?? flows.live;
  if (flow !== undefined) return isChanceFlow(flow.bridge, flows.expected?.flow, flows.live?.flow, state, release);
  if (kind !== "changed") return false;
  if (expected?.kind === "ip-rule" && live?.kind === "ip-rule") return isChanceRule(expected.rule, live.rule, release);
  if (expected?.kind === "route" && live?.kind === "route") return isChanceRoute(expected.namespace, expected.route, live.route, state);
  return false;
}

function flowOf(entry: Entry | undefined): Extract<Entry, { kind: "flow" }> | undefined {
  return entry?.kind === "flow" ? entry : undefined;
}
