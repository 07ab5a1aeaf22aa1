import fc from "fast-check";
import { type Cidr, cidrCanonical, parseCidr, toCidr } from "../../net/cidr.js";
import { type Ip, type Ipv4, ipv4FromNumber, type Ipv6, ipv6FromBigInt } from "../../net/ip.js";
import { type Mac, macFromNumber } from "../../net/mac.js";
import { because, type Origin } from "../../source/origin.js";

/** The origin of every made-up entry. */
export const someOrigin: Origin = because("made-up", "");

/** Names of devices, bridges and chains. */
export const deviceName: fc.Arbitrary<string> = fc.stringMatching(/^[a-z][a-z0-9-]{0,13}$/);

/** An IPv4 address. */
export const ipv4: fc.Arbitrary<Ipv4> = fc.nat(0xffffffff).map(ipv4FromNumber);

/** An IPv6 address, often with runs of zeros. */
export const ipv6: fc.Arbitrary<Ipv6> = fc
  .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .map((words) => ipv6FromBigInt(words.reduce((value, word) => (value << 16n) | BigInt(word), 0n)));

/** An address of a version. */
export const ipOf = (version: 4 | 6): fc.Arbitrary<Ip> => (version === 4 ? ipv4 : ipv6);

/** A MAC. */
export const mac: fc.Arbitrary<Mac> = fc.nat(0xffffffffffff).map(macFromNumber);

/** A prefix with host bits. */
export const prefixOf = (version: 4 | 6): fc.Arbitrary<Cidr> =>
  fc.tuple(ipOf(version), fc.integer({ min: 1, max: version === 4 ? 32 : 128 })).map(([address, length]) => toCidr(address, length));

/** A prefix without host bits, shorter than a host's. */
export const networkOf = (version: 4 | 6): fc.Arbitrary<Cidr> =>
  fc
    .tuple(ipOf(version), fc.integer({ min: 1, max: version === 4 ? 31 : 127 }))
    .map(([address, length]) => cidrCanonical(toCidr(address, length)));

/** An unsigned number of some bits, small ones and the limits often. */
export const unsigned = (bits: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.nat(Math.min(2 ** bits - 1, 300)),
    fc.maxSafeNat().map((n) => n % 2 ** bits),
    fc.constant(2 ** bits - 1),
  );

/** A cookie. */
export const cookie: fc.Arbitrary<bigint> = fc.bigInt(0n, 0xffffffffffffffffn);

/** A value or nothing: the property is absent then. */
export function optional<K extends string, T>(key: K, values: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> {
  return fc.record({ [key]: values }, { requiredKeys: [] }) as fc.Arbitrary<{ [P in K]?: T }>;
}

/** A canonical prefix from text, for fixed examples. */
export const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no prefix`);
  return parsed;
};

/** A copy without the origins, which parsers cannot know. */
export function withoutOrigins(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOrigins);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key as unknown, withoutOrigins(item)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "origin")
      .map(([key, item]) => [key, withoutOrigins(item)]),
  );
}
