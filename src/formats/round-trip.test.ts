import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDevices } from "./ip-addr/parse.js";
import { printDevices } from "./ip-addr/print.js";
import { parseNeighbours } from "./ip-neigh/parse.js";
import { printNeighbour } from "./ip-neigh/print.js";
import { parseRoutes } from "./ip-route/parse.js";
import { printRoute } from "./ip-route/print.js";
import { parseIpRules } from "./ip-rule/parse.js";
import { printIpRules } from "./ip-rule/print.js";
import { iproute310, iproute61, canonicalIproute } from "./iproute.js";
import { parseIpSets } from "./ipset-save/parse.js";
import { printIpSets } from "./ipset-save/print.js";
import { parseIptables } from "./iptables-save/parse.js";
import { printIptables } from "./iptables-save/print.js";
import { toOpenFlow10 } from "./openflow/openflow10.js";
import { parseFlows, parseFlowsWithStats } from "./openflow/parse.js";
import { parseMatch } from "./openflow/parse-match.js";
import { printFlow } from "./openflow/print.js";
import { printMatch } from "./openflow/print-match.js";
import { parsePorts } from "./ovs-ports/parse.js";
import { printPorts } from "./ovs-ports/print.js";
import { parseShow } from "./ovs-vsctl-show/parse.js";
import { printShow } from "./ovs-vsctl-show/print.js";
import { shownBridge, type ShownBridge } from "./ovs-vsctl-show/shown.js";
import type { Parsed } from "./parsed.js";
import { parseSysctls } from "./sysctl/parse.js";
import { printSysctls } from "./sysctl/print.js";
import { bridge } from "./testing/arbitrary-bridges.js";
import { flow, match } from "./testing/arbitrary-flows.js";
import { ipSets, iptables } from "./testing/arbitrary-iptables.js";
import { deviceIn, ipRuleOf, neighbour, routeOf, sysctl } from "./testing/arbitrary-namespaces.js";
import { withoutOrigins } from "./testing/arbitrary-values.js";

function expectInverse(values: unknown, parsed: Parsed<unknown>): void {
  expect(parsed.problems).toEqual([]);
  expect(withoutOrigins(parsed.value)).toEqual(withoutOrigins(values));
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

it("reads back every flow at OpenFlow 1.3", () => {
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 3 }), (flows) => expectInverse(flows, parseFlows(lines(flows.map((one) => printFlow(one)))))),
  );
});

it("reads back every flow at OpenFlow 1.0, its actions in that version's kinds", () => {
  fc.assert(
    fc.property(flow, (one) => {
      const text = `${printFlow(one, { openflow: "1.0", stats: false })}\n`;
      expectInverse([{ ...one, actions: toOpenFlow10(one.actions) }], parseFlows(text));
    }),
  );
});

it("reads back every flow and what its line counts", () => {
  const stats = fc.record(
    { duration: fc.nat(1e9), packets: fc.maxSafeNat(), bytes: fc.maxSafeNat(), idleAge: fc.nat(65535), hardAge: fc.nat(65535) },
    { requiredKeys: ["duration", "packets", "bytes"] },
  );
  fc.assert(
    fc.property(flow, stats, (one, counted) => {
      const text = `${printFlow(one, { openflow: "1.0", stats: true }, counted)}\n`;
      expectInverse([{ flow: { ...one, actions: toOpenFlow10(one.actions) }, stats: counted }], parseFlowsWithStats(text));
    }),
  );
});

it("reads back every match in any order of its fields", () => {
  fc.assert(
    fc.property(match, fc.gen(), (one, generate) => {
      const fields = printMatch(one).split(",");
      const shuffled = generate(fc.shuffledSubarray, fields, { minLength: fields.length, maxLength: fields.length });
      expect(parseMatch(shuffled.join(" , "))).toEqual({ ok: true, value: { match: one, priority: undefined } });
    }),
  );
});

it.each([4, 6] as const)("reads back every rule of IPv%i in both dialects", (version) => {
  fc.assert(
    fc.property(fc.array(ipRuleOf(version), { maxLength: 4 }), fc.constantFrom(canonicalIproute, iproute310), (rules, dialect) =>
      expectInverse(rules, parseIpRules(printIpRules(rules, dialect), version)),
    ),
  );
});

it.each([4, 6] as const)("reads back every route of IPv%i in every dialect", (version) => {
  fc.assert(
    fc.property(fc.array(routeOf(version), { maxLength: 4 }), fc.constantFrom(canonicalIproute, iproute310, iproute61), (routes, dialect) =>
      expectInverse(routes, parseRoutes(lines(routes.flatMap((route) => printRoute(route, version, dialect))), version)),
    ),
  );
});

it("reads back every neighbour in every dialect", () => {
  fc.assert(
    fc.property(fc.array(neighbour, { maxLength: 4 }), fc.constantFrom(canonicalIproute, iproute310, iproute61), (neighbours, dialect) =>
      expectInverse(neighbours, parseNeighbours(lines(neighbours.map((one) => printNeighbour(one, dialect))))),
    ),
  );
});

it("reads back every device in every dialect", () => {
  const dialect = fc.record({
    version: fc.constantFrom("6.1", "6.15"),
    trailingBlanks: fc.boolean(),
    datapath: fc.constantFrom("system", "netdev"),
  });
  fc.assert(
    fc.property(fc.array(deviceIn("here"), { maxLength: 3 }), dialect, (devices, spelling) =>
      expectInverse(devices, parseDevices(printDevices(devices, "here", spelling), "here")),
    ),
  );
});

it("reads back every kernel parameter", () => {
  fc.assert(fc.property(fc.array(sysctl), (sysctls) => expectInverse(sysctls, parseSysctls(printSysctls(sysctls)))));
});

it("reads back every table of iptables", () => {
  fc.assert(fc.property(iptables, (tables) => expectInverse(tables, parseIptables(printIptables(tables)))));
});

it("reads back every set of addresses", () => {
  fc.assert(fc.property(ipSets, (sets) => expectInverse(sets, parseIpSets(printIpSets(sets)))));
});

it("reads back every port of a bridge, whatever its values hold", () => {
  fc.assert(fc.property(bridge, (one) => expectInverse(one, parsePorts(printPorts(one)))));
});

it("reads back what ovs-vsctl shows of bridges, sorted", () => {
  fc.assert(
    fc.property(fc.uniqueArray(bridge, { selector: (one) => one.name, maxLength: 3 }), (bridges) => {
      const shown = bridges.map(shownBridge);
      expectInverse(shown.map(sortedBridge).sort(byName), parseShow(printShow(shown)));
    }),
  );
});

function sortedBridge(shown: ShownBridge): ShownBridge {
  return { ...shown, controllers: [...shown.controllers].sort(), ports: [...shown.ports].sort(byName) };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
