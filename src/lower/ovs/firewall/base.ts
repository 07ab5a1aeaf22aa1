import type { Action } from "../../../ir/action.js";
import type { Match } from "../../../ir/match.js";
import type { Release } from "../../../releases/release.js";
import { ctClear, drop, normal, resubmit } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { connection } from "./connection.js";
import type { IntegrationSlice } from "../../slices.js";

/** Flows written one at a time, over OpenFlow 1.0, keep this word; those that the agent writes in bundles have none. */
export const writtenSingly = ["reset_counts"] as const;

/**
 * What the firewall lays when it starts.
 *
 * Source: Neutron `OVSFirewallDriver._drop_all_unmatched_flows`, `_initialize_common_flows`, `_initialize_third_party_tables`.
 */
export function* firewallBase(view: IntegrationSlice, release: Release): Generator<FlowDraft> {
  const { baseEgress, rulesEgress, acceptOrIngress, baseIngress, rulesIngress, pipeline } = release.flowTables.brInt;
  const origin = cause("firewall/base", view.host.pointer);
  const once = (table: number, priority: number, match: Match, actions: readonly Action[]): FlowDraft => ({
    table,
    priority,
    match,
    actions,
    flags: writtenSingly,
    origin,
  });
  for (const table of [baseEgress, rulesEgress, acceptOrIngress, baseIngress, rulesIngress]) yield once(table, 0, {}, drop);
  if (pipeline === undefined) return;
  const { transient, acceptedEgress, acceptedIngress, dropped, acceptedEgressNormal } = pipeline;
  yield once(baseEgress, 110, { ctState: connection.tracked }, [ctClear, resubmit(baseEgress)]);
  yield once(acceptedEgress, 1, {}, [resubmit(acceptedEgressNormal)]);
  yield once(acceptedIngress, 0, {}, drop);
  yield once(dropped, 0, {}, drop);
  yield once(acceptedEgressNormal, 1, {}, [normal]);
  if (!view.host.agent.explicitlyEgressDirect || !release.features.has("egress-direct-from-patch")) return;
  yield { ...once(transient, 2, {}, [resubmit(acceptedEgressNormal)]), origin: cause("firewall/egress-direct-base", view.host.pointer) };
}
