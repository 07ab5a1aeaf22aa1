import { expect, it } from "vitest";
import { audit } from "../src/audit/audit.js";
import { compareHost } from "../src/audit/compare/host.js";
import { printDevices } from "../src/formats/ip-addr/print.js";
import type { HostState } from "../src/ir/host-state.js";
import { captureNames } from "./tools/captures.js";
import { type CapturedHost, importCapture, type ImportedCapture } from "./tools/imported-captures.js";

/** What of a host's state is compared with its dumps, counted in entries. */
const kinds = ["flows", "rules", "routes", "neighbours", "addresses", "chains", "chain rules"] as const;

function count({ bridges, namespaces }: HostState): Readonly<Record<(typeof kinds)[number], number>> {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const chains = namespaces.flatMap(({ iptables, ip6tables }) => [...iptables, ...ip6tables].flatMap((table) => table.chains));
  return {
    flows: sum(bridges.map(({ flows }) => flows.length)),
    rules: sum(namespaces.map(({ ipRules, ip6Rules }) => ipRules.length + ip6Rules.length)),
    routes: sum(namespaces.map(({ routes, routes6 }) => routes.length + routes6.length)),
    neighbours: sum(namespaces.map(({ neighbours }) => neighbours.length)),
    addresses: sum(namespaces.flatMap(({ devices }) => devices.map(({ addresses }) => addresses.length))),
    chains: chains.length,
    "chain rules": sum(chains.map(({ rules }) => rules.length)),
  };
}

/** Programmed state of a dump: without what was learned, and without bridges and namespaces of the lab. */
function programmed({ live, expected }: CapturedHost): HostState {
  const bridges = new Set(expected.state.bridges.map(({ name }) => name));
  return {
    ...live.state,
    bridges: live.state.bridges
      .filter(({ name }) => bridges.has(name))
      .map((bridge) => ({ ...bridge, flows: bridge.flows.filter(({ hardTimeout }) => hardTimeout === undefined) })),
    namespaces: live.state.namespaces
      .filter(({ kind }) => kind !== "other")
      .map((namespace) => ({ ...namespace, neighbours: namespace.neighbours.filter(({ state }) => state === "PERMANENT") })),
  };
}

const rows: string[] = [];
const imported = new Map(captureNames().map((capture) => [capture, importCapture(capture, true)]));

for (const [capture, { hosts, imported: cloud }] of imported) {
  it(`compiles ${capture} to the state of its hosts, nothing missing and nothing more`, () => {
    const totals = Object.fromEntries(kinds.map((kind) => [kind, 0]));
    for (const host of hosts) {
      const { findings, renumberings, omissions } = compareHost(host.expected, host.live, cloud.compilation.release);
      expect({ host: host.name, findings, renumberings, omissions }).toEqual({
        host: host.name,
        findings: [],
        renumberings: [],
        omissions: [],
      });
      const own = count(host.expected.state);
      expect(own).toEqual(count(programmed(host)));
      for (const kind of kinds) totals[kind] = (totals[kind] ?? 0) + own[kind];
    }
    rows.push(`${capture.padEnd(19)}${kinds.map((kind) => String(totals[kind]).padStart(12)).join("")}  100 % equal`);
  });
}

it("has compared every capture", () => {
  console.log([`${"".padEnd(19)}${kinds.map((kind) => kind.padStart(12)).join("")}`, ...rows].join("\n"));
  expect(rows).toHaveLength(captureNames().length);
});

for (const [capture, { hosts }] of imported) {
  it(`gives the devices of ${capture} their captured order and indexes`, () => {
    for (const { expected, live } of hosts) {
      for (const namespace of expected.state.namespaces) {
        const other = live.state.namespaces.find(({ name }) => name === namespace.name);
        const shown = (devices: typeof namespace.devices): string =>
          printDevices(
            devices.map((device) => ({ ...device, type: { kind: "loopback" } })),
            namespace.name,
          );
        expect(shown(namespace.devices)).toBe(shown(other?.devices ?? []));
      }
    }
  });
}

/** Options of captures that the API does not tell. */
const untold: Readonly<Record<string, { readonly firewall_driver: "noop" | "iptables_hybrid" }>> = {
  S0b: { firewall_driver: "noop" },
  S1b: { firewall_driver: "noop" },
  "2025.1-S1b": { firewall_driver: "noop" },
  "zed-hybrid": { firewall_driver: "iptables_hybrid" },
  "zed-hybrid-address-groups": { firewall_driver: "iptables_hybrid" },
  "2025.1-hybrid": { firewall_driver: "iptables_hybrid" },
};

/** What only hosts tell, and who does not know them takes for drift: by which MAC a router knows an address pair. */
const taken: Readonly<Record<string, readonly string[]>> = {
  "zed-hybrid": ["10.1.0.201 another MAC address"],
  "zed-hybrid-address-groups": ["10.1.0.201 another MAC address"],
};

/** What the answers alone say too little of: options of one host among others, and what agents made of ports that are switched off. */
const knownByHosts: ReadonlySet<string> = new Set(["2025.1-switched-off", "2025.1-flood", "zed-tunnels"]);

function auditOf({ hosts, imported: cloud }: ImportedCapture): ReturnType<typeof audit> {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const names = [...byName.keys()];
  return audit(
    { hosts: names, host: (name) => byName.get(name)?.expected },
    { hosts: names, host: (name) => byName.get(name)?.live },
    cloud.compilation.release,
  );
}

for (const capture of captureNames().filter((name) => !knownByHosts.has(name))) {
  it(`differs from ${capture} in numbers and chance only when it is imported without its hosts`, () => {
    const { hosts } = auditOf(importCapture(capture, false, untold[capture]));
    const drift = hosts.flatMap(({ findings }) => findings.filter(({ nature }) => nature !== "chance"));
    expect(drift.map(({ about, live }) => `${live?.text.split(" ")[0] ?? ""} ${about}`)).toEqual(taken[capture] ?? []);
    expect(hosts.flatMap(({ renumberings }) => renumberings).length).toBeGreaterThan(0);
  });
}
