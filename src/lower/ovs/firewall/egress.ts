import { etherType, ipProtocol, type Match } from "../../../ir/match.js";
import { type Ipv4, parseIpv4 } from "../../../net/ip.js";
import { defined } from "../../../base/invariant.js";
import type { IntegrationPipeline, Release } from "../../../releases/release.js";
import { ctClear, resubmit, setNumber } from "../actions.js";
import { ipSource, isIpv4Match } from "../addresses.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { commit, connection, track } from "./connection.js";
import { dhcp, icmpv6 } from "./essential.js";
import type { AllowedPair, FilteredPort } from "./filtered-port.js";
import type { IntegrationSlice } from "../../slices.js";

const unspecified: Ipv4 = defined(parseIpv4("0.0.0.0"), "0.0.0.0");

/**
 * What a filtered port may send before its rules are asked, and where the allowed goes.
 *
 * Source: Neutron `OVSFirewallDriver._initialize_egress`, `_initialize_egress_ipv6_icmp`.
 */
export function* egressFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  filtered: FilteredPort,
): Generator<FlowDraft> {
  yield* spoofingFlows(view, release, pipeline, filtered);
  yield* dhcpFlows(view, release, pipeline, filtered);
  const { baseEgress } = release.flowTables.brInt;
  const origin = cause("firewall/not-allowed", filtered.port.pointer, view.host.pointer);
  yield { table: baseEgress, priority: 10, match: sentBy(filtered), actions: [ctClear, resubmit(pipeline.dropped)], origin };
  yield* acceptedFlows(view, release, pipeline, filtered);
}

function sentBy({ ofport }: FilteredPort): Match {
  return { reg5: ofport, inPort: ofport };
}

/** A packet of an allowed pair. */
function packetOf(from: Match, { mac, address }: AllowedPair): Match {
  return { ...from, ethSrc: mac, ...(address === undefined ? {} : ipSource(address)) };
}

function* spoofingFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  filtered: FilteredPort,
): Generator<FlowDraft> {
  const { baseEgress: table, rulesEgress } = release.flowTables.brInt;
  const { port, ipv4, ipv6 } = filtered;
  const from = sentBy(filtered);
  const accept = [resubmit(pipeline.acceptedEgressNormal)];
  const arp = cause("firewall/arp-spoof", port.pointer, view.host.pointer);
  const rarp = cause("firewall/rarp", port.pointer, view.host.pointer);
  const nd = cause("firewall/nd-spoof", port.pointer, view.host.pointer);
  const ip = cause("firewall/ip-spoof", port.pointer, view.host.pointer);
  for (const pair of ipv4) {
    const { mac, address } = pair;
    const arpSpa = address !== undefined && isIpv4Match(address) ? { arpSpa: address } : {};
    yield { table, priority: 95, match: { ...from, ethType: etherType.arp, ethSrc: mac, ...arpSpa }, actions: accept, origin: arp };
    if (release.features.has("firewall-rarp")) {
      yield { table, priority: 95, match: { ...from, ethType: etherType.rarp, ethSrc: mac }, actions: accept, origin: rarp };
    }
    yield { table, priority: 65, match: { ...packetOf(from, pair), ethType: etherType.ipv4 }, actions: [track(rulesEgress)], origin: ip };
  }
  for (const pair of ipv6) {
    const packet = { ...packetOf(from, pair), ethType: etherType.ipv6 };
    const icmp = { ipProto: ipProtocol.icmpv6 };
    for (const icmpType of icmpv6.mayLeave)
      yield { table, priority: 95, match: { ...packet, ...icmp, icmpType }, actions: accept, origin: nd };
    const target = pair.address === undefined || isIpv4Match(pair.address) ? {} : { ndTarget: pair.address };
    const advertisement = { ...from, ethType: etherType.ipv6, ...icmp, icmpType: icmpv6.neighbourAdvertisement, ...target };
    yield { table, priority: 95, match: advertisement, actions: accept, origin: nd };
    yield { table, priority: 65, match: packet, actions: [track(rulesEgress)], origin: ip };
  }
}

function* dhcpFlows(view: IntegrationSlice, release: Release, pipeline: IntegrationPipeline, filtered: FilteredPort): Generator<FlowDraft> {
  const { baseEgress: table, acceptOrIngress } = release.flowTables.brInt;
  const from = sentBy(filtered);
  const origin = cause("firewall/dhcp", filtered.port.pointer, view.host.pointer);
  const ask = [resubmit(acceptOrIngress)];
  for (const pair of [...filtered.ipv4, { mac: filtered.mac, address: unspecified }]) {
    yield { table, priority: 80, match: { ...packetOf(from, pair), ...dhcp.request4 }, actions: ask, origin };
  }
  for (const pair of filtered.ipv6)
    yield { table, priority: 80, match: { ...packetOf(from, pair), ...dhcp.request6 }, actions: ask, origin };
  const refuse = [resubmit(pipeline.dropped)];
  const routerAdvertisement = { ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType: icmpv6.routerAdvertisement };
  for (const served of [dhcp.answer4, dhcp.answer6, routerAdvertisement]) {
    yield { table, priority: 70, match: { ...from, ...served }, actions: refuse, origin };
  }
}

function* acceptedFlows(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  filtered: FilteredPort,
): Generator<FlowDraft> {
  const { acceptOrIngress: table, baseIngress } = release.flowTables.brInt;
  const { port, ofport, macs, localVlan } = filtered;
  const origin = cause("firewall/local-destination", port.pointer, view.host.pointer);
  const enter = [setNumber("reg5", ofport), resubmit(baseIngress)];
  for (const ethDst of macs) yield { table, priority: 100, match: { reg6: localVlan, ethDst }, actions: enter, origin };
  const leave = [commit, resubmit(pipeline.acceptedEgress)];
  for (const ethType of [etherType.ipv4, etherType.ipv6]) {
    yield { table, priority: 90, match: { reg5: ofport, ctState: connection.fresh, ethType }, actions: leave, origin };
  }
  yield { table, priority: 80, match: { reg5: ofport }, actions: [resubmit(pipeline.acceptedEgressNormal)], origin };
}
