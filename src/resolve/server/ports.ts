import { uuidOfDomain } from "../../net/uuid.js";
import type { PortDeclaration, SubnetDeclaration } from "../../model/topology.js";
import { resourceKey } from "../keys.js";
import { readNames } from "../ledger.js";
import type { ServerContext } from "./context.js";
import { automaticSubnets, isAutoAddress, type PortPlan } from "./plan.js";
import { namesOf, networkOf, wishesOf } from "./routers.js";

/** Key of a port: a server's own under its server, a declared one by its name alone. */
export function portKey(port: PortDeclaration): string {
  const own = port.server !== undefined && port.pointer.startsWith("/servers/") && port.key.startsWith(`${port.server}/`);
  return own ? resourceKey("port", port.server, port.key.slice(port.server.length + 1)) : resourceKey("port", port.key);
}

/** Declared ports and those of servers, in order of declaration, by key of the declaration. */
export function planPorts(context: ServerContext, placed: ReadonlyMap<string, string>): Map<string, PortPlan> {
  const plans = new Map<string, PortPlan>();
  for (const port of context.topology.ports.values()) {
    const network = networkOf(context, port.network.key);
    plans.set(port.key, {
      key: portKey(port),
      name: port.name,
      projectId: port.projectId,
      pointer: port.pointer,
      network,
      pinnedId: port.id,
      pinnedMac: port.mac,
      wishes: port.withoutFixedIps === true ? [] : wishesOf(context, network, port.deviceOwner, port.fixedIps, port.pointer),
      automatic: automaticSubnets(network, port.deviceOwner),
      deviceOwner: port.deviceOwner,
      host: port.server === undefined ? port.host?.key : (placed.get(port.server) ?? port.host?.key),
      declaration: port,
    });
  }
  return plans;
}

/**
 * The ports of DHCP agents: one for each network and agent, with an address on every subnet that has DHCP.
 *
 * Source: Neutron `DeviceManager._setup_new_dhcp_port`.
 */
export function planDhcpPorts(context: ServerContext, scheduled: ReadonlyMap<string, readonly string[]>): PortPlan[] {
  const plans: PortPlan[] = [];
  for (const network of context.topology.networks.values()) {
    const served = network.subnets.filter((subnet) => subnet.enableDhcp && !isAutoAddress(subnet));
    for (const host of scheduled.get(network.key) ?? []) {
      const key = resourceKey("network", network.key, "dhcp", host);
      const subnets = subnetsOfDhcpPort(context, key, served);
      plans.push({
        key,
        name: "",
        projectId: network.projectId,
        pointer: network.pointer,
        network,
        wishes: subnets.map((subnet) => ({ subnets: [subnet], pointer: subnet.pointer })),
        automatic: automaticSubnets(network, "network:dhcp"),
        deviceOwner: "network:dhcp",
        host,
      });
    }
  }
  return plans;
}

/**
 * Subnets on which a DHCP port has an address: all, unless the lock names some.
 *
 * An agent that hears of a subnet while it makes its port may leave it out.
 */
function subnetsOfDhcpPort({ ledger }: ServerContext, port: string, served: readonly SubnetDeclaration[]): readonly SubnetDeclaration[] {
  const key = `${port}/subnets`;
  const names = ledger.locked(key, readNames, "a list of subnets");
  const chosen = names === undefined ? served : served.filter((subnet) => names.includes(namesOf(subnet)[1]));
  if (chosen.length === served.length) return served;
  ledger.record(
    key,
    chosen.map((subnet) => namesOf(subnet)[1]),
    "allocated",
  );
  return chosen;
}

/** `device_id` of a DHCP port. Source: neutron-lib `get_dhcp_agent_device_id`. */
export function dhcpDeviceId(networkId: string, host: string): string {
  return `dhcp${uuidOfDomain(host.split(".")[0] ?? host)}-${networkId}`;
}
