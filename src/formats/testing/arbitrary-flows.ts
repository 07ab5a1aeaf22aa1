import fc from "fast-check";
import type { Action, LearnSpec, SetField, Subfield } from "../../ir/action.js";
import type { Flow } from "../../ir/flow.js";
import { etherType, ipProtocol, type Masked, type Match, type MaybeMasked, type OfPort } from "../../ir/match.js";
import { ctStateFlags } from "../openflow/ct-state.js";
import { fieldsByHeader, headersByName } from "../openflow/field-names.js";
import { cookie, ipv4, ipv6, mac, networkOf, someOrigin, unsigned } from "./arbitrary-values.js";

const port: fc.Arbitrary<OfPort> = fc.oneof(fc.integer({ min: 1, max: 65279 }), fc.constant("local" as const));

function maybeMasked(bits: number): fc.Arbitrary<MaybeMasked<number>> {
  const masked = fc
    .tuple(fc.bigInt(0n, 2n ** BigInt(bits) - 1n), fc.bigInt(1n, 2n ** BigInt(bits) - 2n))
    .map(([value, mask]): Masked<number> => ({ value: Number(value & mask), mask: Number(mask) }));
  return fc.oneof(unsigned(bits), masked);
}

const ctState: fc.Arbitrary<string> = fc
  .tuple(...ctStateFlags.map((flag) => fc.constantFrom("", `+${flag}`, `-${flag}`)))
  .map((flags) => flags.join(""))
  .filter((state) => state !== "");

const groupMac = { value: "01:00:00:00:00:00", mask: "01:00:00:00:00:00" } as Masked<never>;
const words = ["ip", "ipv6", "arp", "rarp", "none"] as const;

/** Fields that any packet has. */
const anyFields: fc.Arbitrary<Match> = fc.record(
  {
    pktMark: maybeMasked(32),
    recircId: unsigned(32),
    conjId: unsigned(32),
    ctState,
    ctZone: unsigned(16),
    ctMark: maybeMasked(32),
    reg0: maybeMasked(32),
    reg5: maybeMasked(32),
    reg7: maybeMasked(32),
    tunId: unsigned(24),
    tunSrc: fc.oneof(ipv4, networkOf(4)),
    tunDst: ipv4,
    inPort: port,
    ethSrc: mac,
    ethDst: fc.oneof(mac, fc.constant(groupMac)),
  },
  { requiredKeys: [] },
);

const vlanFields: fc.Arbitrary<Match> = fc.oneof(
  fc.constant({}),
  fc.record({ vlanVid: unsigned(12) }),
  fc.record({ vlanVid: unsigned(12), vlanPcp: fc.nat(7) }),
  fc.constant({ vlanTci: { value: 0, mask: 0x1fff } }),
  fc.nat(0xfff).map((vid) => ({ vlanTci: { value: vid, mask: 0xfff } })),
);

function protocolFields(word: (typeof words)[number]): fc.Arbitrary<Match> {
  const transport = {
    ipProto: unsigned(8),
    ipTos: fc.nat(63).map((dscp) => dscp << 2),
    ipEcn: fc.nat(3),
    ipTtl: unsigned(8),
    ipFrag: fc.constant("no"),
  };
  const ports = { tpSrc: maybeMasked(16), tpDst: maybeMasked(16), icmpType: unsigned(8), icmpCode: unsigned(8) };
  switch (word) {
    case "ip":
      return withType(etherType.ipv4, { ...transport, ...ports, ipSrc: fc.oneof(ipv4, networkOf(4)), ipDst: fc.oneof(ipv4, networkOf(4)) });
    case "ipv6":
      return withType(etherType.ipv6, {
        ...transport,
        ...ports,
        ipv6Src: fc.oneof(ipv6, networkOf(6)),
        ipv6Dst: fc.oneof(ipv6, networkOf(6)),
        ndTarget: ipv6,
        ipProto: fc.constantFrom(ipProtocol.icmpv6, ipProtocol.udp, 112),
      });
    case "arp":
    case "rarp":
      return withType(word === "arp" ? etherType.arp : etherType.rarp, {
        arpOp: unsigned(16),
        arpSpa: fc.oneof(ipv4, networkOf(4)),
        arpTpa: ipv4,
        arpSha: mac,
        arpTha: mac,
      });
    case "none":
      return fc.oneof(
        fc.constant({}),
        fc.integer({ min: 1, max: 0xffff }).map((ethType) => ({ ethType })),
      );
  }
}

function withType(ethType: number, fields: { readonly [K in keyof Match]?: fc.Arbitrary<NonNullable<Match[K]>> }): fc.Arbitrary<Match> {
  return fc.record(fields, { requiredKeys: [] }).map((rest) => ({ ethType, ...rest }));
}

/** A match in the form that Open vSwitch gives it. */
export const match: fc.Arbitrary<Match> = fc
  .tuple(anyFields, vlanFields, fc.constantFrom(...words).chain(protocolFields))
  .map(([any, vlan, protocol]) => ({ ...any, ...vlan, ...protocol }));

/** The header that stands for each field: a dump does not tell an NXM name from an OXM one where the whole field has a name. */
const firstHeaders = [...new Set(headersByName.values())];

