import { memo, remember } from "../../base/remember.js";
import type { NetworkDeclaration, PortDeclaration, SubnetDeclaration } from "../../model/topology.js";
import type { Ip } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Uuid } from "../../net/uuid.js";
import type { Pointer } from "../../source/pointer.js";

/** A wish for one address of a port: on the first of some subnets that has room, or an exact one. */
export interface AddressWish {
  readonly subnets: readonly SubnetDeclaration[];
  readonly pinned?: Ip;
  readonly pointer: Pointer;
}

/** A port that the server has or makes, before it has id, MAC and addresses. */
export interface PortPlan {
  readonly key: string;
  readonly name: string;
  readonly projectId: string;
  readonly pointer: Pointer;
  readonly network: NetworkDeclaration;
  readonly pinnedId?: Uuid | undefined;
  readonly pinnedMac?: Mac | undefined;
  readonly wishes: readonly AddressWish[];
  /** Subnets on which the port has the address that its MAC makes (SLAAC, stateless DHCPv6). */
  readonly automatic: readonly SubnetDeclaration[];
  readonly deviceOwner: string;
  /** `binding:host_id`. */
  readonly host?: string | undefined;
  /** The declaration, where it has one. */
  readonly declaration?: PortDeclaration | undefined;
  /** Key of the router that it belongs to. */
  readonly router?: string | undefined;
  /** Whether its first address comes from a floating IP's own attribute in the lock. */
  readonly addressKey?: string | undefined;
}

/** Owners of router ports on tenant networks: their IPv6 addresses are not automatic. Source: neutron-lib `ROUTER_INTERFACE_OWNERS_SNAT`. */
const routerOwners: ReadonlySet<string> = new Set([
  "network:router_interface",
  "network:router_interface_distributed",
  "network:ha_router_replicated_interface",
  "network:router_centralized_snat",
]);

/** True where hosts make their own addresses from advertised prefixes. Source: Neutron `ipv6_utils.is_auto_address_subnet`. */
export function isAutoAddress(subnet: SubnetDeclaration): boolean {
  return isAutoMode(subnet.ipv6AddressMode) || isAutoMode(subnet.ipv6RaMode);
}

function isAutoMode(mode: string | undefined): boolean {
  return mode === "slaac" || mode === "dhcpv6-stateless";
}

/**
 * Subnets of a network that ports of an owner take addresses from: those for this owner first, else those for all.
 *
 * Source: Neutron `Subnet.find_candidate_subnets`.
 */
export function subnetsFor(network: NetworkDeclaration, deviceOwner: string): readonly SubnetDeclaration[] {
  return choicesOf(network)(deviceOwner).all;
}

/** Subnets by what they give; the ports of a network and owner all have the same. */
const choicesOf = remember((network: NetworkDeclaration) =>
  memo((deviceOwner: string) => {
    const all = findSubnets(network, deviceOwner);
    const ipv4 = all.filter((subnet) => !subnet.cidr.includes(":"));
    const ipv6 = all.filter((subnet) => subnet.cidr.includes(":") && !isAutoAddress(subnet));
    const automatic = routerOwners.has(deviceOwner) ? [] : all.filter(isAutoAddress);
    return { all, byVersion: [ipv4, ipv6].filter((subnets) => subnets.length > 0), automatic };
  }),
);

function findSubnets(network: NetworkDeclaration, deviceOwner: string): readonly SubnetDeclaration[] {
  const own = network.subnets.filter((subnet) => subnet.serviceTypes.includes(deviceOwner));
  const open = network.subnets.filter((subnet) => subnet.serviceTypes.length === 0);
  return own.length === 0 ? open : [...own, ...open];
}

/**
 * The wishes of a port without `fixed_ips`: one address of each version.
 *
 * Source: Neutron `IpamPluggableBackend._allocate_ips_for_port`.
 */
export function automaticWishes(network: NetworkDeclaration, deviceOwner: string, pointer: Pointer): AddressWish[] {
  return choicesOf(network)(deviceOwner).byVersion.map((subnets) => ({ subnets, pointer }));
}

/** The subnets of a network whose addresses a port of an owner makes itself. */
export function automaticSubnets(network: NetworkDeclaration, deviceOwner: string): readonly SubnetDeclaration[] {
  return choicesOf(network)(deviceOwner).automatic;
}
