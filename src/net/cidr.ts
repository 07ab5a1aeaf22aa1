import {
  byIp,
  type Ip,
  type IpVersion,
  type Ipv4,
  type Ipv6,
  ipFromBigInt,
  ipToBigInt,
  ipv4FromNumber,
  ipv4ToNumber,
  ipv6FromGroups,
  ipv6Groups,
  ipVersion,
  isIpv4,
  parseIp,
} from "./ip.js";

declare const cidr: unique symbol;

/** An address and prefix length, `10.0.0.0/24`. The address may have host bits: `ip rule` selectors and interface addresses keep them. */
export type Cidr = string & { readonly [cidr]: true };

/** Reads `<address>/<length>`, or a plain address as a host prefix. Errors: undefined where the text is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = ipVersion(address) === 4 ? 32 : 128;
  if (slash < 0) return `${address}/${bits}` as Cidr;
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return undefined;
  return `${address}/${Number(length)}` as Cidr;
}

/** The prefix of an address and a length in bits. */
export function toCidr(address: Ip, length: number): Cidr {
  return `${address}/${length}` as Cidr;
}

/** The host prefix (/32 or /128) of an address. */
export function hostCidr(address: Ip): Cidr {
  return toCidr(address, ipVersion(address) === 4 ? 32 : 128);
}

/** The address part, host bits kept. */
export function cidrAddress(prefix: Cidr): Ip {
  return prefix.slice(0, prefix.indexOf("/")) as Ip;
}

/** The prefix length in bits. */
export function cidrLength(prefix: Cidr): number {
  return Number(prefix.slice(prefix.indexOf("/") + 1));
}

/** 4 or 6. */
export function cidrVersion(prefix: Cidr): IpVersion {
  return prefix.includes(":") ? 6 : 4;
}

/** The address width in bits: 32 or 128. */
export function cidrBits(prefix: Cidr): number {
  return cidrVersion(prefix) === 4 ? 32 : 128;
}

/** First and last address of the prefix as integers. */
export function cidrRange(prefix: Cidr): readonly [first: bigint, last: bigint] {
  if (cidrVersion(prefix) === 4) {
    const [first, last] = ipv4Range(prefix);
    return [BigInt(first), BigInt(last)];
  }
  const hostBits = BigInt(128 - cidrLength(prefix));
  const first = (ipToBigInt(cidrAddress(prefix)) >> hostBits) << hostBits;
  return [first, first + (1n << hostBits) - 1n];
}

/** As {@link cidrRange}, of an IPv4 prefix. */
function ipv4Range(prefix: Cidr): readonly [first: number, last: number] {
  const size = 2 ** (32 - cidrLength(prefix));
  const address = ipv4ToNumber(cidrAddress(prefix) as Ipv4);
  const first = address - (address % size);
  return [first, first + size - 1];
}

/** The network address of the prefix. */
export function cidrNetwork(prefix: Cidr): Ip {
  if (cidrVersion(prefix) === 4) return ipv4FromNumber(ipv4Range(prefix)[0]);
  const length = cidrLength(prefix);
  const groups = ipv6Groups(cidrAddress(prefix) as Ipv6);
  return ipv6FromGroups(groups.map((group, index) => group & groupMask(length - index * 16)));
}

/** Mask of a group of which so many bits, or all or none, belong to the prefix. */
function groupMask(bits: number): number {
  return bits >= 16 ? 0xffff : bits <= 0 ? 0 : (0xffff << (16 - bits)) & 0xffff;
}

/** Orders prefixes by version, then network address, then length. */
export function byCidr(a: Cidr, b: Cidr): number {
  return a === b ? 0 : byIp(cidrNetwork(a), cidrNetwork(b)) || cidrLength(a) - cidrLength(b);
}

/** The prefix with its host bits cleared. */
export function cidrCanonical(prefix: Cidr): Cidr {
  const length = cidrLength(prefix);
  return length === cidrBits(prefix) ? prefix : toCidr(cidrNetwork(prefix), length);
}

/** The IPv4 broadcast address, or the last address of an IPv6 prefix. */
export function cidrBroadcast(prefix: Cidr): Ip {
  return cidrVersion(prefix) === 4 ? ipv4FromNumber(ipv4Range(prefix)[1]) : ipFromBigInt(cidrRange(prefix)[1], 6);
}

/** Which end of an IPv4 prefix an address is that no port can have; undefined for all others, and on /31 and /32, which have no ends. */
export function ipv4End(prefix: Cidr, address: Ip): "network" | "broadcast" | undefined {
  if (cidrVersion(prefix) === 6 || cidrLength(prefix) > 30) return undefined;
  if (address === cidrNetwork(prefix)) return "network";
  return address === cidrBroadcast(prefix) ? "broadcast" : undefined;
}

/** True where the address lies in the prefix; false across versions. */
export function cidrContains(prefix: Cidr, address: Ip): boolean {
  if (ipVersion(address) !== cidrVersion(prefix)) return false;
  if (isIpv4(address)) {
    const [first, last] = ipv4Range(prefix);
    const value = ipv4ToNumber(address);
    return value >= first && value <= last;
  }
  const [first, last] = cidrRange(prefix);
  const value = ipToBigInt(address);
  return value >= first && value <= last;
}

/** True where two prefixes of one version share an address. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  if (cidrVersion(a) !== cidrVersion(b)) return false;
  return cidrContains(a, cidrAddress(b)) || cidrContains(b, cidrAddress(a));
}
