import { cidrContains, cidrVersion } from "../../net/cidr.js";
import type {
  GatewayDeclaration,
  NetworkDeclaration,
  PortDeclaration,
  RouterDeclaration,
  RouterInterfaceDeclaration,
  SubnetDeclaration,
} from "../../model/topology.js";
import { defined } from "../../base/invariant.js";
import { resourceKey } from "../keys.js";
import type { ServerContext } from "./context.js";
import { type AddressWish, automaticSubnets, automaticWishes, type PortPlan } from "./plan.js";

/** The ports of a router before they have identities. */
export interface RouterPlan {
  readonly declaration: RouterDeclaration;
  readonly host: string | undefined;
  readonly interfaces: readonly InterfacePlan[];
  readonly gateway?: PortPlan;
}

/** An interface and the port that stands in for it on the SNAT host. */
export interface InterfacePlan {
  readonly port: PortPlan;
  readonly csnat?: PortPlan;
}

/**
 * The ports that the server makes for a router.
 *
 * IPv6 subnets of one network share an interface, as Neutron adds further prefixes to the port that is there. A distributed router with a
 * gateway has a centralised SNAT port for every interface. Source: Neutron `L3_NAT_dbonly_mixin._add_interface_by_subnet`,
 * `L3_NAT_with_dvr_db_mixin._add_csnat_on_interface_create`.
 */
export function planRouter(
  context: ServerContext,
  router: RouterDeclaration,
  host: string | undefined,
  declaredPorts: ReadonlyMap<string, PortPlan>,
): RouterPlan {
  const interfaces: InterfacePlan[] = [];
  for (const group of groupInterfaces(context, router)) {
    const port = interfacePort(context, router, host, group, declaredPorts);
    interfaces.push(router.distributed && router.gateway !== undefined ? { port, csnat: csnatPort(router, host, port) } : { port });
  }
  if (router.gateway === undefined) return { declaration: router, host, interfaces };
  return { declaration: router, host, interfaces, gateway: gatewayPort(context, router, router.gateway, host) };
}

/** Interfaces that share a port: each on its own, but for IPv6 subnets of one network. */
function groupInterfaces(context: ServerContext, router: RouterDeclaration): RouterInterfaceDeclaration[][] {
  const groups: RouterInterfaceDeclaration[][] = [];
  const byNetwork = new Map<string, RouterInterfaceDeclaration[]>();
  for (const one of router.interfaces) {
    const subnet = one.subnet === undefined ? undefined : context.topology.subnets.get(one.subnet.key);
    const shared = subnet !== undefined && cidrVersion(subnet.cidr) === 6 ? byNetwork.get(subnet.network) : undefined;
    if (shared !== undefined) shared.push(one);
    else {
      const group = [one];
      groups.push(group);
      if (subnet !== undefined && cidrVersion(subnet.cidr) === 6) byNetwork.set(subnet.network, group);
    }
  }
  return groups;
}

function interfacePort(
  context: ServerContext,
  router: RouterDeclaration,
  host: string | undefined,
  group: readonly RouterInterfaceDeclaration[],
  declaredPorts: ReadonlyMap<string, PortPlan>,
): PortPlan {
  const first = defined(group[0], "router interface");
  const owner = {
    deviceOwner: router.distributed ? "network:router_interface_distributed" : "network:router_interface",
    host: router.distributed ? undefined : host,
    router: router.key,
    automatic: [],
  };
  if (first.port !== undefined) return { ...defined(declaredPorts.get(first.port.key), `port ${first.port.key}`), ...owner };
  const subnets = group.map((one) => defined(context.topology.subnets.get(one.subnet?.key ?? ""), "subnet of an interface"));
  const subnet = defined(subnets[0], "subnet");
  return {
    ...owner,
    key: resourceKey("router", router.key, "interface", ...namesOf(subnet)),
    name: "",
    projectId: router.projectId,
    pointer: first.pointer,
    network: networkOf(context, subnet.network),
    pinnedId: first.id,
    pinnedMac: first.mac,
    wishes: group.map((one, index) => interfaceWish(one, defined(subnets[index], "subnet"))),
  };
}

function interfaceWish(one: RouterInterfaceDeclaration, subnet: SubnetDeclaration): AddressWish {
  const pinned = one.ipAddress ?? subnet.gatewayIp;
  return { subnets: [subnet], pointer: one.pointer, ...(pinned === undefined ? {} : { pinned }) };
}

function csnatPort(router: RouterDeclaration, host: string | undefined, port: PortPlan): PortPlan {
  const subnet = port.wishes[0]?.subnets[0];
  const names = subnet === undefined ? [port.network.key] : namesOf(subnet);
  return {
    key: resourceKey("router", router.key, "csnat", ...names),
    name: "",
    projectId: "",
    pointer: port.pointer,
    network: port.network,
    wishes: port.wishes.map(({ subnets, pointer }) => ({ subnets, pointer })),
    automatic: [],
    deviceOwner: "network:router_centralized_snat",
    host,
    router: router.key,
  };
}

function gatewayPort(context: ServerContext, router: RouterDeclaration, gateway: GatewayDeclaration, host: string | undefined): PortPlan {
  const deviceOwner = "network:router_gateway";
  const network = networkOf(context, gateway.network.key);
  return {
    key: resourceKey("router", router.key, "gateway"),
    name: "",
    projectId: "",
    pointer: gateway.pointer,
    network,
    wishes: wishesOf(context, network, deviceOwner, gateway.externalFixedIps, gateway.pointer),
    automatic: automaticSubnets(network, deviceOwner),
    deviceOwner,
    host,
    router: router.key,
  };
}

/** The wishes of a declared port or gateway: what `fixed_ips` says, or one address of each version. */
export function wishesOf(
  context: ServerContext,
  network: NetworkDeclaration,
  deviceOwner: string,
  fixedIps: PortDeclaration["fixedIps"],
  pointer: string,
): readonly AddressWish[] {
  if (fixedIps.length === 0) return automaticWishes(network, deviceOwner, pointer);
  const wishes: AddressWish[] = [];
  for (const { subnet, ipAddress, pointer: place } of fixedIps) {
    const named = subnet === undefined ? undefined : context.topology.subnets.get(subnet.key);
    const containing = ipAddress === undefined ? [] : network.subnets.filter((candidate) => cidrContains(candidate.cidr, ipAddress));
    if (named !== undefined && ipAddress === undefined && automaticSubnets(network, deviceOwner).includes(named)) continue;
    const subnets = named === undefined ? containing : [named];
    wishes.push({ subnets, pointer: place, ...(ipAddress === undefined ? {} : { pinned: ipAddress }) });
  }
  return wishes;
}

/** Network and subnet name of a subnet. */
export function namesOf(subnet: SubnetDeclaration): readonly [string, string] {
  return [subnet.network, subnet.key.slice(subnet.network.length + 1)];
}

/** A network that `check` has found to be declared. */
export function networkOf(context: ServerContext, key: string): NetworkDeclaration {
  return defined(context.topology.networks.get(key), `network ${key}`);
}
