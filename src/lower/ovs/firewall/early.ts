import type { Action } from "../../../ir/action.js";
import { etherType, ipProtocol, type Match } from "../../../ir/match.js";
import type { Release } from "../../../releases/release.js";
import { drop, loadNumber, normal, output, popVlan, resubmit, zoneOfNetwork } from "../actions.js";
import { ipSource, isIpv4Match } from "../addresses.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { writtenSingly } from "./base.js";
import { commit, connection, revokedMark, track } from "./connection.js";
import { earlyRuleFlows } from "./early-rules.js";
import { dhcp, icmpv6 } from "./essential.js";
import type { FilteredPort } from "./filtered-port.js";
import type { GroupMembers } from "./members.js";
import type { IntegrationSlice } from "../../slices.js";

/** Marks an established connection that no rule allows any more. */
const revoke: Action = { kind: "ct", commit: true, zone: zoneOfNetwork, exec: [loadNumber("NXM_NX_CT_MARK", revokedMark)] };

/**
 * A filtered port under the openvswitch firewall as it was before it had tables of its own for entry and acceptance.
 *
 * Read in the source, never compared with a run. All its flows go over OpenFlow 1.0.
 * Source: Neutron 9.0.0 `openvswitch_firewall.firewall.OVSFirewallDriver`.
 */
export function* earlyPortFlows(
  view: IntegrationSlice,
  release: Release,
  filtered: FilteredPort,
  members: GroupMembers,
): Generator<FlowDraft> {
  for (const draft of portFlows(view, release, filtered)) yield { ...draft, flags: writtenSingly };
  for (const draft of earlyRuleFlows(release, filtered, members)) yield { ...draft, flags: writtenSingly };
}

function* portFlows(view: IntegrationSlice, release: Release, filtered: FilteredPort): Generator<FlowDraft> {
  const { localSwitching: table, baseEgress, baseIngress } = release.flowTables.brInt;
  const { port, ofport, mac, localVlan } = filtered;
  const mark = [loadNumber("NXM_NX_REG5", ofport), loadNumber("NXM_NX_REG6", localVlan)];
  const egress = cause("firewall/egress-entry", port.pointer, view.host.pointer);
  yield { table, priority: 100, match: { inPort: ofport }, actions: [...mark, resubmit(baseEgress)], origin: egress };
  const ingress = cause("firewall/ingress-entry", port.pointer, view.host.pointer);
  yield { table, priority: 90, match: { ethDst: mac }, actions: [...mark, resubmit(baseIngress)], origin: ingress };
  yield* egressFlows(view, release, filtered);
  yield* ingressFlows(view, release, filtered);
  yield* trackedFlows(view, release, filtered);
}

