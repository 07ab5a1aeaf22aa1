import type { Action } from "../../ir/action.js";
import { etherType, ipProtocol, type Match } from "../../ir/match.js";
import type { HostView } from "../../model/host-view.js";
import type { NetworkType } from "../../model/topology.js";
import type { Release } from "../../releases/release.js";
import { drop, gotoTable, output, popVlan, pushVlan, setNumber } from "./actions.js";
import { broadcastMac, groupFrame, unicastFrame } from "./ethernet.js";
import { cause } from "./cause.js";
import { dvrProcessFlows } from "./dvr-process.js";
import type { FlowDraft, FlowSet } from "./flow-set.js";
import { hasArpResponder, isTunnelled } from "./host-facts.js";
import { l2populationFlows } from "./l2pop.js";
import { learnSource } from "./learn.js";
import type { TunnelSlice } from "../slices.js";

type TunnelBridge = NonNullable<HostView["brTun"]>;

/** Where every frame begins: OpenFlow's own rule. */
const firstTable = 0;

/**
 * Every flow of br-tun.
 *
 * Source: Neutron native `OVSTunnelBridge`, `OVSNeutronAgent`, `OVSDVRNeutronAgent.setup_dvr_flows_on_tun_br`.
 */
export function lowerBrTun(view: TunnelSlice, release: Release, bridge: TunnelBridge, flows: FlowSet): void {
  flows.addAll(skeleton(view, release, bridge));
  flows.addAll(learning(view, release, bridge, flows.cookie));
  flows.addAll(tunnels(view, release, bridge));
  if (view.dvrMode) flows.addAll(dvrSkeleton(view, release, bridge));
  flows.addAll(tunnelledNetworkFlows(view, release));
}

/** Those flows of br-tun that it has because of the host's networks. */
export function* tunnelledNetworkFlows(view: TunnelSlice, release: Release): Generator<FlowDraft> {
  if (view.dvrMode) {
    const { dvrProcess, dvrDrops, patchLvToTun } = release.flowTables.brTun;
    const tunnelled = view.networks.filter(({ network }) => isTunnelled(network.type));
    yield* dvrProcessFlows(view, release, { dvrProcess, dvrDrops, next: patchLvToTun }, tunnelled);
  }
  yield* networks(view, release);
  yield* l2populationFlows(view, release);
}

/** Table in which the tunnel key of a type becomes a local VLAN. Source: Neutron `TUN_TABLE`. */
function tableOfType(release: Release, type: NetworkType): number {
  const { greTunToLv, vxlanTunToLv, geneveTunToLv } = release.flowTables.brTun;
  return type === "gre" ? greTunToLv : type === "geneve" ? geneveTunToLv : vxlanTunToLv;
}

function* skeleton(view: TunnelSlice, release: Release, { patchIntOfport }: TunnelBridge): Generator<FlowDraft> {
  const { dvrProcess, patchLvToTun, greTunToLv, vxlanTunToLv, geneveTunToLv, ucastToTun, arpResponder, floodToTun } =
    release.flowTables.brTun;
  const origin = cause("br-tun/base", view.host.pointer);
  const fromInside = view.dvrMode ? dvrProcess : patchLvToTun;
  yield { table: firstTable, priority: 1, match: { inPort: patchIntOfport }, actions: [gotoTable(fromInside)], origin };
  yield { table: patchLvToTun, priority: 0, match: unicastFrame, actions: [gotoTable(ucastToTun)], origin };
  yield { table: patchLvToTun, priority: 0, match: groupFrame, actions: [gotoTable(floodToTun)], origin };
  yield { table: ucastToTun, priority: 0, match: {}, actions: [gotoTable(floodToTun)], origin };
  for (const table of [firstTable, greTunToLv, vxlanTunToLv, geneveTunToLv, floodToTun]) {
    yield { table, priority: 0, match: {}, actions: drop, origin };
  }
  if (!hasArpResponder(view, release)) return;
  const arpBroadcast = { ethType: etherType.arp, ethDst: broadcastMac };
  yield { table: patchLvToTun, priority: 1, match: arpBroadcast, actions: [gotoTable(arpResponder)], origin };
  yield { table: arpResponder, priority: 0, match: {}, actions: [gotoTable(floodToTun)], origin };
}

/** Gratuitous ARP, router and neighbour advertisements. */
const announcements: readonly Match[] = [
  { ethType: etherType.arp, arpTha: broadcastMac },
  { ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType: 134 },
  { ethType: etherType.ipv6, ipProto: ipProtocol.icmpv6, icmpType: 136 },
];

function* learning(view: TunnelSlice, release: Release, { patchIntOfport }: TunnelBridge, cookie: bigint): Generator<FlowDraft> {
  const { learnFromTun, ucastToTun } = release.flowTables.brTun;
  const origin = cause("br-tun/base", view.host.pointer);
  const actions: readonly Action[] = [learnSource(ucastToTun, cookie), output(patchIntOfport)];
  yield { table: learnFromTun, priority: 1, match: {}, actions, origin };
  if (!release.features.has("learn-from-announcements")) return;
  for (const match of announcements) yield { table: learnFromTun, priority: 2, match, actions, origin };
}

function* tunnels(view: TunnelSlice, release: Release, bridge: TunnelBridge): Generator<FlowDraft> {
  for (const { remote, ofport, type } of bridge.tunnels) {
    const origin = cause("br-tun/tunnel-port", remote.pointer, view.host.pointer);
    yield { table: firstTable, priority: 1, match: { inPort: ofport }, actions: [gotoTable(tableOfType(release, type))], origin };
  }
}

function* dvrSkeleton(view: TunnelSlice, release: Release, { patchIntOfport }: TunnelBridge): Generator<FlowDraft> {
  const { dvrProcess, patchLvToTun, dvrNotLearn, learnFromTun } = release.flowTables.brTun;
  const origin = cause("br-tun/dvr-base", view.host.pointer);
  yield { table: dvrProcess, priority: 0, match: {}, actions: [gotoTable(patchLvToTun)], origin };
  yield { table: dvrNotLearn, priority: 0, match: {}, actions: [gotoTable(learnFromTun)], origin };
  for (const { host, mac } of view.otherDvrMacs) {
    const other = cause("br-tun/dvr-mac", host.pointer, view.host.pointer);
    yield { table: dvrNotLearn, priority: 1, match: { ethSrc: mac }, actions: [output(patchIntOfport)], origin: other };
  }
}

function* networks(view: TunnelSlice, release: Release): Generator<FlowDraft> {
  const { dvrNotLearn, learnFromTun, floodToTun } = release.flowTables.brTun;
  for (const { network, localVlan, floodTo } of view.networks) {
    if (!isTunnelled(network.type) || network.segmentationId === undefined) continue;
    const origin = cause("br-tun/network", network.pointer, view.host.pointer);
    const enter = [...pushVlan(localVlan), gotoTable(view.dvrMode ? dvrNotLearn : learnFromTun)];
    yield { table: tableOfType(release, network.type), priority: 1, match: { tunId: network.segmentationId }, actions: enter, origin };
    if (floodTo === undefined || floodTo.length === 0) continue;
    const flood = [popVlan, setNumber("tunId", network.segmentationId), ...floodTo.map(({ ofport }) => output(ofport))];
    const remotes = floodTo.map(({ remote }) => remote.pointer);
    const floodOrigin = cause("br-tun/flood", network.pointer, ...remotes);
    yield { table: floodToTun, priority: 1, match: { vlanVid: localVlan }, actions: flood, origin: floodOrigin };
  }
}
