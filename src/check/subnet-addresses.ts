import { type Cidr, cidrLength, cidrRange, cidrVersion } from "../net/cidr.js";

/**
 * First and last address of a prefix that ports and pools may have.
 *
 * IPv4: all but network and broadcast address, of a /31 or /32 all. IPv6: all but the first (the subnet-router anycast address), of a /128 the one.
 * Source: Neutron `ipam.utils.generate_pools`, `IpamBackendMixin.validate_allocation_pools`.
 */
export function usableRange(cidr: Cidr): readonly [first: bigint, last: bigint] {
  const [first, last] = cidrRange(cidr);
  if (cidrVersion(cidr) === 6) return first === last ? [first, last] : [first + 1n, last];
  return cidrLength(cidr) <= 30 ? [first + 1n, last - 1n] : [first, last];
}
