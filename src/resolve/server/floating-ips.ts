import { cidrContains } from "../../net/cidr.js";
import type { FloatingIpDeclaration, NetworkDeclaration, PortDeclaration, Topology } from "../../model/topology.js";
import { resourceKey } from "../keys.js";
import type { ServerContext } from "./context.js";
import { type PortPlan, subnetsFor } from "./plan.js";
import { networkOf } from "./routers.js";

const owner = "network:floatingip";

/**
 * The port in the external network that holds each floating IP's address.
 *
 * Source: Neutron `L3_NAT_dbonly_mixin._create_floatingip`.
 */
export function planFloatingIp(context: ServerContext, floatingIp: FloatingIpDeclaration): PortPlan {
  const network = floatingNetwork(context, floatingIp);
  const key = resourceKey("floating_ip", floatingIp.key);
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

/** The declared network, the one whose subnet has the address, or the one that the port's router leads to. */
function floatingNetwork(context: ServerContext, floatingIp: FloatingIpDeclaration): NetworkDeclaration {
  const { topology } = context;
  if (floatingIp.network !== undefined) return networkOf(context, floatingIp.network.key);
  const address = floatingIp.floatingIpAddress;
  const external = [...topology.networks.values()].filter((network) => network.external);
  if (address !== undefined) {
    const containing = external.find((network) => network.subnets.some((subnet) => cidrContains(subnet.cidr, address)));
    if (containing !== undefined) return containing;
  }
  const port = floatingIp.port === undefined ? undefined : topology.ports.get(floatingIp.port.key);
  const reached = port === undefined ? undefined : networkBehind(topology, port);
  return networkOf(context, reached ?? external[0]?.key ?? "");
}

/** The external network of the first router with a gateway that has an interface on a subnet of a port. */
function networkBehind(topology: Topology, port: PortDeclaration): string | undefined {
  const wanted = new Set(port.fixedIps.flatMap((fixed) => (fixed.subnet === undefined ? [] : [fixed.subnet.key])));
  for (const router of topology.routers.values()) {
    const serves = router.interfaces.some((one) => {
      if (one.port !== undefined) return topology.ports.get(one.port.key)?.network.key === port.network.key;
      const subnet = topology.subnets.get(one.subnet?.key ?? "");
      return wanted.size > 0 ? wanted.has(subnet?.key ?? "") : subnet?.network === port.network.key;
    });
    if (serves && router.gateway !== undefined) return router.gateway.network.key;
  }
  return undefined;
}
