import { present } from "../../base/present.js";
import type { FixedIpDocument } from "../../dsl/types.generated.js";
import type { FixedIpDeclaration, NetworkDeclaration, Reference, SubnetDeclaration } from "../../model/topology.js";
import { cidrContains } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { complain, type DeclareContext } from "./context.js";
import { referSubnetOf } from "./references.js";
import { declareIp } from "./values.js";

/** A wish for an address as written: its strings and their places. */
export interface FixedIpWish {
  readonly pointer: Pointer;
  readonly subnet?: { readonly name: string; readonly pointer: Pointer };
  readonly address?: { readonly text: string; readonly pointer: Pointer };
}

/** The wishes of a `fixed_ips` list. */
export function wishesOf(list: readonly FixedIpDocument[] | undefined, pointer: Pointer): readonly FixedIpWish[] {
  return (list ?? []).map(({ subnet, ip_address: address }, index) => {
    const at = pointerTo(pointer, index);
    return {
      pointer: at,
      ...(subnet === undefined ? {} : { subnet: { name: subnet, pointer: pointerTo(at, "subnet") } }),
      ...(address === undefined ? {} : { address: { text: address, pointer: pointerTo(at, "ip_address") } }),
    };
  });
}

/** True where a list says that there shall be no addresses; undefined where it names some, or there is no list. */
export function isEmpty(list: readonly FixedIpDocument[] | undefined): true | undefined {
  return list?.length === 0 ? true : undefined;
}

/**
 * Wishes for addresses on a network. An address without a subnet gets the first subnet of the network that contains it.
 *
 * Errors: a complaint for each that cannot be had, which is left out.
 * Source: Neutron `IpamBackendMixin._get_subnet_for_fixed_ip`.
 */
export function declareFixedIps(
  context: DeclareContext,
  network: string,
  wishes: readonly FixedIpWish[],
  owner: string,
): readonly FixedIpDeclaration[] {
  return wishes.flatMap((wish) => declareFixedIp(context, network, wish, owner) ?? []);
}

function declareFixedIp(context: DeclareContext, network: string, wish: FixedIpWish, owner: string): FixedIpDeclaration | undefined {
  const { subnet: named, address: written, pointer } = wish;
  const declared = context.networks.get(network);
  const subnet = named === undefined ? undefined : referSubnetOf(context, network, named.name, named.pointer, owner);
  const text = written?.text;
  const ipAddress =
    text === undefined ? undefined : declareIp(context, { text, pointer: wish.address?.pointer ?? pointer, attribute: "Address", owner });
  if ((named !== undefined && subnet === undefined) || (written !== undefined && ipAddress === undefined)) return undefined;
  if (ipAddress === undefined || declared === undefined) return { pointer, ...present({ subnet, ipAddress }) };
  const home = homeOf(context, declared, subnet, ipAddress, written?.pointer ?? pointer, owner);
  return home === undefined
    ? undefined
    : { pointer, ipAddress, subnet: { key: home.key, pointer: subnet?.pointer ?? written?.pointer ?? pointer } };
}

function homeOf(
  context: DeclareContext,
  network: NetworkDeclaration,
  wanted: Reference | undefined,
  address: Ip,
  pointer: Pointer,
  owner: string,
): SubnetDeclaration | undefined {
  const candidates = wanted === undefined ? network.subnets : network.subnets.filter(({ key }) => key === wanted.key);
  const home = candidates.find(({ cidr }) => cidrContains(cidr, address));
  if (home !== undefined || context.unsound.has("networks")) return home;
  const [only] = candidates;
  const place =
    wanted !== undefined && only !== undefined ? `subnet "${only.key}" (${only.cidr})` : `every subnet of network "${network.key}"`;
  complain(context, pointer, "address-outside-subnet", { address, owner, place });
  return undefined;
}
