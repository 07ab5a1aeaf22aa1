import ipaddr from "ipaddr.js";
import { type Mac, macToNumber } from "./mac.js";

declare const ipv4: unique symbol;
declare const ipv6: unique symbol;

/** An IPv4 address as canonical dotted decimal. */
export type Ipv4 = string & { readonly [ipv4]: true };
/** An IPv6 address in RFC 5952 text. */
export type Ipv6 = string & { readonly [ipv6]: true };
/** An address of either version. */
export type Ip = Ipv4 | Ipv6;
/** 4 or 6, as Neutron's `ip_version`. */
export type IpVersion = 4 | 6;

const ipv4Text = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Reads dotted decimal without leading zeros. Errors: undefined where the text is not an IPv4 address. */
export function parseIpv4(text: string): Ipv4 | undefined {
  return ipv4Text.test(text) ? (text as Ipv4) : undefined;
}

/** Reads any RFC 4291 text and gives the canonical one of RFC 5952. Errors: undefined where the text is not an IPv6 address or has a zone. */
export function parseIpv6(text: string): Ipv6 | undefined {
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toRFC5952String() as Ipv6;
}

/** Reads an address of either version. Errors: undefined where the text is neither. */
export function parseIp(text: string): Ip | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** 6 where the canonical text has a colon. */
export function ipVersion(address: Ip): IpVersion {
  return address.includes(":") ? 6 : 4;
}

/** True for IPv4, as a type guard. */
export function isIpv4(address: Ip): address is Ipv4 {
  return !address.includes(":");
}

/** The address as a 32-bit unsigned integer. */
export function ipv4ToNumber(address: Ipv4): number {
  let value = 0;
  let octet = 0;
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code === dot) {
      value = value * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + (code - zero);
  }
  return value * 256 + octet;
}

const dot = 46;
const zero = 48;

/** The address of a 32-bit unsigned integer. */
export function ipv4FromNumber(value: number): Ipv4 {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}` as Ipv4;
}

/** The eight groups of an address, 16 bits each. */
export function ipv6Groups(address: Ipv6): readonly number[] {
  const gap = address.indexOf("::");
  if (gap < 0) return groupsIn(address);
  const head = groupsIn(address.slice(0, gap));
  const tail = groupsIn(address.slice(gap + 2));
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function groupsIn(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/** The address as a 128-bit unsigned integer. */
export function ipv6ToBigInt(address: Ipv6): bigint {
  return ipv6Groups(address).reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** The address of a 128-bit unsigned integer. */
export function ipv6FromBigInt(value: bigint): Ipv6 {
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  return ipv6FromGroups(groups);
}

/** The address of eight groups. The longest run of two zeros or more, the first of several, is compressed (RFC 5952, section 4.2). */
export function ipv6FromGroups(groups: readonly number[]): Ipv6 {
  let start = -1;
  let length = 1;
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && groups[end] === 0) end++;
    if (end - at > length) [start, length] = [at, end - at];
    at = Math.max(at, end - 1);
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return (start < 0 ? hex(0, 8) : `${hex(0, start)}::${hex(start + length, 8)}`) as Ipv6;
}

/** The address as an unsigned integer of 32 or 128 bits. */
export function ipToBigInt(address: Ip): bigint {
  return isIpv4(address) ? BigInt(ipv4ToNumber(address)) : ipv6ToBigInt(address);
}

/** The address of an unsigned integer in the given version. */
export function ipFromBigInt(value: bigint, version: IpVersion): Ip {
  return version === 4 ? ipv4FromNumber(Number(value)) : ipv6FromBigInt(value);
}

/**
 * The interface identifier address of a MAC in an IPv6 prefix: modified EUI-64.
 *
 * Source: RFC 4291 appendix A; Neutron `netutils.get_ipv6_addr_by_EUI64`.
 */
export function eui64(prefix: Ipv6, address: Mac): Ipv6 {
  const octets = address.split(":").map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = octets;
  const identifier = [a ^ 2, b, c, 0xff, 0xfe, d, e, f].reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
  return ipv6FromBigInt(((ipv6ToBigInt(prefix) >> 64n) << 64n) | identifier);
}

/** The link-local address that a kernel gives a device with this MAC (fe80::/64 with modified EUI-64, RFC 4291). */
export function linkLocal(address: Mac): Ipv6 {
  const number = macToNumber(address);
  const low = number % 0x1000000;
  const high = (number - low) / 0x1000000;
  const first = (high >>> 8) ^ 0x200;
  const rest = `${(((high & 0xff) << 8) | 0xff).toString(16)}:fe${hexOctet(low >>> 16)}:${(low & 0xffff).toString(16)}`;
  // A zero group belongs to the zeros before it, which are compressed.
  return (first === 0 ? `fe80::${rest}` : `fe80::${first.toString(16)}:${rest}`) as Ipv6;
}

function hexOctet(value: number): string {
  return value.toString(16).padStart(2, "0");
}

/** Orders addresses by version, then by value. */
export function byIp(a: Ip, b: Ip): number {
  if (a === b) return 0;
  const versions = ipVersion(a) - ipVersion(b);
  if (versions !== 0) return versions;
  return isIpv4(a) ? ipv4ToNumber(a) - ipv4ToNumber(b as Ipv4) : byGroups(ipv6Groups(a), ipv6Groups(b as Ipv6));
}

function byGroups(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((group, index) => group !== b[index]);
  return differing < 0 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}
