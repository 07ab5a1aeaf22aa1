import { expect, it } from "vitest";
import { resolvedTopology, withChainOfGroups } from "../testing/resolved-topology.js";
import { Fingerprints } from "./fingerprint.js";

const head = `
  hosts: { h1: { agent_mode: dvr, local_ip: 192.0.2.1 }, h2: { agent_mode: dvr, local_ip: 192.0.2.2 } }
  networks: { red: { subnets: { r4: { cidr: 10.1.0.0/24 } } }, blue: { subnets: { b4: { cidr: 10.2.0.0/24 } } } }
`;
const router = "routers: { r: { distributed: true, interfaces: [r4] } }";
const one = "one: { host: h1, networks: [red] }";
const two = "two: { host: h2, networks: [blue] }";

/** Fingerprints of the resources of a topology, each by its key. */
function fingerprintsOf(yaml: string): ReadonlyMap<string, string> {
  const topology = resolvedTopology(yaml);
  const fingerprints = new Fingerprints(topology);
  const { networks, routers, ports, servers } = topology;
  return new Map([...networks, ...routers, ...ports, ...servers].map((resource) => [resource.key, fingerprints.of([resource])]));
}

it("gives the same data the same fingerprint in another topology", () => {
  const before = fingerprintsOf(`${head}  ${router}\n  servers: { ${one} }`);
  const after = fingerprintsOf(`${head}  ${router}\n  servers: { ${one}, ${two} }`);
  expect([...after].filter(([key, fingerprint]) => before.get(key) !== fingerprint).map(([key]) => key)).toEqual([
    "port/two/0",
    "server/two",
  ]);
});

it("gives another to what refers to something that is another, by however many steps", () => {
  const servers = `servers: { ${one}, ${two} }`;
  const before = fingerprintsOf(`${head}  ${router}\n  ${servers}`);
  const after = fingerprintsOf(`${head.replace("cidr: 10.1.0.0/24", "cidr: 10.1.0.0/25")}  ${router}\n  ${servers}`);
  const others = [...after].filter(([key, fingerprint]) => before.get(key) !== fingerprint).map(([key]) => key);
  expect(others).toEqual(expect.arrayContaining(["network/red", "router/r", "port/one/0", "server/one"]));
  expect(others).not.toContain("server/two");
  expect(others).not.toContain("network/blue");
});

it("tells lists of ports apart, which are no part of their network", () => {
  const before = resolvedTopology(`${head}  servers: { ${one} }`);
  const after = resolvedTopology(`${head}  servers: { ${one}, three: { host: h2, networks: [red] } }`);
  const [first, second] = [new Fingerprints(before), new Fingerprints(after)];
  const ofRed = { kind: "ports", of: "network/red" } as const;
  expect(first.ofPorts(ofRed)).not.toBe(second.ofPorts(ofRed));
  expect(first.ofPorts({ ...ofRed, kind: "services" })).toBe(second.ofPorts({ ...ofRed, kind: "services" }));
  expect(first.ofPorts({ ...ofRed, of: "network/none" })).toBeUndefined();
});

it("tells plain data apart that only looks alike", () => {
  const fingerprints = new Fingerprints(resolvedTopology(head));
  const alike: readonly object[] = [
    ["1", "2"],
    ["1,2"],
    [1, 2],
    [1n, 2n],
    [["1"], "2"],
    [["1", "2"]],
    new Set(["1", "2"]),
    new Map([["1", "2"]]),
    { 1: "2" },
    ["1", "2", undefined],
    ["1", "2", null],
    ["1", "2", "undefined:undefined;"],
    Array.from({ length: 9 }, () => "1"),
    Array.from({ length: 10 }, () => "1"),
  ];
  expect(new Set(alike.map((data) => fingerprints.of(data))).size).toBe(alike.length);
  expect(() => fingerprints.of(new Date(0))).toThrow("class");
});

it("follows references that go deeper than a stack", () => {
  const fingerprintOfFirst = (nameOfLast: string): string => {
    const topology = withChainOfGroups(resolvedTopology(head), 20_000, nameOfLast);
    return new Fingerprints(topology).of(topology.securityGroups.slice(0, 1));
  };
  expect(fingerprintOfFirst("one")).toBe(fingerprintOfFirst("one"));
  expect(fingerprintOfFirst("one")).not.toBe(fingerprintOfFirst("two"));
});
