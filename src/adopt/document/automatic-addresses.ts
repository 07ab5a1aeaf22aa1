import type { ApiFixedIp, ApiPort, ApiSubnet } from "../answers.js";
import type { Cloud } from "./cloud.js";

/** Owners of router ports on tenant networks. Source: neutron-lib `ROUTER_INTERFACE_OWNERS_SNAT`. */
const routerOwners: ReadonlySet<string> = new Set([
  "network:router_interface",
  "network:router_interface_distributed",
  "network:ha_router_replicated_interface",
  "network:router_centralized_snat",
]);

/** True where hosts make their own addresses from the prefix. Source: Neutron `ipv6_utils.is_auto_address_subnet`. */
export function isAutomaticSubnet({ ipv6AddressMode, ipv6RaMode }: ApiSubnet): boolean {
  return [ipv6AddressMode, ipv6RaMode].some((mode) => mode === "slaac" || mode === "dhcpv6-stateless");
}

/**
 * Addresses of a port that do not follow from its MAC: those that its owner asked for, or that the server allocated.
 *
 * A port that is not a router's has an address of its MAC on every subnet of the kind, asked for or not.
 * Source: Neutron `IpamPluggableBackend._get_auto_address_ips`.
 */
export function allocatedAddresses(cloud: Cloud, port: Pick<ApiPort, "deviceOwner">, fixedIps: readonly ApiFixedIp[]): ApiFixedIp[] {
  return fixedIps.filter(({ subnetId }) => {
    const subnet = cloud.subnets.get(subnetId);
    return subnet !== undefined && (routerOwners.has(port.deviceOwner) || !isAutomaticSubnet(subnet));
  });
}
