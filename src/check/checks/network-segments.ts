import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { carriageOf } from "../../model/carriage.js";
import type { NetworkDeclaration, NetworkType } from "../../model/topology.js";
import type { CheckContext } from "../context.js";

/** Segmentation ids of each type. Source: IEEE 802.1Q; RFC 7348; RFC 2890 (32-bit key); RFC 8926; Neutron `type_*.py`. */
const ranges: Readonly<Record<Exclude<NetworkType, "flat">, readonly [first: number, last: number]>> = {
  vlan: [1, 4094],
  vxlan: [1, 16777215],
  geneve: [1, 16777215],
  gre: [1, 4294967295],
};

/** Provider attributes fit the type of the network. Source: Neutron `validate_provider_segment` of each type driver. */
export function* checkNetworkSegments(context: CheckContext): Iterable<Diagnostic> {
  for (const network of context.topology.networks.values()) {
    const { key, segmentationId: id, pointer, physicalNetwork: physical } = network;
    const { type } = carriageOf(network, context.topology.server);
    yield* checkPhysicalNetwork(context, network, type);
    if (id === undefined) continue;
    const place = context.at(`${pointer}/provider:segmentation_id`);
    if (type === "flat") yield report("unexpected-segmentation-id", { network: key, id }, place);
    else {
      const [first, last] = ranges[type];
      if (id < first || id > last) yield report("segmentation-id-out-of-range", { id, network: key, first, last }, place);
      if (type === "vlan" && physical === undefined) yield report("missing-physical-network", { network: key, type }, place);
    }
  }
}

function* checkPhysicalNetwork(context: CheckContext, network: NetworkDeclaration, type: NetworkType): Iterable<Diagnostic> {
  const { key, physicalNetwork: physical, pointer } = network;
  if (type === "flat" && physical === undefined) {
    yield report("missing-physical-network", { network: key, type }, context.atMember(pointer, "provider:network_type"));
  }
  if (type !== "flat" && type !== "vlan" && physical !== undefined) {
    const place = context.at(`${pointer}/provider:physical_network`);
    yield report("unexpected-physical-network", { network: key, type, physical }, place);
  }
}
