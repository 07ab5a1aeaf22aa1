import type { IntegrationPipeline, Release } from "../../../releases/release.js";
import { output, popVlan, pushVlan } from "../actions.js";
import { cause } from "../cause.js";
import { leavingOfport } from "../egress-direct.js";
import { unicastFrame } from "../ethernet.js";
import type { FlowDraft } from "../flow-set.js";
import type { IntegrationPort } from "../host-facts.js";
import type { IntegrationSlice } from "../../slices.js";

/**
 * `explicitly_egress_direct` with the openvswitch firewall, for filtered and trusted ports alike.
 *
 * Source: Neutron `OVSFirewallDriver.install_accepted_egress_direct_flow`.
 */
export function* directFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  bound: IntegrationPort,
): Generator<FlowDraft> {
  if (!view.host.agent.explicitlyEgressDirect) return;
  const { port, ofport } = bound.wired;
  const { localVlan } = bound;
  const table = pipeline.acceptedEgressNormal;
  const deliver = cause("egress-direct/deliver", port.pointer, view.host.pointer);
  yield { table, priority: 12, match: { reg6: localVlan, ethDst: port.mac }, actions: [output(ofport)], origin: deliver };
  if (release.features.has("egress-direct-from-patch")) {
    const match = { vlanVid: localVlan, ethDst: port.mac };
    yield { table, priority: 12, match, actions: [popVlan, output(ofport)], origin: deliver };
  }
  const leaving = leavingOfport(view, bound);
  if (leaving === undefined) return;
  const actions = [...pushVlan(localVlan), output(leaving)];
  const match = { ...unicastFrame, reg6: localVlan, ethSrc: port.mac };
  yield { table, priority: 10, match, actions, origin: cause("egress-direct/leave", port.pointer, view.host.pointer) };
}
