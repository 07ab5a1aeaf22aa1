import type { Release } from "../../releases/release.js";
import { gotoTable, output, popVlan, pushVlan, resubmit, setNumber } from "./actions.js";
import { cause } from "./cause.js";
import { unicastFrame } from "./ethernet.js";
import type { FlowDraft } from "./flow-set.js";
import { type IntegrationPort, isTunnelled, physicalBridgeOf } from "./host-facts.js";
import type { IntegrationSlice } from "../slices.js";

/**
 * Where a unicast frame of a network leaves br-int; undefined for flat networks, which are left to NORMAL.
 *
 * Source: Neutron `install_accepted_egress_direct_flow` of the agent and of the openvswitch firewall.
 */
export function leavingOfport(view: IntegrationSlice, { network }: IntegrationPort): number | undefined {
  if (isTunnelled(network.network.type)) return view.brInt.patchTunOfport;
  if (network.network.type !== "vlan") return undefined;
  return physicalBridgeOf(view, network)?.intOfport;
}

/**
 * `explicitly_egress_direct` without the openvswitch firewall.
 *
 * Source: Neutron `OVSNeutronAgent.install_ingress_direct_goto_flows`, `install_accepted_egress_direct_flow`.
 */
export function* directEgressFlows(view: IntegrationSlice, release: Release, ports: readonly IntegrationPort[]): Generator<FlowDraft> {
  const { pipeline } = release.flowTables.brInt;
  if (pipeline === undefined || !view.host.agent.explicitlyEgressDirect) return;
  const { transient, localMacDirect, transientEgress } = pipeline;
  const base = cause("egress-direct/base", view.host.pointer);
  yield { table: localMacDirect, priority: 0, match: {}, actions: [gotoTable(transientEgress)], origin: base };
  const patches = view.physicalBridges.map((bridge) => bridge.intOfport);
  if (view.brInt.patchTunOfport !== undefined) patches.push(view.brInt.patchTunOfport);
  for (const inPort of patches)
    yield { table: transient, priority: 4, match: { inPort }, actions: [gotoTable(localMacDirect)], origin: base };

  for (const bound of ports) {
    const { wired, localVlan } = bound;
    const { ofport: inPort, port } = wired;
    const origin = cause("egress-direct/deliver", port.pointer, view.host.pointer);
    const enter = [setNumber("reg6", localVlan), resubmit(localMacDirect)];
    yield { table: transient, priority: 9, match: { inPort, ethSrc: port.mac }, actions: enter, origin };
    const tagged = { vlanVid: localVlan, ethDst: port.mac };
    yield { table: localMacDirect, priority: 12, match: tagged, actions: [popVlan, output(inPort)], origin };
    const marked = { reg6: localVlan, ethDst: port.mac };
    yield { table: localMacDirect, priority: 12, match: marked, actions: [output(inPort)], origin };
    const leaving = leavingOfport(view, bound);
    if (leaving === undefined) continue;
    yield {
      table: transientEgress,
      priority: 10,
      match: { ...unicastFrame, inPort, ethSrc: port.mac },
      actions: [...pushVlan(localVlan), output(leaving)],
      origin: cause("egress-direct/leave", port.pointer, view.host.pointer),
    };
  }
}
