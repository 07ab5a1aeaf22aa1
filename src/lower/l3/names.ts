import type { ResolvedNetwork, ResolvedRouter } from "../../model/resolved.js";

/** Namespace of a router on every host that has it. Source: Neutron `namespaces.NS_PREFIX`. */
export function qrouterName(router: ResolvedRouter): string {
  return `qrouter-${router.id}`;
}

/** Namespace of a distributed router's centralised SNAT. Source: Neutron `dvr_snat_ns.SNAT_NS_PREFIX`. */
export function snatName(router: ResolvedRouter): string {
  return `snat-${router.id}`;
}

/** Namespace of an external network's floating IPs on a host. Source: Neutron `dvr_fip_ns.FIP_NS_PREFIX`. */
export function fipName(network: ResolvedNetwork): string {
  return `fip-${network.id}`;
}

/** Namespace of a network's DHCP server. Source: Neutron `linux.dhcp.NS_PREFIX`. */
export function qdhcpName(network: ResolvedNetwork): string {
  return `qdhcp-${network.id}`;
}
