import type { Action } from "../../../ir/action.js";
import { etherType } from "../../../ir/match.js";
import type { IntegrationPipeline, Release } from "../../../releases/release.js";
import { output, resubmit } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { connection, revoke, revokedMark } from "./connection.js";
import type { FilteredPort } from "./filtered-port.js";
import type { IntegrationSlice } from "../../slices.js";

/**
 * What happens to tracked packets that no rule of a port decides.
 *
 * Source: Neutron `OVSFirewallDriver._initialize_tracked_egress`, `_initialize_tracked_ingress`.
 */
export function* trackedFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  filtered: FilteredPort,
): Generator<FlowDraft> {
  const { rulesEgress, rulesIngress } = release.flowTables.brInt;
  yield* directionFlows(view, pipeline, filtered, rulesEgress, resubmit(pipeline.acceptedEgressNormal));
  yield* directionFlows(view, pipeline, filtered, rulesIngress, output(filtered.ofport));
}

function* directionFlows(
  view: IntegrationSlice,
  pipeline: IntegrationPipeline,
  { port, ofport, localVlan }: FilteredPort,
  table: number,
  pass: Action,
): Generator<FlowDraft> {
  const origin = cause("firewall/tracked", port.pointer, view.host.pointer);
  const refuse = [resubmit(pipeline.dropped)];
  const of = { reg5: ofport };
  yield { table, priority: 50, match: { ctState: connection.invalid }, actions: refuse, origin };
  yield { table, priority: 50, match: { ...of, ctMark: revokedMark }, actions: refuse, origin };
  for (const ctState of [connection.reply, connection.related]) {
    yield { table, priority: 50, match: { ...of, ctState, ctZone: localVlan, ctMark: 0 }, actions: [pass], origin };
  }
  yield { table, priority: 40, match: { ...of, ctState: connection.notEstablished }, actions: refuse, origin };
  for (const ethType of [etherType.ipv4, etherType.ipv6]) {
    yield { table, priority: 40, match: { ...of, ctState: connection.established, ethType }, actions: [revoke], origin };
  }
}
