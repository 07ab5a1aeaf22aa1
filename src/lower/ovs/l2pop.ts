import { isIpv4 } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { output, popVlan, setNumber } from "./actions.js";
import { arpResponderFlow } from "./arp-responder.js";
import { cause } from "./cause.js";
import type { FlowDraft } from "./flow-set.js";
import { hasArpResponder, isTunnelled } from "./host-facts.js";
import type { TunnelSlice } from "../slices.js";

/**
 * What l2population tells a host of the ports of its networks on other hosts.
 *
 * A port without an address has no entry.
 * Source: Neutron `OVSNeutronAgent.add_fdb_flow`, `l2pop.mech_driver`.
 */
export function* l2populationFlows(view: TunnelSlice, release: Release): Generator<FlowDraft> {
  const { ucastToTun } = release.flowTables.brTun;
  const answersArp = hasArpResponder(view, release);
  for (const { network, localVlan, remotePorts } of view.networks) {
    if (!isTunnelled(network.type) || network.segmentationId === undefined) continue;
    const intoTunnel = setNumber("tunId", network.segmentationId);
    for (const { port, tunnel } of remotePorts) {
      if (port.fixedIps.length === 0) continue;
      yield {
        table: ucastToTun,
        priority: 2,
        match: { vlanVid: localVlan, ethDst: port.mac },
        actions: [popVlan, intoTunnel, output(tunnel.ofport)],
        origin: cause("l2pop/unicast", port.pointer, tunnel.remote.pointer),
      };
      if (!answersArp) continue;
      for (const { ip } of port.fixedIps) if (isIpv4(ip)) yield arpResponderFlow(release, localVlan, ip, port);
    }
  }
}