const subfield: fc.Arbitrary<Subfield> = fc.oneof(
  fc.constantFrom(...firstHeaders).map((field) => ({ field })),
  fc
    .tuple(fc.constantFrom(...firstHeaders), fc.nat(15), fc.nat(15))
    .map(([field, a, b]) => ({ field, bits: [Math.min(a, b), Math.max(a, b)] as const })),
);

const setField: fc.Arbitrary<SetField> = fc.oneof(
  fc.record({ kind: fc.constant("set-field" as const), field: fc.constantFrom("ethSrc", "ethDst", "arpSha", "arpTha"), value: mac }),
  fc.record({ kind: fc.constant("set-field" as const), field: fc.constantFrom("arpSpa", "arpTpa", "ipSrc", "ipDst"), value: ipv4 }),
  fc.record({ kind: fc.constant("set-field" as const), field: fc.constantFrom("ipv6Src", "ipv6Dst"), value: ipv6 }),
  fc.record({
    kind: fc.constant("set-field" as const),
    field: fc.constantFrom("tunId", "ctMark", "pktMark", "reg0", "reg6"),
    value: unsigned(32),
  }),
  fc.record({ kind: fc.constant("set-field" as const), field: fc.constant("arpOp"), value: unsigned(16) }),
  fc.record({ kind: fc.constant("set-field" as const), field: fc.constant("ipDscp"), value: fc.nat(63) }),
  fc.record({ kind: fc.constant("set-field" as const), field: fc.constant("vlanVid"), value: unsigned(12) }),
);

const wholeValue: fc.Arbitrary<LearnSpec> = fc
  .constantFrom(...firstHeaders)
  .chain((field) =>
    fc
      .bigInt(0n, 2n ** BigInt(fieldsByHeader.get(field)?.bits ?? 8) - 1n)
      .map((value) => ({ kind: "match-value", destination: { field }, value })),
  );

const learnSpec: fc.Arbitrary<LearnSpec> = fc.oneof(
  fc.record({ kind: fc.constant("match-field" as const), destination: subfield, source: subfield }),
  wholeValue,
  fc.record({ kind: fc.constant("load-field" as const), source: subfield, destination: subfield }),
  fc.record({ kind: fc.constant("load-value" as const), value: fc.bigInt(0n, 0xffffn), destination: subfield }),
  fc.record({ kind: fc.constant("output" as const), source: subfield }),
);

const plain: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("output" as const), port }),
  fc.record({ kind: fc.constant("output-field" as const), source: subfield }),
  fc.constantFrom<Action>(
    { kind: "normal" },
    { kind: "in-port" },
    { kind: "flood" },
    { kind: "controller" },
    { kind: "pop-vlan" },
    { kind: "ct-clear" },
    { kind: "pop-queue" },
  ),
  fc.record({ kind: fc.constant("goto-table" as const), table: fc.nat(254) }),
  fc.record({ kind: fc.constant("set-queue" as const), queue: unsigned(32) }),
  fc.record({ kind: fc.constant("resubmit" as const), port }),
  fc.record({ kind: fc.constant("resubmit" as const), table: fc.nat(254) }),
  fc.record({ kind: fc.constant("resubmit" as const), table: fc.nat(254), port }),
  fc.record({ kind: fc.constant("push-vlan" as const), etherType: fc.constantFrom(0x8100, 0x88a8) }),
  setField,
  fc.record({ kind: fc.constant("move" as const), source: subfield, destination: subfield }),
  fc.record({ kind: fc.constant("load" as const), value: cookie, destination: subfield }),
  fc.record({ kind: fc.constant("conjunction" as const), id: unsigned(32), clause: fc.nat(63), clauses: fc.nat(64) }),
  fc.constantFrom<Action>(
    { kind: "other", text: "dec_ttl" },
    { kind: "other", text: "group:5" },
    { kind: "other", text: "clone(output:3,ct())" },
  ),
);

const conntrack: fc.Arbitrary<Action> = fc
  .tuple(
    fc.boolean(),
    fc.record(
      {
        table: fc.nat(254),
        zone: fc.oneof(fc.integer({ min: 1, max: 65535 }), subfield),
        exec: fc.array(setField, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([commit, rest]) => ({ kind: "ct", commit, ...rest }));

const learn: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant("learn" as const),
  table: fc.nat(254),
  priority: unsigned(16),
  idleTimeout: unsigned(16),
  hardTimeout: unsigned(16),
  cookie,
  specs: fc.array(learnSpec, { maxLength: 4 }),
});

/** Actions in the form that Open vSwitch gives them at OpenFlow 1.3. */
export const actions: fc.Arbitrary<Action[]> = fc.array(fc.oneof({ arbitrary: plain, weight: 4 }, conntrack, learn), { maxLength: 5 });

/** A flow in the form that Open vSwitch gives it at OpenFlow 1.3. */
export const flow: fc.Arbitrary<Flow> = fc
  .tuple(
    fc.record({ table: fc.nat(254), priority: unsigned(16), cookie, match, actions, origin: fc.constant(someOrigin) }),
    fc.record(
      {
        flags: fc.constantFrom(["reset_counts"], ["send_flow_rem", "reset_counts"]),
        idleTimeout: fc.integer({ min: 1, max: 65535 }),
        hardTimeout: fc.integer({ min: 1, max: 65535 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([required, rest]) => ({ ...required, ...rest }));
