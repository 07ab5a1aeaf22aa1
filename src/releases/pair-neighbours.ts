import type { Release } from "./release.js";

/**
 * Whether it is history by which MAC a router knows an allowed address pair: agents that make a router take the pair's own, and servers that tell
 * agents of a port name the port's. Source: Neutron 21 `DvrLocalRouter._set_subnet_arp_info`, `update_arp_entry_for_dvr_service_port`.
 */
export function knowsPairsByHistory({ features }: Release): boolean {
  return features.has("neighbours-of-bound-ports") && !features.has("neighbours-pair-mac");
}
