import { etherType, ipProtocol } from "../../../ir/match.js";
import type { Release } from "../../../releases/release.js";
import { output, resubmit } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { connection, track } from "./connection.js";
import { dhcp, icmpv6 } from "./essential.js";
import type { FilteredPort } from "./filtered-port.js";
import type { IntegrationSlice } from "../../slices.js";

/**
 * What reaches a filtered port before its rules are asked.
 *
 * Source: Neutron `OVSFirewallDriver._initialize_ingress`, `_initialize_ingress_ipv6_icmp`.
 */
export function* ingressFlows(view: IntegrationSlice, release: Release, { port, ofport }: FilteredPort): Generator<FlowDraft> {
  const { baseIngress: table, rulesIngress } = release.flowTables.brInt;
  const to = { reg5: ofport };
  const deliver = [output(ofport)];
  const essential = cause("firewall/essential-ingress", port.pointer, view.host.pointer);
  yield { table, priority: 100, match: { ...to, ethType: etherType.arp }, actions: deliver, origin: essential };
  for (const icmpType of icmpv6.mayArrive) {
    const match = { ...to, ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType };
    yield { table, priority: 100, match, actions: deliver, origin: essential };
  }
  for (const answer of [dhcp.answer4, dhcp.answer6]) {
    yield { table, priority: 95, match: { ...to, ...answer }, actions: deliver, origin: essential };
  }
  const tracking = cause("firewall/track-ingress", port.pointer, view.host.pointer);
  for (const ethType of [etherType.ipv4, etherType.ipv6]) {
    const match = { ...to, ctState: connection.untracked, ethType };
    yield { table, priority: 90, match, actions: [track(rulesIngress)], origin: tracking };
  }
  yield { table, priority: 80, match: { ...to, ctState: connection.tracked }, actions: [resubmit(rulesIngress)], origin: tracking };
}
