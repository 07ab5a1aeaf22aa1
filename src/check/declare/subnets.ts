import { present } from "../../base/present.js";
import type { AllocationPoolDocument, SubnetDocument } from "../../dsl/types.generated.js";
import type { AllocationPool, SubnetDeclaration } from "../../model/topology.js";
import { type Cidr, cidrRange, cidrVersion } from "../../net/cidr.js";
import { type Ip, type IpVersion, ipFromBigInt, ipToBigInt, ipVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { usableRange } from "../subnet-addresses.js";
import { complain, type DeclareContext } from "./context.js";
import { subnetKey } from "./names.js";
import { declareResource } from "./resource.js";
import { declareCidr, declareIp, declareRoutes } from "./values.js";

/**
 * A subnet with its default gateway and pools; where one pool cannot be read it has none.
 *
 * Errors: undefined, and a complaint, where its prefix cannot be read.
 */
export function declareSubnet(
  context: DeclareContext,
  network: string,
  name: string,
  input: SubnetDocument,
): SubnetDeclaration | undefined {
  const key = subnetKey(network, name);
  const pointer = pointerTo("/networks", network, "subnets", name);
  const owner = `subnet "${key}"`;
  const resource = declareResource(context, input, key, pointer, owner, name);
  const cidr = declareCidr(context, { text: input.cidr, pointer: pointerTo(pointer, "cidr"), attribute: "Prefix", owner });
  if (cidr === undefined) return undefined;
  const version = cidrVersion(cidr);
  if (input.ip_version !== undefined && input.ip_version !== version) {
    const holes = { attribute: "Prefix", owner, text: input.cidr, version: input.ip_version };
    complain(context, pointerTo(pointer, "cidr"), "wrong-ip-version", holes);
  }
  const gatewayIp = declareGateway(context, input, cidr, pointer, owner);
  const dnsNameservers = (input.dns_nameservers ?? []).flatMap((text, index) => {
    const written = { text, pointer: pointerTo(pointer, "dns_nameservers", index), attribute: "Name server", owner };
    return declareIp(context, written, version) ?? [];
  });
  return {
    ...resource,
    network,
    cidr,
    enableDhcp: input.enable_dhcp ?? true,
    allocationPools: declarePools(context, input, cidr, gatewayIp, pointer, owner),
    dnsNameservers,
    hostRoutes: declareRoutes(context, input.host_routes, pointerTo(pointer, "host_routes"), owner, version),
    serviceTypes: input.service_types ?? [],
    ...present({ gatewayIp, ipv6RaMode: input.ipv6_ra_mode, ipv6AddressMode: input.ipv6_address_mode }),
  };
}

function declareGateway(context: DeclareContext, input: SubnetDocument, cidr: Cidr, pointer: Pointer, owner: string): Ip | undefined {
  if (input.gateway_ip === null) return undefined;
  if (input.gateway_ip === undefined) return defaultGateway(cidr, context.release);
  const written = { text: input.gateway_ip, pointer: pointerTo(pointer, "gateway_ip"), attribute: "Gateway", owner };
  return declareIp(context, written, cidrVersion(cidr));
}

/**
 * The gateway of a subnet that names none: the first address after the network address, for IPv6 the network address itself in later releases.
 *
 * Source: Neutron `IpamBackendMixin._gateway_ip_str`.
 */
function defaultGateway(cidr: Cidr, release: Release): Ip {
  const version = cidrVersion(cidr);
  const atNetwork = version === 6 && release.features.has("ipv6-gateway-at-network-address");
  return ipFromBigInt(cidrRange(cidr)[0] + (atNetwork ? 0n : 1n), version);
}

function declarePools(
  context: DeclareContext,
  input: SubnetDocument,
  cidr: Cidr,
  gateway: Ip | undefined,
  pointer: Pointer,
  owner: string,
): readonly AllocationPool[] {
  if (input.allocation_pools === undefined) return defaultPools(cidr, gateway);
  const version = cidrVersion(cidr);
  const pools = input.allocation_pools.map((pool, index) =>
    declarePool(context, pool, pointerTo(pointer, "allocation_pools", index), owner, version),
  );
  return pools.every((pool) => pool !== undefined) ? pools : [];
}

function declarePool(
  context: DeclareContext,
  input: AllocationPoolDocument,
  pointer: Pointer,
  owner: string,
  version: IpVersion,
): AllocationPool | undefined {
  const start = declareIp(context, { text: input.start, pointer: pointerTo(pointer, "start"), attribute: "Pool start", owner }, version);
  const end = declareIp(context, { text: input.end, pointer: pointerTo(pointer, "end"), attribute: "Pool end", owner }, version);
  if (start === undefined || end === undefined) return undefined;
  if (ipToBigInt(start) <= ipToBigInt(end)) return { start, end };
  complain(context, pointer, "reversed-range", { owner: `Allocation pool of ${owner}`, first: start, last: end });
  return undefined;
}

/** All usable addresses around the gateway. Source: Neutron `ipam.utils.generate_pools`. */
function defaultPools(cidr: Cidr, gateway: Ip | undefined): readonly AllocationPool[] {
  const version = cidrVersion(cidr);
  const [first, last] = usableRange(cidr);
  const pool = (start: bigint, end: bigint): readonly AllocationPool[] =>
    start > end ? [] : [{ start: ipFromBigInt(start, version), end: ipFromBigInt(end, version) }];
  const middle = gateway === undefined || ipVersion(gateway) !== version ? undefined : ipToBigInt(gateway);
  if (middle === undefined || middle < first || middle > last) return pool(first, last);
  return [...pool(first, middle - 1n), ...pool(middle + 1n, last)];
}
