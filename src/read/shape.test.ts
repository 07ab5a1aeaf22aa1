import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { expectDiagnostics, expectSlugs } from "../testing/expect-diagnostics.js";
import { readJson } from "./json.js";
import { checkShape } from "./shape.js";
import { readYaml } from "./yaml.js";

const hosts = "name: pets\nhosts: { one: { agent_mode: dvr } }\n";

/** The shape of a YAML text that is read without errors. */
function shapeOf(text: string): ReturnType<typeof checkShape> {
  const [document, diagnostics] = readYaml({ path: "/topology.yaml", text });
  expect(diagnostics).toEqual([]);
  return document === undefined ? [undefined, diagnostics] : checkShape(document);
}

/** The messages and helps of a section below two lines of name and hosts, without frames. */
function messages(section: string): string[] {
  return shapeOf(hosts + section)[1].map(({ message, help }) => (help === undefined ? message : `${message} ${help}`));
}

it("hands on a document of the right shape", () => {
  const [topology, diagnostics] = shapeOf(hosts);
  expect(diagnostics).toEqual([]);
  expect(topology?.hosts["one"]?.agent_mode).toBe("dvr");
});

it("takes every example of the schema itself", () => {
  const schema = JSON.parse(readFileSync("schema/topology.schema.json", "utf8")) as { readonly examples: readonly unknown[] };
  for (const example of schema.examples) {
    const [document] = readJson({ path: "/x.json", text: JSON.stringify(example) });
    expectSlugs(document === undefined ? [] : checkShape(document));
  }
  expect(schema.examples.length).toBeGreaterThan(0);
});

it("reports an unknown attribute at its key and says which was meant", () => {
  expectDiagnostics(
    shapeOf("name: pets\nhosts:\n  one:\n    agent_mode: dvr\n    local_ipp: 192.0.2.1\n"),
    `
    topology.yaml:5:5 - error DVRC2002 unknown-property: Host "one" has no attribute "local_ipp".
      5 |     local_ipp: 192.0.2.1
        |     ^^^^^^^^^
      help: Did you mean "local_ip"?
    `,
  );
});

it("reports a missing attribute at its owner, unless an unknown one was meant to be it", () => {
  expectDiagnostics(
    shapeOf("name: pets\nhosts:\n  one: {}\n"),
    `
    topology.yaml:3:3 - error DVRC2003 missing-property: Host "one" lacks the attribute "agent_mode".
      3 |   one: {}
        |   ^^^
    `,
  );
  expectSlugs(shapeOf("name: pets\nhosts:\n  one: { agent_mod: dvr }\n"), "unknown-property");
});

it("reports wrong types in the words of the field", () => {
  expect(messages('networks: { blue: { mtu: "1500", shared: yes, subnets: { b4: { cidr: 10, service_types: x } } } }')).toEqual([
    'Attribute "shared" of network "blue" is a string, not a boolean. Write true.',
    'Attribute "mtu" of network "blue" is a string, not an integer. Write it without quotes: 1500.',
    'Attribute "cidr" of subnet "b4" of network "blue" is a number, not a string. Write it in quotes: "10".',
    'Attribute "service_types" of subnet "b4" of network "blue" is a string, not a list.',
  ]);
  expect(messages("release: 2025.10")).toEqual([
    'Attribute "release" of the topology is a number, not a string. Write it in quotes: "2025.10".',
  ]);
  expect(messages("networks: []")).toEqual(['Section "networks" is a list, not an object.']);
  expect(messages("networks: { blue: }")).toEqual(['Network "blue" is null, not an object.']);
  expect(messages("agent: { vxlan_udp_port: 1.5 }")).toEqual([
    'Attribute "vxlan_udp_port" of section "agent" is a number, not an integer.',
  ]);
});

