import type { Action } from "../../../ir/action.js";
import type { Match } from "../../../ir/match.js";
import type { IntegrationPipeline, Release } from "../../../releases/release.js";
import { popVlan, resubmit, setNumber } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import type { IntegrationPort } from "../host-facts.js";
import { untagged } from "../local-switching.js";
import type { FilteredPort } from "./filtered-port.js";
import type { IntegrationSlice } from "../../slices.js";

/** Marks a packet with its port (register 5) and its network (register 6). */
export function markPort({ wired, localVlan }: IntegrationPort): readonly Action[] {
  return [setNumber("reg5", wired.ofport), setNumber("reg6", localVlan)];
}

/**
 * Where the firewall takes hold of a filtered port's traffic.
 *
 * Source: Neutron `OVSFirewallDriver.initialize_port_flows`, `install_physical_direct_flow`.
 */
export function* entryFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  filtered: FilteredPort,
): Generator<FlowDraft> {
  const { baseEgress, baseIngress } = release.flowTables.brInt;
  const { ofport, macs, port, localVlan } = filtered;
  const { network } = filtered.network;
  const table = pipeline.transient;
  const egress = cause("firewall/egress-entry", port.pointer, view.host.pointer);
  yield { table, priority: 100, match: { inPort: ofport }, actions: [...markPort(filtered), resubmit(baseEgress)], origin: egress };

  const ingress = cause("firewall/ingress-entry", port.pointer, view.host.pointer);
  const enterTagged = [...markPort(filtered), popVlan, resubmit(baseIngress)];
  const enterUntagged = [...markPort(filtered), resubmit(baseIngress)];
  const frames: { readonly frame: Match; readonly actions: readonly Action[] }[] = [
    { frame: { vlanVid: localVlan }, actions: enterTagged },
  ];
  if (network.type === "vlan" && network.segmentationId !== undefined) {
    frames.push({ frame: { vlanVid: network.segmentationId }, actions: enterTagged });
  }
  if (network.type === "flat") frames.push({ frame: untagged, actions: enterUntagged });
  for (const ethDst of macs) {
    for (const { frame, actions } of frames) yield { table, priority: 90, match: { ...frame, ethDst }, actions, origin: ingress };
  }
}
