import type { ResolvedNetwork } from "../../model/resolved.js";
import { type Ip, ipVersion, type Ipv6, type IpVersion, linkLocal } from "../../net/ip.js";

/** Source: neutron_lib `constants.ROUTER_INTERFACE_OWNERS`. */
const routerInterfaceOwners: ReadonlySet<string> = new Set(["network:router_interface", "network:router_interface_distributed"]);

/**
 * Addresses from which a network's DHCP servers answer; in IPv6 their link-local ones, each once.
 *
 * Source: Neutron 9.0.0 `SecurityGroupServerRpcMixin._select_dhcp_ips_for_network_ids`.
 */
export function dhcpServers(network: ResolvedNetwork, version: IpVersion): Ip[] {
  const addresses = network.ports
    .filter(({ deviceOwner }) => deviceOwner === "network:dhcp")
    .flatMap((port) =>
      port.fixedIps.filter(({ ip }) => ipVersion(ip) === version).map(({ ip }) => (version === 6 ? linkLocal(port.mac) : ip)),
    );
  return [...new Set(addresses)];
}

/**
 * Link-local addresses of the routers that advertise a network's IPv6 subnets.
 *
 * Source: Neutron 9.0.0 `SecurityGroupServerRpcMixin._select_ra_ips_for_network_ids`.
 */
export function routerAdvertisers(network: ResolvedNetwork): Ip[] {
  const found = network.subnets.flatMap((subnet): Ipv6[] => {
    const gateway = subnet.gatewayIp;
    if (subnet.version !== 6 || gateway === undefined) return [];
    if (gateway.startsWith("fe80:")) return [gateway as Ipv6];
    if (subnet.ipv6RaMode === undefined) return [];
    const router = network.ports.find(
      (port) =>
        routerInterfaceOwners.has(port.deviceOwner) && port.fixedIps.some((fixedIp) => fixedIp.subnet === subnet && fixedIp.ip === gateway),
    );
    return router === undefined ? [] : [linkLocal(router.mac)];
  });
  return [...new Set(found)];
}
