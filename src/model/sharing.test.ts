import { expect, it } from "vitest";
import { defined } from "../base/invariant.js";
import { resolvedTopology, withChainOfGroups } from "../testing/resolved-topology.js";
import type { ResolvedTopology } from "./resolved.js";
import { TopologySharing } from "./sharing.js";

const head = `
  hosts: { h1: { agent_mode: dvr, local_ip: 192.0.2.1 }, h2: { agent_mode: dvr, local_ip: 192.0.2.2 } }
  networks: { red: { subnets: { r4: { cidr: 10.1.0.0/24 } } }, blue: { subnets: { b4: { cidr: 10.2.0.0/24 } } } }
  routers: { r: { distributed: true, interfaces: [r4] } }
`;
const one = "one: { host: h1, networks: [red] }";
const two = "two: { host: h2, networks: [blue] }";

/** Topologies one after the other, each sharing with the one before. */
function inTurn(...yamls: readonly string[]): readonly [TopologySharing, ...ResolvedTopology[]] {
  const sharing = new TopologySharing();
  return [sharing, ...yamls.map((yaml) => sharing.share(resolvedTopology(yaml)))];
}

function named<R extends { readonly key: string }>(resources: readonly R[] | undefined, key: string): R {
  return defined(
    resources?.find((resource) => resource.key === key),
    key,
  );
}

it("gives a topology that is the same the same resources", () => {
  const [, before, after] = inTurn(`${head}  servers: { ${one} }`, `${head}  servers: { ${one} }`);
  expect(after?.ports.every((port, at) => port === before?.ports[at])).toBe(true);
  expect(after?.networks[0]).toBe(before?.networks[0]);
  expect(after?.networks[0]?.ports).toBe(before?.networks[0]?.ports);
});

it("gives a resource that stays its new list of ports", () => {
  const [sharing, before, after] = inTurn(`${head}  servers: { ${one} }`, `${head}  servers: { ${one}, ${two} }`);
  const blue = named(after?.networks, "network/blue");
  expect(blue).toBe(named(before?.networks, "network/blue"));
  const port = named(after?.ports, "port/two/0");
  expect(blue.ports).toContain(port);
  expect(port.network).toBe(blue);
  expect(sharing.portsOf({ kind: "ports", of: "network/blue" })).toBe(blue.ports);
  expect(named(after?.networks, "network/red").ports).toEqual(named(before?.networks, "network/red").ports);
});

it("takes what refers to a changed resource for changed, by however many steps, and nothing else", () => {
  const [sharing, before, after] = inTurn(
    `${head}  servers: { ${one}, ${two} }`,
    `${head.replace("red: {", "red: { mtu: 1400,")}  servers: { ${one}, ${two} }`,
  );
  expect(named(after?.routers, "router/r")).not.toBe(named(before?.routers, "router/r"));
  expect(named(after?.networks, "network/red")).not.toBe(named(before?.networks, "network/red"));
  expect(named(after?.servers, "server/one")).not.toBe(named(before?.servers, "server/one"));
  expect(named(after?.servers, "server/two")).toBe(named(before?.servers, "server/two"));
  expect(sharing.has(named(before?.networks, "network/red"))).toBe(false);
});

it("leads from every resource to resources of the same topology alone", () => {
  const changed = head.replace("10.1.0.0/24", "10.1.0.0/25");
  const [sharing, , after] = inTurn(`${head}  servers: { ${one}, ${two} }`, `${changed}  servers: { ${two} }`);
  for (const port of after?.ports ?? []) {
    const near = [port.network, port.host, port.server, port.router, ...port.fixedIps.map(({ subnet }) => subnet), ...port.securityGroups];
    for (const resource of near) expect(resource === undefined || sharing.has(resource)).toBe(true);
    expect(port.network.ports).toContain(port);
    for (const group of port.securityGroups) expect(group.members).toContain(port);
  }
});

it("finds in one go what leads to a change by very many steps", () => {
  const sharing = new TopologySharing();
  const firstOf = (nameOfLast: string): unknown =>
    sharing.share(withChainOfGroups(resolvedTopology(head), 20_000, nameOfLast)).securityGroups[0];
  const [before, same, other] = [firstOf("one"), firstOf("one"), firstOf("two")];
  expect([same === before, other === before]).toEqual([true, false]);
});
