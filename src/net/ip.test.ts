import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, it } from "vitest";
import { type Cidr, cidrBroadcast, cidrCanonical, cidrContains, cidrRange, cidrsOverlap, ipv4End, toCidr } from "./cidr.js";
import { byIp, eui64, type Ip, ipv4FromNumber, ipv4ToNumber, type Ipv6, ipv6FromBigInt, ipv6ToBigInt, linkLocal } from "./ip.js";
import { macFromNumber } from "./mac.js";

const ipv4 = fc.nat(0xffffffff).map(ipv4FromNumber);
/** Half of the groups are zero, so that there are runs to compress. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .map((groups) => ipv6FromBigInt(groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n)));
const ip: fc.Arbitrary<Ip> = fc.oneof(ipv4, ipv6);
const prefix = ip.chain((address) => fc.nat(address.includes(":") ? 128 : 32).map((length) => toCidr(address, length)));

it("reads back every address as a number", () => {
  fc.assert(fc.property(fc.nat(0xffffffff), (value) => ipv4ToNumber(ipv4FromNumber(value)) === value));
  fc.assert(fc.property(ipv6, (address) => ipv6FromBigInt(ipv6ToBigInt(address)) === address));
});

it("gives a device the link-local address of its MAC, whichever octets are zero", () => {
  const octet = fc.oneof(fc.constantFrom(0, 2, 0xff), fc.nat(255));
  const mac = fc
    .array(octet, { minLength: 6, maxLength: 6 })
    .map((octets) => macFromNumber(octets.reduce((value, one) => value * 256 + one, 0)));
  fc.assert(fc.property(mac, (address) => linkLocal(address) === eui64("fe80::" as Ipv6, address)));
});

it("cuts prefixes as ipaddr.js does", () => {
  fc.assert(
    fc.property(prefix, (cidr) => {
      const [address, length] = ipaddr.parseCIDR(cidr);
      const { IPv4, IPv6 } = ipaddr;
      const network = address.kind() === "ipv4" ? IPv4.networkAddressFromCIDR(cidr) : IPv6.networkAddressFromCIDR(cidr);
      expect(cidrCanonical(cidr)).toBe(
        `${network.kind() === "ipv4" ? network.toString() : (network as ipaddr.IPv6).toRFC5952String()}/${length}`,
      );
      if (address.kind() === "ipv4") expect(cidrBroadcast(cidr)).toBe(IPv4.broadcastAddressFromCIDR(cidr).toString());
    }),
  );
});

it("knows the ends of IPv4 prefixes that no port can have", () => {
  expect(ipv4End("10.1.0.0/30" as Cidr, "10.1.0.0" as Ip)).toBe("network");
  expect(ipv4End("10.1.0.0/30" as Cidr, "10.1.0.3" as Ip)).toBe("broadcast");
  expect(ipv4End("10.1.0.0/30" as Cidr, "10.1.0.1" as Ip)).toBeUndefined();
  expect(ipv4End("10.1.0.0/31" as Cidr, "10.1.0.0" as Ip)).toBeUndefined();
  expect(ipv4End("2001:db8::/64" as Cidr, "2001:db8::" as Ip)).toBeUndefined();
});

it("finds addresses in prefixes, and prefixes in one another, by their ranges", () => {
  const within = (address: Ip, cidr: string): boolean => {
    const parsed = ipaddr.parse(address);
    const [base, length] = ipaddr.parseCIDR(cidr);
    return parsed.kind() === base.kind() && parsed.match(base, length);
  };
  fc.assert(fc.property(prefix, ip, (cidr, address) => cidrContains(cidr, address) === within(address, cidr)));
  fc.assert(
    fc.property(prefix, prefix, (a, b) => {
      const [firstA, lastA] = cidrRange(a);
      const [firstB, lastB] = cidrRange(b);
      expect(cidrsOverlap(a, b)).toBe(a.includes(":") === b.includes(":") && firstA <= lastB && firstB <= lastA);
    }),
  );
});

it("orders addresses by version, then by value", () => {
  const value = (address: Ip): bigint =>
    address.includes(":") ? (1n << 128n) | ipv6ToBigInt(address as Ipv6) : BigInt(ipv4ToNumber(address as never));
  fc.assert(fc.property(ip, ip, (a, b) => Math.sign(byIp(a, b)) === (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0)));
});
