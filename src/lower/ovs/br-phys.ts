import type { HostPhysicalBridge, LocalNetwork } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import { drop, gotoTable, normal, output, popVlan, setVlan } from "./actions.js";
import { cause } from "./cause.js";
import { dvrProcessFlows } from "./dvr-process.js";
import type { FlowDraft, FlowSet } from "./flow-set.js";
import type { PhysicalSlice } from "../slices.js";

/**
 * Every flow of a physical bridge.
 *
 * Source: Neutron native `OVSPhysicalBridge`, `OVSNeutronAgent.setup_physical_bridges`, `OVSDVRNeutronAgent.setup_dvr_flows_on_phys_br`.
 */
export function lowerBrPhys(view: PhysicalSlice, release: Release, bridge: HostPhysicalBridge, flows: FlowSet): void {
  flows.addAll(skeleton(view, release, bridge));
  flows.addAll(networkFlows(view, release, bridge));
  if (!view.dvrMode) return;
  const { dvrProcess, dvrDrops, localVlanTranslation } = release.flowTables.brPhys;
  const routed = carriedNetworks(view, bridge).filter(
    ({ network }) => network.type === "vlan" || release.features.has("dvr-flat-networks"),
  );
  flows.addAll(dvrSkeleton(view, release, bridge));
  flows.addAll(dvrProcessFlows(view, release, { dvrProcess, dvrDrops, next: localVlanTranslation }, routed));
}

function carriedNetworks(view: PhysicalSlice, { physicalNetwork }: HostPhysicalBridge): readonly LocalNetwork[] {
  return view.networks.filter(({ network }) => network.physicalNetwork === physicalNetwork);
}

function* skeleton(view: PhysicalSlice, release: Release, { phyOfport }: HostPhysicalBridge): Generator<FlowDraft> {
  const { localSwitching } = release.flowTables.brPhys;
  const origin = cause("br-phys/base", view.host.pointer);
  yield { table: localSwitching, priority: 0, match: {}, actions: [normal], origin };
  if (!view.dvrMode) yield { table: localSwitching, priority: 2, match: { inPort: phyOfport }, actions: drop, origin };
}

function* dvrSkeleton(view: PhysicalSlice, release: Release, { phyOfport }: HostPhysicalBridge): Generator<FlowDraft> {
  const { localSwitching, dvrProcess, localVlanTranslation, dvrNotLearn } = release.flowTables.brPhys;
  const origin = cause("br-phys/dvr-base", view.host.pointer);
  yield { table: localSwitching, priority: 2, match: { inPort: phyOfport }, actions: [gotoTable(dvrProcess)], origin };
  yield { table: localSwitching, priority: 1, match: {}, actions: [gotoTable(dvrNotLearn)], origin };
  yield { table: dvrProcess, priority: 0, match: {}, actions: [gotoTable(localVlanTranslation)], origin };
  yield { table: localVlanTranslation, priority: 2, match: { inPort: phyOfport }, actions: drop, origin };
  yield { table: dvrNotLearn, priority: 1, match: {}, actions: [normal], origin };
  for (const { host, mac } of view.otherDvrMacs) {
    const other = cause("br-phys/dvr-mac", host.pointer, view.host.pointer);
    yield { table: dvrNotLearn, priority: 2, match: { ethSrc: mac }, actions: [output(phyOfport)], origin: other };
  }
}

function* networkFlows(view: PhysicalSlice, release: Release, bridge: HostPhysicalBridge): Generator<FlowDraft> {
  for (const { network, localVlan } of carriedNetworks(view, bridge)) {
    yield {
      table: translationTable(view, release, network.segmentationId === undefined),
      priority: 4,
      match: { inPort: bridge.phyOfport, vlanVid: localVlan },
      actions: [network.segmentationId === undefined ? popVlan : setVlan(network.segmentationId), normal],
      origin: cause("br-phys/network", network.pointer, view.host.pointer),
    };
  }
}

function translationTable(view: PhysicalSlice, release: Release, flat: boolean): number {
  const { localSwitching, localVlanTranslation, flatTranslation } = release.flowTables.brPhys;
  if (!view.dvrMode) return localSwitching;
  return flat ? flatTranslation : localVlanTranslation;
}
