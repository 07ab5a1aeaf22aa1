import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { defined } from "../src/base/invariant.js";
import { listTable } from "../src/formats/iptables-list/print.js";
import { parseNeighbours } from "../src/formats/ip-neigh/parse.js";
import { parseRoutes } from "../src/formats/ip-route/parse.js";
import { parseIpRules } from "../src/formats/ip-rule/parse.js";
import type { Namespace, RouteTable } from "../src/ir/namespace.js";
import { compileOsDvr } from "./tools/os-dvr.js";

interface Listing {
  readonly id: string;
  readonly node: string;
  readonly command: string;
  readonly expected: string;
}

const corpus = parse(readFileSync("golden/reference/post-listings.yaml", "utf8")) as { readonly listings: readonly Listing[] };

/** Listings of what a namespace learns or computes: the neighbour of the gateway (learned by ARP), and a route lookup. */
const notProgrammed = new Set(["L24-fip-neigh", "L28-fip-route-get"]);

/** Listings of what is programmed in a namespace. */
const programmed = corpus.listings.filter(
  ({ id, command }) => /^ip netns exec |^cat \/proc\/sys\//.test(command) && !notProgrammed.has(id),
);

it("knows every listing of programmed namespace state", () => {
  expect(programmed.map(({ id }) => id.slice(0, 3))).toEqual([
    ...["L03", "L07", "L08", "L09", "L10", "L15", "L16", "L17", "L18", "L19", "L20", "L21", "L22", "L23", "L29", "L30"],
  ]);
});

it.each(programmed)("has the fact behind $id", async ({ node, command, expected }) => {
  const hosts = await compileOsDvr("newton");
  const kind = /^ip netns exec (\w+)-/.exec(command)?.[1] ?? "fip";
  const namespace = defined(
    hosts.get(node)?.namespaces.find((candidate) => candidate.kind === kind),
    kind,
  );
  expectFact(namespace, command.replace(/^ip netns exec \S+ /, ""), expected);
});

function expectFact(namespace: Namespace, command: string, expected: string): void {
  if (command === "ip rule") expectRules(namespace, expected);
  else if (command.startsWith("ip route")) expectRoutes(namespace, command, expected);
  else if (command.startsWith("ip neigh")) expectNeighbours(namespace, expected);
  else if (command.startsWith("ip a ")) expect(addressLines(namespace)).toEqual(expect.arrayContaining(wordLines(expected)));
  else if (command.startsWith("iptables -t nat -L")) expect(natLines(namespace)).toEqual(expect.arrayContaining(wordLines(expected)));
  else expectSysctl(namespace, command, expected);
}

function expectRules(namespace: Namespace, expected: string): void {
  const { value, problems } = parseIpRules(expected, 4);
  expect(problems).toEqual([]);
  const essence = namespace.ipRules.map(({ priority, from, lookup }) => ({ priority, from, lookup }));
  expect(essence).toEqual(value.map(({ priority, from, lookup }) => ({ priority, from, lookup })));
}

function expectRoutes(namespace: Namespace, command: string, expected: string): void {
  const named = /table (\S+)/.exec(command)?.[1] ?? "main";
  const table: RouteTable = named === "main" ? "main" : Number(named);
  const { value, problems } = parseRoutes(expected, 4);
  expect(problems).toEqual([]);
  expect(value.length).toBeGreaterThan(0);
  for (const fact of value) expect(namespace.routes).toContainEqual({ ...fact, table, origin: expect.anything() as unknown });
}

function expectNeighbours(namespace: Namespace, expected: string): void {
  const { value, problems } = parseNeighbours(expected);
  expect(problems).toEqual([]);
  for (const fact of value) expect(namespace.neighbours).toContainEqual({ ...fact, origin: expect.anything() as unknown });
}

function expectSysctl(namespace: Namespace, command: string, expected: string): void {
  const key = command.replace(/^cat \/proc\/sys\//, "").replaceAll("/", ".");
  expect(namespace.sysctls.map((sysctl) => [sysctl.key, sysctl.value])).toContainEqual([key, expected.trim()]);
}

/** Devices and addresses in the words of `ip a`, less what the kernel of the time decides: queueing discipline, state, queue length. */
function addressLines(namespace: Namespace): string[] {
  return namespace.devices.flatMap(({ index, name, mtu, mac, addresses }) => [
    `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu ${mtu}`,
    `link/ether ${mac} brd ff:ff:ff:ff:ff:ff`,
    ...addresses.map(
      ({ cidr, broadcast, scope }) => `inet ${cidr}${broadcast === undefined ? "" : ` brd ${broadcast}`} scope ${scope} ${name}`,
    ),
  ]);
}

function natLines(namespace: Namespace): string[] {
  const nat = namespace.iptables.find(({ name }) => name === "nat");
  return wordLines(listTable(defined(nat, "nat table")).join("\n"));
}

function wordLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/\s+/g, " ")
        .replace(/ qdisc .*$/, ""),
    )
    .filter((line) => line !== "");
}
