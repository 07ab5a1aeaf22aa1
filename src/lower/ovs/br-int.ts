import { deadVlan } from "../../ir/bridge.js";
import type { Release } from "../../releases/release.js";
import { drop, gotoTable, normal, pushVlan, setVlan } from "./actions.js";
import { arpSpoofingFlows } from "./arp-spoof.js";
import { cause } from "./cause.js";
import { dvrDeliveryFlows } from "./dvr-delivery.js";
import { directEgressFlows } from "./egress-direct.js";
import { firewallFlows } from "./firewall/firewall.js";
import type { FlowDraft, FlowSet } from "./flow-set.js";
import { boundPorts, type IntegrationPort, physicalBridgeOf } from "./host-facts.js";
import { switchLocally, untagged } from "./local-switching.js";
import type { IntegrationSlice } from "../slices.js";

/** OpenFlow's highest priority. Source: Neutron `OPENFLOW_MAX_PRIORITY`. */
const highestPriority = 65535;

/**
 * Every flow of br-int.
 *
 * Source: Neutron native `OVSIntegrationBridge`, `OVSNeutronAgent`, `OVSDVRNeutronAgent`.
 */
export function lowerBrInt(view: IntegrationSlice, release: Release, flows: FlowSet): void {
  flows.addAll(skeleton(view, release));
  flows.addAll(physicalNetworks(view, release));
  if (view.dvrMode) {
    flows.addAll(dvrSkeleton(view, release));
    flows.addAll(dvrDeliveryFlows(view, release));
  }
  const ports = boundPorts(view);
  flows.addAll(deadPorts(view, release, ports));
  if (view.host.agent.firewallDriver === "openvswitch") firewallFlows(view, release, ports, flows);
  else {
    const served = ports.filter(({ wired }) => wired.state !== "forgotten");
    flows.addAll(arpSpoofingFlows(view, release, served));
    flows.addAll(directEgressFlows(view, release, served));
  }
}

function* skeleton(view: IntegrationSlice, release: Release): Generator<FlowDraft> {
  const { localSwitching, canary, arpSpoof, pipeline } = release.flowTables.brInt;
  const origin = cause("br-int/base", view.host.pointer);
  const wiped = view.dvrMode && view.host.agent.dropFlowsOnStart && release.features.has("dvr-start-wipes-br-int");
  if (!wiped) {
    yield { table: localSwitching, priority: 0, match: {}, actions: [switchLocally(release)], origin };
    yield { table: arpSpoof, priority: 0, match: {}, actions: drop, origin };
  }
  yield { table: canary, priority: 0, match: {}, actions: drop, origin };
  for (const { intOfport } of view.physicalBridges) {
    const physical = cause("br-int/physical-default-drop", view.host.pointer);
    yield { table: localSwitching, priority: 2, match: { inPort: intOfport }, actions: drop, origin: physical };
  }
  if (pipeline === undefined) return;
  const { limitChain, localEgress, localIp, transient, transientEgress } = pipeline;
  const dead = cause("br-int/dead-vlan", view.host.pointer);
  yield { table: localSwitching, priority: highestPriority, match: { vlanVid: deadVlan }, actions: drop, origin: dead };
  yield { table: localEgress, priority: 0, match: {}, actions: [switchLocally(release)], origin };
  yield { table: localIp, priority: 0, match: {}, actions: [switchLocally(release)], origin };
  for (const [index, table] of limitChain.entries()) {
    yield { table, priority: 0, match: {}, actions: [gotoTable(limitChain[index + 1] ?? transient)], origin };
  }
  yield { table: transient, priority: release.flowPriorities.transientNormal, match: {}, actions: [normal], origin };
  yield { table: transientEgress, priority: 3, match: {}, actions: [normal], origin };
}

function* dvrSkeleton(view: IntegrationSlice, release: Release): Generator<FlowDraft> {
  const { localSwitching, dvrToSrcMac, dvrToSrcMacPhysical, pipeline } = release.flowTables.brInt;
  const origin = cause("br-int/dvr-base", view.host.pointer);
  yield { table: dvrToSrcMac, priority: 1, match: {}, actions: drop, origin };
  yield { table: dvrToSrcMacPhysical, priority: 1, match: {}, actions: drop, origin };
  if (pipeline === undefined) yield { table: localSwitching, priority: 1, match: {}, actions: [normal], origin };
  const { patchTunOfport } = view.brInt;
  for (const { host, mac } of view.otherDvrMacs) {
    const other = cause("br-int/dvr-mac", host.pointer, view.host.pointer);
    if (patchTunOfport !== undefined) {
      const match = { inPort: patchTunOfport, ethSrc: mac };
      yield { table: localSwitching, priority: 2, match, actions: [gotoTable(dvrToSrcMac)], origin: other };
    }
    for (const { intOfport } of view.physicalBridges) {
      const match = { inPort: intOfport, ethSrc: mac };
      yield { table: localSwitching, priority: 4, match, actions: [gotoTable(dvrToSrcMacPhysical)], origin: other };
    }
  }
  const { dvrMac } = view.host;
  if (pipeline === undefined || dvrMac === undefined) return;
  const own = cause("br-int/own-dvr-mac", view.host.pointer);
  if (patchTunOfport !== undefined) {
    const match = { inPort: patchTunOfport, ethDst: dvrMac };
    yield { table: localSwitching, priority: 5, match, actions: [gotoTable(pipeline.arpDvrMacToDstMac)], origin: own };
  }
  for (const { intOfport } of view.physicalBridges) {
    const match = { inPort: intOfport, ethDst: dvrMac };
    yield { table: localSwitching, priority: 5, match, actions: [gotoTable(pipeline.arpDvrMacToDstMacPhysical)], origin: own };
  }
}

/** Source: Neutron `OVSNeutronAgent.port_dead`, `drop_port`. */
function* deadPorts(view: IntegrationSlice, release: Release, ports: readonly IntegrationPort[]): Generator<FlowDraft> {
  for (const { wired } of ports) {
    if (wired.state !== "dead") continue;
    const origin = cause("br-int/dead-port", wired.port.pointer, view.host.pointer);
    yield { table: release.flowTables.brInt.localSwitching, priority: 2, match: { inPort: wired.ofport }, actions: drop, origin };
  }
}

function* physicalNetworks(view: IntegrationSlice, release: Release): Generator<FlowDraft> {
  for (const hostNetwork of view.networks) {
    const { network, localVlan } = hostNetwork;
    const bridge = physicalBridgeOf(view, hostNetwork);
    if (bridge === undefined) continue;
    const origin = cause("br-int/physical-network", network.pointer, view.host.pointer);
    const tagged = network.segmentationId !== undefined;
    const match = { inPort: bridge.intOfport, ...(network.segmentationId === undefined ? untagged : { vlanVid: network.segmentationId }) };
    const actions = [...(tagged ? [setVlan(localVlan)] : pushVlan(localVlan)), switchLocally(release)];
    yield { table: release.flowTables.brInt.localSwitching, priority: 3, match, actions, origin };
  }
}
