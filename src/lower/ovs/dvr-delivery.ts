import type { Match } from "../../ir/match.js";
import { etherType } from "../../ir/match.js";
import type { DvrDelivery, LocalNetwork } from "../../model/host-view.js";
import type { Mac } from "../../net/mac.js";
import type { IntegrationPipeline, Release } from "../../releases/release.js";
import { output, popVlan, setMac } from "./actions.js";
import { cause } from "./cause.js";
import type { FlowDraft } from "./flow-set.js";
import { isTunnelled } from "./host-facts.js";
import { switchLocally, untagged } from "./local-switching.js";
import type { IntegrationSlice } from "../slices.js";

/** ARP's reply operation (RFC 826). */
const arpReply = 2;

/**
 * Delivery of what other hosts' routers sent to local ports, and of ARP replies to the host's own router interfaces.
 *
 * Source: Neutron `OVSIntegrationBridge.install_dvr_to_src_mac`, `install_dvr_dst_mac_for_arp`, `OVSDVRInterfaceMixin.change_arp_destination_mac`.
 */
export function* dvrDeliveryFlows(view: IntegrationSlice, release: Release): Generator<FlowDraft> {
  for (const delivery of view.dvrDeliveries) yield* deliveryFlows(view, release, delivery);
  const { pipeline } = release.flowTables.brInt;
  const { dvrMac } = view.host;
  if (pipeline === undefined || dvrMac === undefined) return;
  for (const network of view.networks) yield* arpReplyDelivery(view, release, pipeline, network, dvrMac);
  for (const { subnet, interface: gateway } of view.subnetGateways) {
    if (subnet.version !== 4) continue;
    yield {
      table: release.flowTables.brInt.localSwitching,
      priority: 99,
      match: { ethType: etherType.arp, ethDst: dvrMac, arpOp: arpReply, arpTha: gateway.mac },
      actions: [setMac("ethDst", gateway.mac), switchLocally(release)],
      origin: cause("br-int/dvr-arp-reply", gateway.pointer, subnet.pointer, view.host.pointer),
    };
  }
}

function* deliveryFlows(view: IntegrationSlice, release: Release, delivery: DvrDelivery): Generator<FlowDraft> {
  const { wired, network, macs, directMacs, gateway, gatewayMac } = delivery;
  const { dvrToSrcMac, dvrToSrcMacPhysical, pipeline } = release.flowTables.brInt;
  const frame = arrivingFrame(network);
  if (frame === undefined || (network.network.type === "flat" && !release.features.has("dvr-flat-networks"))) return;
  const table = isTunnelled(network.network.type) ? dvrToSrcMac : dvrToSrcMacPhysical;
  const priority = release.flowPriorities.dvrDelivery;
  const origin = cause("br-int/dvr-delivery", wired.port.pointer, gateway.pointer, view.host.pointer);
  const deliver = network.network.type === "flat" ? [output(wired.ofport)] : [popVlan, output(wired.ofport)];
  if (pipeline === undefined) {
    for (const mac of macs) {
      const actions = [popVlan, setMac("ethSrc", gatewayMac), output(wired.ofport)];
      yield { table, priority, match: { ...frame, ethDst: mac }, actions, origin };
    }
    return;
  }
  for (const mac of macs) {
    yield { table, priority, match: { ...frame, ethDst: mac }, actions: [setMac("ethSrc", gatewayMac), switchLocally(release)], origin };
  }
  for (const mac of directMacs) {
    yield { table: pipeline.transient, priority, match: { ...frame, ethDst: mac }, actions: deliver, origin };
  }
}

/** The tag of a network's frames before br-int has given them the local VLAN: DVR frames skip that step on physical networks. */
function arrivingFrame({ network, localVlan }: LocalNetwork): Match | undefined {
  if (isTunnelled(network.type)) return { vlanVid: localVlan };
  if (network.type === "flat") return untagged;
  return network.segmentationId === undefined ? undefined : { vlanVid: network.segmentationId };
}

/** One flow for each network: its match has no interface in it, so that the interface bound last is left. */
function* arpReplyDelivery(
  view: IntegrationSlice,
  release: Release,
  pipeline: IntegrationPipeline,
  { network, localVlan, arpReplyInterface }: LocalNetwork,
  dvrMac: Mac,
): Generator<FlowDraft> {
  if (arpReplyInterface === undefined) return;
  const { port, ofport } = arpReplyInterface;
  yield {
    table: isTunnelled(network.type) ? pipeline.arpDvrMacToDstMac : pipeline.arpDvrMacToDstMacPhysical,
    priority: 5,
    match: { vlanVid: localVlan, ethDst: dvrMac },
    actions: [setMac("ethDst", port.mac), popVlan, output(ofport)],
    origin: cause("br-int/dvr-arp-delivery", port.pointer, network.pointer, view.host.pointer),
  };
}
