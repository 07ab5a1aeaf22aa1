import type {
  FloatingIpDeclaration,
  NetworkDeclaration,
  PortDeclaration,
  RouterDeclaration,
  SubnetDeclaration,
} from "../../model/topology.js";
import { cidrContains } from "../../net/cidr.js";
import { describeFloatingIp } from "../describe.js";
import { complain, type DeclareContext } from "./context.js";

/** What the networks of floating IPs are told from. */
export interface Surroundings {
  readonly networks: ReadonlyMap<string, NetworkDeclaration>;
  readonly subnets: ReadonlyMap<string, SubnetDeclaration>;
  readonly routers: ReadonlyMap<string, RouterDeclaration>;
  readonly ports: ReadonlyMap<string, PortDeclaration>;
}

/**
 * Gives each floating IP that names no network the external network that has its address, else the one that its port's router leads to.
 *
 * Errors: a complaint where there is none, or more than one.
 */
export function inferFloatingNetworks(
  context: DeclareContext,
  floatingIps: ReadonlyMap<string, FloatingIpDeclaration>,
  surroundings: Surroundings,
): ReadonlyMap<string, FloatingIpDeclaration> {
  const external = [...surroundings.networks.values()].filter((network) => network.external);
  const reached = reachedNetworks(surroundings);
  const result = new Map<string, FloatingIpDeclaration>();
  for (const [key, floatingIp] of floatingIps) {
    const network = floatingIp.network === undefined ? inferNetwork(context, floatingIp, external, reached, surroundings) : undefined;
    result.set(key, network === undefined ? floatingIp : { ...floatingIp, network: { key: network, pointer: floatingIp.pointer } });
  }
  return result;
}

function inferNetwork(
  context: DeclareContext,
  floatingIp: FloatingIpDeclaration,
  external: readonly NetworkDeclaration[],
  reached: ReadonlyMap<string, ReadonlySet<string>>,
  surroundings: Surroundings,
): string | undefined {
  const { floatingIpAddress: address, port } = floatingIp;
  const internal = port === undefined ? undefined : surroundings.ports.get(port.key)?.network.key;
  const reachable = reached.get(internal ?? "") ?? new Set<string>();
  const having =
    address === undefined
      ? undefined
      : external.filter(({ subnets }) => subnets.some(({ cidr }) => cidrContains(cidr, address))).map(({ key }) => key);
  const both = having?.filter((key) => reachable.has(key)) ?? [];
  const candidates = both.length > 0 ? both : (having ?? [...reachable]);
  const [first, second] = candidates;
  const sound = !["networks", "routers", "floating_ips", "servers"].some((section) => context.unsound.has(section));
  const owner = describeFloatingIp(floatingIp);
  if (first !== undefined && second !== undefined) {
    complain(context, floatingIp.pointer, "ambiguous-external-network", { owner, first, second });
    return undefined;
  }
  if (first === undefined && sound) {
    const [reason, help] = reasonOf(floatingIp, external);
    complain(context, floatingIp.pointer, "no-external-network", { owner, reason }, { help });
  }
  return first;
}

/** Why there is no network, and what to do about it. */
function reasonOf(
  { floatingIpAddress: address, port }: FloatingIpDeclaration,
  external: readonly NetworkDeclaration[],
): readonly [reason: string, help: string] {
  if (external.length === 0) return ["none is declared", "Declare one, with router:external."];
  if (address !== undefined) {
    return [`no subnet of an external network contains ${address}`, "Write an address of an external network's subnet, or true for any."];
  }
  if (port === undefined) return ["it has neither network, address nor port", "Name its network."];
  return ["no router leads from its port's network to one", "Give a router of the port's network a gateway."];
}

/** External networks that routers lead to, by the network of their interfaces. */
function reachedNetworks({ routers, subnets, ports }: Surroundings): ReadonlyMap<string, ReadonlySet<string>> {
  const reached = new Map<string, Set<string>>();
  for (const { gateway, interfaces } of routers.values()) {
    if (gateway === undefined) continue;
    for (const { subnet, port } of interfaces) {
      const network = subnet === undefined ? ports.get(port?.key ?? "")?.network.key : subnets.get(subnet.key)?.network;
      if (network === undefined) continue;
      const known = reached.get(network);
      if (known === undefined) reached.set(network, new Set([gateway.network.key]));
      else known.add(gateway.network.key);
    }
  }
  return reached;
}
