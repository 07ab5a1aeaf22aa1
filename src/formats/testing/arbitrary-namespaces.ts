import fc from "fast-check";
import type { Device, DeviceKind, InterfaceAddress, IpRule, Neighbour, NextHop, Route, Sysctl } from "../../ir/namespace.js";
import { cidrBroadcast, cidrLength, toCidr } from "../../net/cidr.js";
import type { IpVersion } from "../../net/ip.js";
import { macFromNumber } from "../../net/mac.js";
import { unresolvedMac } from "../ip-neigh/print.js";
import { deviceName, ipOf, ipv4, mac, prefixOf, someOrigin, unsigned } from "./arbitrary-values.js";

const origin = fc.constant(someOrigin);
const routeTable = fc.oneof(
  fc.constantFrom("main" as const, "default" as const, "local" as const),
  fc.integer({ min: 1, max: 252 }),
  fc.integer({ min: 256, max: 0xffffffff }),
);

/** A rule of the routing policy database. */
export const ipRuleOf = (version: IpVersion): fc.Arbitrary<IpRule> =>
  fc.record(
    {
      priority: unsigned(32),
      from: prefixOf(version),
      to: prefixOf(version),
      iif: deviceName,
      fwmark: fc.oneof(fc.record({ value: unsigned(32) }), fc.record({ value: unsigned(32), mask: fc.nat(0xffff) })),
      lookup: routeTable,
      origin,
    },
    { requiredKeys: ["priority", "lookup", "origin"] },
  );

/** A route of one or more hops. */
export const routeOf = (version: IpVersion): fc.Arbitrary<Route> => {
  const hop: fc.Arbitrary<NextHop> = fc.record({ via: ipOf(version), dev: deviceName }, { requiredKeys: ["dev"] });
  const weighted: fc.Arbitrary<NextHop> = fc.record(
    { via: ipOf(version), dev: deviceName, weight: fc.integer({ min: 1, max: 256 }) },
    { requiredKeys: ["dev", "weight"] },
  );
  const multipath = fc
    .tuple(weighted, weighted, fc.array(weighted, { maxLength: 2 }))
    .map(([a, b, more]): Route["nextHops"] => [a, b, ...more]);
  return fc.record(
    {
      table: routeTable,
      destination: fc.oneof(fc.constant("default" as const), prefixOf(version)),
      nextHops: fc.oneof({ arbitrary: hop.map((only): Route["nextHops"] => [only]), weight: 3 }, multipath),
      protocol: fc.constantFrom("kernel", "static", "ra"),
      scope: fc.constantFrom("link", "host"),
      src: ipOf(version),
      metric: unsigned(32),
      onlink: fc.constant(true),
      origin,
    },
    { requiredKeys: ["table", "destination", "nextHops", "origin"] },
  );
};

/** A neighbour; one that is not resolved has no MAC. */
export const neighbour: fc.Arbitrary<Neighbour> = fc
  .record({
    ip: fc.oneof(ipOf(4), ipOf(6)),
    dev: deviceName,
    lladdr: mac.filter((address) => address !== unresolvedMac),
    state: fc.constantFrom("PERMANENT", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "INCOMPLETE", "NOARP"),
    origin,
  })
  .map((entry) => (entry.state === "FAILED" || entry.state === "INCOMPLETE" ? { ...entry, lladdr: unresolvedMac } : entry));

/** A kernel parameter. */
export const sysctl: fc.Arbitrary<Sysctl> = fc.record({
  key: fc.stringMatching(/^net(?:\.[a-z0-9_/-]{1,8}){1,4}$/),
  value: fc.stringMatching(/^[0-9a-z]{1,6}$/),
  origin,
});

const ipv4Address: fc.Arbitrary<InterfaceAddress> = fc
  .tuple(ipv4, fc.integer({ min: 1, max: 32 }), fc.boolean())
  .map(([address, length, broadcast]) => {
    const cidr = toCidr(address, length);
    const given: InterfaceAddress = { cidr, scope: "global", origin: someOrigin };
    return broadcast && cidrLength(cidr) < 31 ? { ...given, broadcast: cidrBroadcast(cidr) as typeof address } : given;
  });
const ipv6Address: fc.Arbitrary<InterfaceAddress> = fc.record({
  cidr: prefixOf(6),
  scope: fc.constantFrom("global", "link", "host"),
  origin,
});

/** A device of a namespace, with what `ip addr` tells of it. */
export const deviceIn = (namespace: string): fc.Arbitrary<Device> => {
  // iproute2 prints a peer that is elsewhere as `if` and its index.
  const peer = deviceName.filter((name) => !/^if\d+$/.test(name));
  const type: fc.Arbitrary<DeviceKind> = fc.oneof(
    fc.constantFrom<DeviceKind>({ kind: "loopback" }, { kind: "ovs-internal", bridge: "" }, { kind: "bridge" }, { kind: "tap" }),
    fc.record({
      kind: fc.constant("veth" as const),
      peer: fc.constant(""),
      peerNamespace: deviceName.map((name) => `other-${name}`),
      peerIndex: fc.integer({ min: 1, max: 9999 }),
    }),
    fc.record({ kind: fc.constant("veth" as const), peer, peerNamespace: fc.constant(namespace), peerIndex: fc.constant(0) }),
  );
  return fc
    .tuple(
      fc.record({ name: deviceName, index: fc.integer({ min: 1, max: 9999 }), mtu: unsigned(16), mac, origin }),
      type,
      fc.array(ipv4Address, { maxLength: 3 }),
      fc.array(ipv6Address, { maxLength: 2 }),
    )
    .map(([device, kind, four, six]): Device => {
      const whole = { ...device, type: kind, addresses: [...four, ...six] };
      if (kind.kind === "tap") return { ...whole, master: "qbr-1" };
      return kind.kind === "loopback" ? { ...whole, mac: macFromNumber(0) } : whole;
    });
};
