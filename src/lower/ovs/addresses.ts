import type { Match, MatchAddress } from "../../ir/match.js";
import { type Cidr, cidrAddress, cidrBits, cidrCanonical, cidrLength } from "../../net/cidr.js";
import type { Ipv4 } from "../../net/ip.js";

/** A prefix as Open vSwitch keeps it in a match: host bits cleared, a host alone; undefined where it matches everything. */
export function matchAddress(prefix: Cidr): MatchAddress | undefined {
  const length = cidrLength(prefix);
  if (length === 0) return undefined;
  return length === cidrBits(prefix) ? cidrAddress(prefix) : cidrCanonical(prefix);
}

/** True for an IPv4 address or prefix. */
export function isIpv4Match(address: MatchAddress): address is Ipv4 | Cidr {
  return !address.includes(":");
}

/** A match on the IP source. */
export function ipSource(address: MatchAddress): Match {
  return isIpv4Match(address) ? { ipSrc: address } : { ipv6Src: address };
}

/** A match on the IP destination. */
export function ipDestination(address: MatchAddress): Match {
  return isIpv4Match(address) ? { ipDst: address } : { ipv6Dst: address };
}
