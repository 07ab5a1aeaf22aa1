import { defined } from "../../base/invariant.js";
import { cidrContains } from "../../net/cidr.js";
import type { FloatingIpDeclaration } from "../../model/topology.js";
import { resourceKey } from "../keys.js";
import type { ServerContext } from "./context.js";
import { type PortPlan, subnetsFor } from "./plan.js";
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
  const pinned = floatingIp.floatingIpAddress;
  const subnets = pinned === undefined ? subnetsFor(network, owner) : network.subnets.filter((subnet) => cidrContains(subnet.cidr, pinned));
  return {
    key: `${key}/port`,
    addressKey: `${key}/floating_ip_address`,
    name: "",
    projectId: "",
    pointer: floatingIp.pointer,
    network,
    wishes: [
      {
        subnets: subnets.filter((subnet) => !subnet.cidr.includes(":")),
        pointer: floatingIp.pointer,
        ...(pinned === undefined ? {} : { pinned }),
      },
    ],
    automatic: [],
    deviceOwner: owner,
  };
}
