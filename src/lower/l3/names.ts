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

/** Device of a distributed router that leads to its fip namespace, whether the host has it or not. Source: Neutron `FipNamespace.get_rtr_ext_device_name`. */
export function rfpName(router: ResolvedRouter): string {
  return `rfp-${router.id}`.slice(0, deviceNameLength);
}

/** Length to which Neutron cuts device names. Source: neutron_lib `constants.DEVICE_NAME_MAX_LEN`, less one. */
const deviceNameLength = 14;
