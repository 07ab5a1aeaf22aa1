import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { carriageOf } from "../../model/carriage.js";
import type { NetworkDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";

/** No two networks share a segment. Source: Neutron `TunnelIdInUse`, `VlanIdInUse`, `FlatNetworkInUse`. */
export function* checkSegmentCollisions({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const owners = new Map<string, NetworkDeclaration>();
  for (const network of topology.networks.values()) {
    const { type, physicalNetwork: physical = "" } = carriageOf(network, topology.server);
    const id = network.segmentationId;
    if (type === "flat" ? physical === "" : id === undefined) continue;
    const segment = type === "flat" ? `flat ${physical}` : type === "vlan" ? `vlan ${id} ${physical}` : `${type} ${id}`;
    const first = owners.get(segment);
    if (first === undefined) {
      owners.set(segment, network);
      continue;
    }
    const attribute = type === "flat" ? "provider:physical_network" : "provider:segmentation_id";
    const related = [{ at: at(`${first.pointer}/${attribute}`), message: `"${first.key}" has it here.` }];
    const place = at(`${network.pointer}/${attribute}`);
    if (type === "flat") {
      yield report("flat-network-in-use", { first: first.key, second: network.key, physical }, place, { related });
      continue;
    }
    const what = type === "vlan" ? `on physical network "${physical}" VLAN` : `${type} segmentation id`;
    yield report("segmentation-id-in-use", { what, id: id ?? 0, first: first.key, second: network.key }, place, { related });
  }
}