it("gives one error for a shorthand: of the form that was meant, or of all where none was", () => {
  expect(messages("routers: { R: { interfaces: [5] } }")).toEqual([
    'Item 1 of "interfaces" of router "R" is a number, not a string or an object. Write it in quotes: "5".',
  ]);
  expect(messages("routers: { R: { interfaces: [{ subnet: b4, ip_addres: x }] } }")).toEqual([
    'Item 1 of "interfaces" of router "R" has no attribute "ip_addres". Did you mean "ip_address"?',
  ]);
  expect(messages("routers: { R: { interfaces: [{ port: p, ip_address: x }] } }")).toEqual([
    'Item 1 of "interfaces" of router "R" has no attribute "ip_address".',
  ]);
  expect(messages("routers: { R: { interfaces: [{ port: 5 }] } }")).toEqual([
    'Attribute "port" of item 1 of "interfaces" of router "R" is a number, not a string. Write it in quotes: "5".',
  ]);
  expect(messages("routers: { R: { interfaces: [{}] } }")).toEqual(['Item 1 of "interfaces" of router "R" lacks the attribute "subnet".']);
  expect(messages("routers: { R: { interfaces: [{ subnett: b4 }] } }")).toEqual([
    'Item 1 of "interfaces" of router "R" has no attribute "subnett". Did you mean "subnet"?',
  ]);
  expect(messages("servers: { v: { networks: [{ network: n, fixed_ips: [{ subnet: s, ip: x }] }] } }")).toEqual([
    'Item 1 of "fixed_ips" of item 1 of "networks" of server "v" has no attribute "ip".',
  ]);
  expect(messages("servers: { v: { floating_ip: false } }")).toEqual(['Attribute "floating_ip" of server "v" is false, not true.']);
  expect(messages("servers: { v: { floating_ip: 5 } }")).toEqual([
    'Attribute "floating_ip" of server "v" is a number, not a string or a boolean. Write it in quotes: "5".',
  ]);
});

it("reports values that are not among the listed ones", () => {
  expect(messages("networks: { blue: { 'provider:network_type': vlna } }")).toEqual([
    'Attribute "provider:network_type" of network "blue" is "vlna", not "vxlan", "gre", "geneve", "vlan" or "flat". Did you mean "vlan"?',
  ]);
  expect(messages("address_scopes: { s: { ip_version: 5 } }")).toEqual(['Attribute "ip_version" of address scope "s" is 5, not 4 or 6.']);
});

it("reports lengths, bounds, repeated items and empty values", () => {
  expect(messages("neutron: { vni_range: [1], network_vlan_ranges: { p: [0, 5000, 1] } }")).toEqual([
    'Attribute "vni_range" of section "neutron" has 1 item, not 2 items.',
    'Attribute "p" of "network_vlan_ranges" of section "neutron" has 3 items, not 2 items.',
    'Item 1 of "p" of "network_vlan_ranges" of section "neutron" is 0, which is below 1.',
    'Item 2 of "p" of "network_vlan_ranges" of section "neutron" is 5000, which is above 4094.',
  ]);
  expect(messages("agent: { tunnel_types: [vxlan, gre, vxlan] }")).toEqual([
    'Attribute "tunnel_types" of section "agent" has the same item twice.',
  ]);
  expect(messages('networks: { "": {} }')).toEqual(['A name in section "networks" is empty.']);
  expect(messages("ports: { p: { network: n, fixed_ips: [{}] } }")).toEqual(['Item 1 of "fixed_ips" of port "p" is empty.']);
  expect(shapeOf("name: ''\nhosts: {}\n")[1].map(({ message }) => message)).toEqual([
    'Attribute "name" of the topology is empty.',
    'Section "hosts" is empty.',
  ]);
});

it("reports all errors in one run, and a root that is no object once", () => {
  expectSlugs(shapeOf("nam: x\n"), "missing-property", "unknown-property");
  expectSlugs(shapeOf("[1, 2]\n"), "wrong-type");
  expectSlugs(shapeOf("text\n"), "wrong-type");
});

it("keeps its head with hostile keys", () => {
  const text =
    '{"name": "x", "hosts": {"__proto__": {"agent_mode": "dvr"}, "a/b~c\\n\\"": {"agent_mode": "dvr", "__proto__": 1, "constructor": 2}}}';
  const [document] = readJson({ path: "/topology.json", text });
  expectDiagnostics(
    document === undefined ? [] : checkShape(document),
    `
    topology.json:1:96 - error DVRC2002 unknown-property: Host "a/b~c\\n"" has no attribute "__proto__".
      1 | …r"}, "a/b~c\\n\\"": {"agent_mode": "dvr", "__proto__": 1, "constructor": 2}}}
        |                                          ^^^^^^^^^^^
    topology.json:1:112 - error DVRC2002 unknown-property: Host "a/b~c\\n"" has no attribute "constructor".
      1 | …: {"agent_mode": "dvr", "__proto__": 1, "constructor": 2}}}
        |                                          ^^^^^^^^^^^^^
    `,
  );
});