function* egressFlows(view: IntegrationSlice, release: Release, { port, ofport, mac, ipv4, ipv6 }: FilteredPort): Generator<FlowDraft> {
  const { baseEgress: table, rulesEgress, acceptOrIngress, baseIngress } = release.flowTables.brInt;
  const from: Match = { reg5: ofport, inPort: ofport };
  const nd = cause("firewall/nd-spoof", port.pointer, view.host.pointer);
  for (const icmpType of icmpv6.mayArrive) {
    const match = { ...from, ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType };
    yield { table, priority: 95, match, actions: [normal], origin: nd };
  }
  const arp = cause("firewall/arp-spoof", port.pointer, view.host.pointer);
  for (const { mac: ethSrc, address } of ipv4) {
    const arpSpa = address !== undefined && isIpv4Match(address) ? { arpSpa: address } : {};
    yield { table, priority: 95, match: { ...from, ethType: etherType.arp, ethSrc, ...arpSpa }, actions: [normal], origin: arp };
  }
  const ip = cause("firewall/ip-spoof", port.pointer, view.host.pointer);
  for (const [ethType, pairs] of [
    [etherType.ipv4, ipv4],
    [etherType.ipv6, ipv6],
  ] as const) {
    for (const { mac: ethSrc, address } of pairs) {
      const match = { ...from, ctState: connection.untracked, ethType, ethSrc, ...(address === undefined ? {} : ipSource(address)) };
      yield { table, priority: 65, match, actions: [track(rulesEgress)], origin: ip };
    }
  }
  const lease = cause("firewall/dhcp", port.pointer, view.host.pointer);
  for (const request of [dhcp.request4, dhcp.request6]) {
    yield { table, priority: 80, match: { ...from, ...request }, actions: [resubmit(acceptOrIngress)], origin: lease };
  }
  for (const answer of [dhcp.answer4, dhcp.answer6])
    yield { table, priority: 70, match: { ...from, ...answer }, actions: drop, origin: lease };
  const rest = cause("firewall/not-allowed", port.pointer, view.host.pointer);
  yield { table, priority: 10, match: { ...from, ctState: connection.untracked }, actions: drop, origin: rest };

  const local = cause("firewall/local-destination", port.pointer, view.host.pointer);
  const enter = [loadNumber("NXM_NX_REG5", ofport), resubmit(baseIngress)];
  yield { table: acceptOrIngress, priority: 100, match: { ethDst: mac }, actions: enter, origin: local };
  const fresh = { reg5: ofport, ctState: connection.fresh };
  yield { table: acceptOrIngress, priority: 90, match: fresh, actions: [commit, normal], origin: local };
  yield { table: acceptOrIngress, priority: 80, match: { reg5: ofport }, actions: [normal], origin: local };
}

function* ingressFlows(view: IntegrationSlice, release: Release, { port, ofport, mac }: FilteredPort): Generator<FlowDraft> {
  const { baseIngress: table, rulesIngress } = release.flowTables.brInt;
  const deliver = [popVlan, output(ofport)];
  const to: Match = { reg5: ofport, ethDst: mac };
  const essential = cause("firewall/essential-ingress", port.pointer, view.host.pointer);
  yield { table, priority: 100, match: { ...to, ethType: etherType.arp }, actions: deliver, origin: essential };
  for (const icmpType of icmpv6.mayArrive) {
    const match = { ...to, ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType };
    yield { table, priority: 100, match, actions: deliver, origin: essential };
  }
  for (const answer of [dhcp.answer4, dhcp.answer6]) {
    yield { table, priority: 95, match: { reg5: ofport, ...answer }, actions: deliver, origin: essential };
  }
  const tracking = cause("firewall/track-ingress", port.pointer, view.host.pointer);
  for (const ethType of [etherType.ipv4, etherType.ipv6]) {
    const match = { reg5: ofport, ctState: connection.untracked, ethType };
    yield { table, priority: 90, match, actions: [track(rulesIngress)], origin: tracking };
  }
  yield { table, priority: 80, match: { ...to, ctState: connection.tracked }, actions: [resubmit(rulesIngress)], origin: tracking };
}

function* trackedFlows(view: IntegrationSlice, release: Release, { port, ofport, mac, localVlan }: FilteredPort): Generator<FlowDraft> {
  const { rulesEgress, rulesIngress } = release.flowTables.brInt;
  const origin = cause("firewall/tracked", port.pointer, view.host.pointer);
  for (const { table, match, pass } of [
    { table: rulesEgress, match: { reg5: ofport }, pass: [normal] },
    { table: rulesIngress, match: { reg5: ofport, ethDst: mac }, pass: [popVlan, output(ofport)] },
  ]) {
    yield { table, priority: 50, match: { ctState: connection.invalid }, actions: drop, origin };
    yield { table, priority: 50, match: { reg5: ofport, ctMark: revokedMark }, actions: drop, origin };
    for (const ctState of [connection.reply, connection.related]) {
      yield { table, priority: 50, match: { ...match, ctState, ctZone: localVlan, ctMark: 0 }, actions: pass, origin };
    }
    yield { table, priority: 40, match: { reg5: ofport, ctState: connection.notEstablished }, actions: drop, origin };
    yield { table, priority: 40, match: { reg5: ofport, ctState: connection.established }, actions: [revoke], origin };
  }
}
