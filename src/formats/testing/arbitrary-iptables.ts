import fc from "fast-check";
import type { IpSet, IptablesChain, IptablesMatch, IptablesRule, IptablesTable, IptablesTarget } from "../../ir/iptables.js";
import { deviceName, mac, optional, prefixOf, someOrigin, unsigned } from "./arbitrary-values.js";

const origin = fc.constant(someOrigin);
const not = optional("not", fc.constant(true as const));
const mark = fc.oneof(
  fc.record({ value: unsigned(32), mask: fc.constant(0xffffffff) }),
  fc.record({ value: unsigned(32), mask: fc.nat(0xffff) }),
);
const ports = fc.stringMatching(/^\d{1,4}(?::\d{1,4})?$/);

function negatable<T extends IptablesMatch>(match: fc.Arbitrary<T>): fc.Arbitrary<IptablesMatch> {
  return fc.tuple(match, not).map(([one, sign]) => ({ ...one, ...sign }));
}

const match: fc.Arbitrary<IptablesMatch> = fc.oneof(
  negatable(fc.record({ kind: fc.constantFrom("source", "destination"), prefix: fc.oneof(prefixOf(4), prefixOf(6)) })),
  negatable(fc.record({ kind: fc.constantFrom("in-interface", "out-interface"), name: fc.oneof(deviceName, fc.constant("qr-+")) })),
  negatable(fc.record({ kind: fc.constant("protocol" as const), protocol: fc.constantFrom("tcp", "udp", "icmp", "ipv6-icmp", "112") })),
  fc.record(
    { kind: fc.constant("ports" as const), module: fc.constantFrom("tcp", "udp", "sctp"), sport: ports, dport: ports },
    { requiredKeys: ["kind", "module", "dport"] },
  ),
  fc.record({
    kind: fc.constant("multiport" as const),
    direction: fc.constantFrom("sports", "dports"),
    ports: fc.constantFrom("80,443", "8000:8100"),
  }),
  fc.record({
    kind: fc.constant("icmp" as const),
    module: fc.constantFrom("icmp", "icmp6"),
    type: fc.constantFrom("8", "8/0", "any", "134"),
  }),
  negatable(fc.record({ kind: fc.constantFrom("mark", "connmark"), mark })),
  negatable(
    fc.record(
      {
        kind: fc.constant("ctstate" as const),
        states: fc.constantFrom(["DNAT"], ["RELATED", "ESTABLISHED"]),
        module: fc.constant("state" as const),
      },
      { requiredKeys: ["kind", "states"] },
    ),
  ),
  fc.record({ kind: fc.constant("comment" as const), text: fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text)) }),
  negatable(fc.record({ kind: fc.constant("mac-source" as const), mac })),
  fc.record(
    { kind: fc.constant("physdev" as const), in: deviceName, out: deviceName, isBridged: fc.constant(true) },
    { requiredKeys: ["kind", "in"] },
  ),
  negatable(fc.record({ kind: fc.constant("match-set" as const), set: deviceName, flags: fc.constantFrom("src", "dst", "src,dst") })),
  fc.constantFrom<IptablesMatch>(
    { kind: "other", text: "-m tcp ! --dport 22" },
    { kind: "other", text: '-m string --string "a b" --algo bm' },
  ),
);

const target: fc.Arbitrary<IptablesTarget> = fc.oneof(
  fc.record({ kind: fc.constantFrom("jump", "goto"), chain: deviceName }),
  fc.record({ kind: fc.constantFrom("accept", "drop", "return", "notrack", "checksum-fill") }),
  fc.record({ kind: fc.constant("dnat" as const), to: fc.constantFrom("192.0.2.12", "192.0.2.12:22") }),
  fc.record({ kind: fc.constant("snat" as const), to: fc.constant("192.0.2.5"), randomFully: fc.boolean() }),
  fc.record({ kind: fc.constant("redirect" as const), toPorts: fc.constant("9697") }),
  fc.record({ kind: fc.constant("set-mark" as const), mark: fc.record({ value: unsigned(32), mask: unsigned(32) }) }),
  fc.record({ kind: fc.constantFrom("save-mark", "restore-mark"), nfMask: unsigned(32), ctMask: unsigned(32) }),
  fc.record({ kind: fc.constant("ct-zone" as const), zone: unsigned(16) }),
  fc.constantFrom<IptablesTarget>(
    { kind: "other", text: "-j REJECT --reject-with icmp-port-unreachable" },
    { kind: "other", text: '-j LOG --log-prefix "a b"' },
  ),
);

const rule: fc.Arbitrary<IptablesRule> = fc.record({
  matches: fc.array(match, { maxLength: 4 }),
  target: fc.option(target, { nil: undefined }),
  origin,
});

const chain: fc.Arbitrary<IptablesChain> = fc.record(
  { name: deviceName, policy: fc.constantFrom("ACCEPT", "DROP"), rules: fc.array(rule, { maxLength: 4 }), origin },
  { requiredKeys: ["name", "rules", "origin"] },
);

/** A table; no two chains have one name. */
const table: fc.Arbitrary<IptablesTable> = fc.record({
  name: fc.constantFrom("mangle", "raw", "filter", "nat"),
  chains: fc.uniqueArray(chain, { selector: (one) => one.name, maxLength: 4 }),
});

/** Tables of a namespace. */
export const iptables: fc.Arbitrary<IptablesTable[]> = fc.uniqueArray(table, { selector: (one) => one.name, maxLength: 3 });

const ipSet: fc.Arbitrary<IpSet> = fc.constantFrom("inet" as const, "inet6" as const).chain((family) =>
  fc.record({
    name: deviceName,
    type: fc.constant("hash:net" as const),
    family: fc.constant(family),
    members: fc.array(prefixOf(family === "inet" ? 4 : 6), { maxLength: 4 }),
    origin,
  }),
);

/** Sets of a host. */
export const ipSets: fc.Arbitrary<IpSet[]> = fc.uniqueArray(ipSet, { selector: (one) => one.name, maxLength: 3 });
