import { defined } from "../../base/invariant.js";
import { cidrContains } from "../../net/cidr.js";
import type { FloatingIpDeclaration, NetworkDeclaration, SubnetDeclaration } from "../../model/topology.js";
import { resourceKey } from "../keys.js";
import type { ServerContext } from "./context.js";
import { addressKey } from "./addresses.js";
import { type AddressWish, automaticSubnets, isAutoAddress, type PortPlan, subnetsFor } from "./plan.js";
import { networkOf } from "./routers.js";

const owner = "network:floatingip";

/** Key of a floating IP: one that a server asks for is its port's. */
export function floatingIpKey(declared: ReadonlyMap<string, PortPlan>, floatingIp: FloatingIpDeclaration): string {
  const port = floatingIp.pointer.startsWith("/servers/") ? declared.get(floatingIp.port?.key ?? "") : undefined;
  return port === undefined ? resourceKey("floating_ip", floatingIp.key) : `${port.key}/floating_ip`;
}

/**
 * The port in the external network that holds a floating IP's address.
 *
 * Source: Neutron `L3_NAT_dbonly_mixin._create_floatingip`.
 */
export function planFloatingIp(context: ServerContext, key: string, floatingIp: FloatingIpDeclaration): PortPlan {
  const network = networkOf(context, defined(floatingIp.network, "network of a floating IP").key);
  const { floatingIpAddress: pinned, pointer } = floatingIp;
  const subnets = pinned === undefined ? subnetsFor(network, owner) : network.subnets.filter((subnet) => cidrContains(subnet.cidr, pinned));
  const wish = { subnets: subnets.filter((subnet) => !isIpv6(subnet)), pointer };
  const port = `${key}/port`;
  return {
    key: port,
    addressKey: `${key}/floating_ip_address`,
    name: "",
    projectId: "",
    pointer,
    network,
    wishes: [pinned === undefined ? wish : { ...wish, pinned }, ...ipv6Wishes(context, port, network, floatingIp)],
    automatic: automaticSubnets(network, owner),
    deviceOwner: owner,
  };
}

/**
 * The address of the port that nobody asked for: a port takes one of each version.
 *
 * One that is asked for by its address takes no other, unless the lock has one: the address of a cloud that was imported was written down later.
 */
function ipv6Wishes(
  { ledger }: ServerContext,
  port: string,
  network: NetworkDeclaration,
  { floatingIpAddress, pointer }: FloatingIpDeclaration,
): AddressWish[] {
  const subnets = subnetsFor(network, owner).filter((subnet) => isIpv6(subnet) && !isAutoAddress(subnet));
  const asked = floatingIpAddress !== undefined;
  const wanted = asked ? subnets.filter((subnet) => ledger.lock?.allocations.has(addressKey(port, subnet)) === true) : subnets;
  return wanted.length === 0 ? [] : [{ subnets: wanted, pointer }];
}

function isIpv6({ cidr }: SubnetDeclaration): boolean {
  return cidr.includes(":");
}
