import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDevices } from "./ip-addr/parse.js";
import { parseNeighbours } from "./ip-neigh/parse.js";
import { parseRoutes } from "./ip-route/parse.js";
import { parseIpRules } from "./ip-rule/parse.js";
import { parseIpSets } from "./ipset-save/parse.js";
import { parseIptables } from "./iptables-save/parse.js";
import { parseFlows } from "./openflow/parse.js";
import { parseOvsTable } from "./ovs-json/parse.js";
import { parseSwitch } from "./ovs-ofctl-show/parse.js";
import { parsePorts } from "./ovs-ports/parse.js";
import { parseShow } from "./ovs-vsctl-show/parse.js";
import type { Parsed } from "./parsed.js";
import { parseSysctls } from "./sysctl/parse.js";

/** Every parser with a text that it understands. */
const parsers: readonly (readonly [name: string, parse: (text: string) => Parsed<unknown>, sample: string])[] = [
  [
    "flows",
    (text) => parseFlows(text),
    " cookie=0x5, table=3, priority=4,ct_state=+est-rel,ip,reg5=0x1/0xf,nw_src=192.0.2.0/24 actions=learn(table=20,NXM_OF_VLAN_TCI[0..11],load:0->NXM_OF_VLAN_TCI[]),ct(commit,exec(set_field:0x1->ct_mark)),output:3\n",
  ],
  ["rules", (text) => parseIpRules(text, 4), "5:\tfrom 192.0.2.1/24 fwmark 0x5/0xff iif qr-1 lookup 16\n"],
  [
    "routes",
    (text) => parseRoutes(text, 4),
    "198.51.100.0/24 table 16 proto static\n\tnexthop via 192.0.2.5 dev qr-1 weight 1\n\tnexthop via 192.0.2.6 dev qr-1 weight 1\n",
  ],
  ["neighbours", (text) => parseNeighbours(text), "192.0.2.5 dev qr-1 lladdr fa:16:3e:00:00:05 PERMANENT\n"],
  [
    "devices",
    (text) => parseDevices(text, "ns"),
    "2: qr-1@if3: <BROADCAST,UP> mtu 1450 qdisc noqueue state UP group default qlen 1000\n    link/ether fa:16:3e:00:00:05 brd ff:ff:ff:ff:ff:ff link-netns other\n    inet 192.0.2.1/24 brd 192.0.2.255 scope global qr-1\n",
  ],
  ["sysctls", (text) => parseSysctls(text), "net.ipv4.ip_forward = 1\n"],
  [
    "iptables",
    (text) => parseIptables(text),
    '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ! -i qg-1 -m comment --comment "a \\" b" -j DNAT --to-destination 192.0.2.5\nCOMMIT\n',
  ],
  ["sets", (text) => parseIpSets(text), "create s hash:net family inet hashsize 1024 maxelem 65536\nadd s 192.0.2.0/24\n"],
  [
    "ports",
    (text) => parsePorts(text),
    'LOCAL  br-int           -    bridge   datapath_id=00\n1      tap1             3    internal datapath_port=4 "external_ids:a=b c"\n',
  ],
  [
    "bridges",
    (text) => parseShow(text),
    '    Bridge br-int\n        Port p\n            tag: 3\n            Interface p\n                type: vxlan\n                options: {key=flow, remote_ip="192.0.2.1"}\n',
  ],
  [
    "switch",
    (text) => parseSwitch(text),
    "OFPT_FEATURES_REPLY (xid=0x2): dpid:0000000000000001\n 1(p): addr:fa:16:3e:00:00:05\n     config:     0\n",
  ],
  ["database", (text) => parseOvsTable(text), '{"headings":["name","ports"],"data":[["br",["set",[["uuid","1"]]]]]}\n'],
];

it.each(parsers)("understands its sample: %s", (_, parse, sample) => {
  expect(parse(sample).problems).toEqual([]);
});

it.each(parsers)("answers any text without throwing: %s", (_, parse) => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => Array.isArray(parse(text).problems)));
});

it.each(parsers)("answers its sample with a character changed without throwing: %s", (_, parse, sample) => {
  const change = fc.tuple(
    fc.nat(sample.length - 1),
    fc.constantFrom("", " ", ",", "(", ")", "=", "/", ":", "0", "-", '"', "\\", "\n", "\u0000", "\u{1f600}"),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let text = sample;
      for (const [at, character] of changes) text = text.slice(0, at) + character + text.slice(at + 1);
      return Array.isArray(parse(text).problems);
    }),
  );
});

it.each(parsers)("notices that its sample breaks off in the last line: %s", (name, parse, sample) => {
  const { problems } = parse(sample.slice(0, -2));
  if (name === "database") expect(problems).toMatchObject([{ line: 1 }]);
  else expect(problems).toContainEqual(expect.objectContaining({ line: sample.split("\n").length - 1 }));
});

it.each(parsers)("answers a huge line in time: %s", (_, parse, sample) => {
  const started = performance.now();
  for (const filler of ["(", ",a=1", " -m x", '"', "\\", " ", "0", "[", 'x="', "@"]) {
    const line = sample.slice(0, 40).replaceAll("\n", "") + filler.repeat(200_000 / filler.length);
    expect(parse(`${line}\n`).problems.length).toBeLessThan(10);
  }
  expect(performance.now() - started).toBeLessThan(5000);
});

it.each(["__proto__", "constructor", "hasOwnProperty"])("takes %s for a name like any other", (name) => {
  expect(parseFlows(` ${name}=1 actions=drop\n`).problems).toMatchObject([{ reason: `unknown match field "${name}"` }]);
  expect(parseIptables(`*nat\n:${name} - [0:0]\n-A ${name} -j ${name}\nCOMMIT\n`)).toMatchObject({
    value: [{ chains: [{ name, rules: [{ target: { kind: "jump", chain: name } }] }] }],
    problems: [],
  });
});

it.each(["\u2028", "\u00a0", "\u0085", "-j", ""])("takes %j for a comment like any other", (comment) => {
  const text = `*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m comment --comment "${comment}" -j ACCEPT\nCOMMIT\n`;
  expect(parseIptables(text)).toMatchObject({
    value: [{ chains: [{ rules: [{ matches: [{ text: comment }], target: { kind: "accept" } }] }] }],
    problems: [],
  });
});

it("says on which line what is wrong", () => {
  const text = " priority=1 actions=drop\n foo=1 actions=drop\n\n tcp,tp_dst=65536 actions=drop\n priority=2\n table=3, actions=ct(\n";
  expect(parseFlows(text).problems.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
    '2: unknown match field "foo"',
    '4: wrong value of tp_dst "65536"',
    "5: a flow has no actions",
    "6: unbalanced parentheses in actions",
  ]);
});

it("passes over the kernel's own routes and refuses types that it does not model", () => {
  const text = "local 192.0.2.1 dev lo table local proto kernel scope host src 192.0.2.1\nblackhole 198.51.100.0/24\n";
  expect(parseRoutes(text, 4)).toMatchObject({ value: [], problems: [{ line: 2 }] });
});

it("misses the COMMIT of a table that a cut dump lacks", () => {
  expect(parseIptables("*nat\n:PREROUTING ACCEPT [0:0]\n").problems).toMatchObject([{ reason: 'table "nat" has no COMMIT' }]);
});
