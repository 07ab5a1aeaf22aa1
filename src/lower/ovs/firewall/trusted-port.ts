import type { IntegrationPipeline, Release } from "../../../releases/release.js";
import { resubmit } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import type { IntegrationPort } from "../host-facts.js";
import { directFlows } from "./direct.js";
import { markPort } from "./entry.js";
import type { IntegrationSlice } from "../../slices.js";

/**
 * What a port that is not filtered sends goes to the local filtered ports' ingress tables, or out.
 *
 * Source: Neutron `OVSFirewallDriver._initialize_egress_no_port_security`, `process_trusted_ports`.
 */
export function* trustedPortFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  bound: IntegrationPort,
): Generator<FlowDraft> {
  const { acceptOrIngress } = release.flowTables.brInt;
  const { port, ofport } = bound.wired;
  const origin = cause("firewall/trusted-port", port.pointer, view.host.pointer);
  const enter = [...markPort(bound), resubmit(acceptOrIngress)];
  yield { table: pipeline.transient, priority: 100, match: { inPort: ofport }, actions: enter, origin };
  yield { table: acceptOrIngress, priority: 80, match: { reg5: ofport }, actions: [resubmit(pipeline.acceptedEgressNormal)], origin };
  yield* directFlows(view, release, pipeline, bound);
}
