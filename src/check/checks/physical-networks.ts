import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { carriageOf } from "../../model/carriage.js";
import type { NetworkDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";

/** Physical networks exist: some host maps each, and VLAN networks find an id on theirs. Source: Neutron `VlanTypeDriver`. */
export function* checkPhysicalNetworks(context: CheckContext): Iterable<Diagnostic> {
  const { topology, atMember } = context;
  const mapped = new Set([...topology.hosts.values()].flatMap((host) => [...host.bridgeMappings.keys()]));
  const bridged = [...topology.hosts.values()].some((host) => host.externalNetworkBridge !== undefined);
  for (const network of topology.networks.values()) {
    const { type, physicalNetwork: physical } = carriageOf(network, topology.server);
    if (type !== "flat" && type !== "vlan") continue;
    const reason = type === "vlan" ? rangeFlaw(context, network, physical) : undefined;
    const place = atMember(network.pointer, "provider:physical_network", "provider:network_type");
    if (reason !== undefined) yield report("no-vlan-range", { network: network.key, reason }, place);
    else if (physical !== undefined && !mapped.has(physical) && !(network.external && bridged)) {
      yield report("unmapped-physical-network", { network: network.key, physical }, place);
    }
  }
}

function rangeFlaw({ topology }: CheckContext, network: NetworkDeclaration, physical: string | undefined): string | undefined {
  const ranges = topology.server.networkVlanRanges;
  if (network.segmentationId !== undefined) return undefined;
  if (physical === undefined) return "neutron.network_vlan_ranges is empty";
  return physical in ranges ? undefined : `physical network "${physical}" has no VLAN range`;
}
