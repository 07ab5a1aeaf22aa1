import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answerLines, parseRunbook, replayRunbook } from "../src/console/runbook.js";
import type { HostState } from "../src/ir/host-state.js";
import type { IptablesRule } from "../src/ir/iptables.js";
import type { Flow } from "../src/ir/flow.js";
import type { Namespace, NamespaceKind } from "../src/ir/namespace.js";
import type { Scene } from "../src/console/scene.js";
import { compileExample } from "./tools/replay.js";

const runbooks = [
  { example: "os-dvr", release: "newton", file: "runbook.md" },
  { example: "os-dvr", release: "zed", file: "runbook-zed.md" },
  { example: "os-legacy", release: undefined, file: "runbook.md" },
  { example: "os-vlan", release: undefined, file: "runbook.md" },
  { example: "os-dual-stack", release: undefined, file: "runbook.md" },
  { example: "os-two-routers", release: undefined, file: "runbook.md" },
];

function replay(file: string, scene: Scene): readonly string[] {
  const runbook = parseRunbook(readFileSync(file, "utf8"));
  expect(runbook.problems).toEqual([]);
  expect(runbook.commands.length).toBeGreaterThan(5);
  const { mismatches } = replayRunbook(runbook, (machine, command) => scene.exec(machine, command));
  return mismatches.map(({ command, answer }) => `${command.line}: ${command.command}\n${answerLines(answer).join("\n")}`);
}

for (const { example, release, file } of runbooks) {
  it(`replays ${example}/${file}`, async () => {
    const { scene } = await compileExample(example, release);
    expect(replay(join(import.meta.dirname, example, file), scene())).toEqual([]);
  });
}

it("has all thirty listings of the post in the runbook of os-dvr", () => {
  const text = readFileSync(join(import.meta.dirname, "os-dvr", "runbook.md"), "utf8");
  const listings = [...text.matchAll(/^## (L\d\d): /gm)].map(([, id]) => id);
  expect(listings).toEqual(Array.from({ length: 30 }, (_, index) => `L${String(index + 1).padStart(2, "0")}`));
});

/** A change to one entry of one host, and the listings of os-dvr that must then fail. */
interface Alteration {
  readonly what: string;
  readonly host: string;
  readonly change: (state: HostState) => HostState;
  readonly fails: readonly string[];
}

function withoutFlow(bridge: string, isIt: (flow: Flow) => boolean): (state: HostState) => HostState {
  return (state) => ({
    ...state,
    bridges: state.bridges.map((each) => (each.name === bridge ? { ...each, flows: each.flows.filter((flow) => !isIt(flow)) } : each)),
  });
}

function inNamespace(kind: NamespaceKind, change: (namespace: Namespace) => Namespace): (state: HostState) => HostState {
  return (state) => ({ ...state, namespaces: state.namespaces.map((each) => (each.kind === kind ? change(each) : each)) });
}

function withoutRule(kind: NamespaceKind, isIt: (rule: IptablesRule) => boolean): (state: HostState) => HostState {
  return inNamespace(kind, (namespace) => ({
    ...namespace,
    iptables: namespace.iptables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.filter((rule) => !isIt(rule)) })),
    })),
  }));
}

const alterations: readonly Alteration[] = [
  {
    what: "the delivery of VM1 in br-int",
    host: "compute-2",
    change: withoutFlow("br-int", (flow) => flow.table === 1 && flow.priority > 1),
    fails: ["L01"],
  },
  {
    what: "the switching of br-int",
    host: "compute-2",
    change: withoutFlow("br-int", (flow) => flow.actions[0]?.kind === "normal"),
    fails: ["L01", "L25"],
  },
  {
    what: "the drop of local routers' MACs",
    host: "compute-2",
    change: withoutFlow("br-tun", (flow) => flow.table === 1 && flow.priority === 2),
    fails: ["L02"],
  },
  {
    what: "the rewrite to the DVR MAC",
    host: "compute-2",
    change: withoutFlow("br-tun", (flow) => flow.table === 1 && flow.priority === 1),
    fails: ["L04"],
  },
  {
    what: "the l2population entries",
    host: "compute-2",
    change: withoutFlow("br-tun", (flow) => flow.table === 20 && flow.priority === 2),
    fails: ["L04"],
  },
  {
    what: "the flow that learns",
    host: "compute-3",
    change: withoutFlow("br-tun", (flow) => flow.table === 10),
    fails: ["L05", "L06", "L11"],
  },
  {
    what: "the tunnel id of NET-RED",
    host: "compute-3",
    change: withoutFlow("br-tun", (flow) => flow.table === 4 && flow.match.tunId === 0x4d),
    fails: ["L05", "L06"],
  },
  {
    what: "the l2population entries, and the flow that learns in their stead",
    host: "compute-3",
    change: withoutFlow("br-tun", (flow) => (flow.table === 20 && flow.priority === 2) || flow.table === 10),
    fails: ["L12"],
  },
  {
    what: "the flow that learns on the network host",
    host: "network-1",
    change: withoutFlow("br-tun", (flow) => flow.table === 10),
    fails: ["L13"],
  },
  {
    what: "the physical bridge's VLAN",
    host: "compute-2",
    change: withoutFlow("br-ex", (flow) => flow.priority === 4),
    fails: ["L24", "L25", "L26", "L27"],
  },
  {
    what: "the connected routes",
    host: "compute-2",
    change: inNamespace("qrouter", (each) => ({ ...each, routes: each.routes.filter((route) => route.protocol !== "kernel") })),
    fails: ["L01", "L03", "L18"],
  },
  {
    what: "the connected routes of the other host",
    host: "compute-3",
    change: inNamespace("qrouter", (each) => ({ ...each, routes: each.routes.filter((route) => route.protocol !== "kernel") })),
    fails: ["L06", "L07"],
  },
  {
    what: "the redirect rules",
    host: "compute-3",
    change: inNamespace("qrouter", (each) => ({ ...each, ipRules: each.ipRules.filter((rule) => rule.from === undefined) })),
    fails: ["L06", "L08"],
  },
  {
    what: "the redirect routes",
    host: "compute-3",
    change: inNamespace("qrouter", (each) => ({ ...each, routes: each.routes.filter((route) => route.table === "main") })),
    fails: ["L06", "L09"],
  },
  {
    what: "the permanent neighbours",
    host: "compute-3",
    change: inNamespace("qrouter", (each) => ({ ...each, neighbours: [] })),
    fails: ["L10"],
  },
  {
    what: "the SNAT namespace's addresses",
    host: "network-1",
    change: inNamespace("snat", (each) => ({ ...each, devices: each.devices.map((device) => ({ ...device, addresses: [] })) })),
    fails: ["L14", "L15"],
  },
  {
    what: "the SNAT namespace's default route",
    host: "network-1",
    change: inNamespace("snat", (each) => ({ ...each, routes: each.routes.filter((route) => route.destination !== "default") })),
    fails: ["L16"],
  },
  { what: "the source NAT", host: "network-1", change: withoutRule("snat", (rule) => rule.target?.kind === "snat"), fails: ["L17"] },
  {
    what: "the floating IP's rule",
    host: "compute-2",
    change: inNamespace("qrouter", (each) => ({ ...each, ipRules: each.ipRules.filter((rule) => rule.lookup !== 16) })),
    fails: ["L19", "L24"],
  },
  {
    what: "the floating IP's route",
    host: "compute-2",
    change: inNamespace("qrouter", (each) => ({ ...each, routes: each.routes.filter((route) => route.table !== 16) })),
    fails: ["L20", "L24"],
  },
  {
    what: "the floating IP's SNAT",
    host: "compute-2",
    change: withoutRule("qrouter", (rule) => rule.target?.kind === "snat"),
    fails: ["L21"],
  },
  {
    what: "the floating IP's DNAT",
    host: "compute-2",
    change: withoutRule("qrouter", (rule) => rule.target?.kind === "dnat"),
    fails: ["L30"],
  },
  {
    what: "the floating IP namespace's addresses",
    host: "compute-2",
    change: inNamespace("fip", (each) => ({ ...each, devices: each.devices.map((device) => ({ ...device, addresses: [] })) })),
    fails: ["L22", "L24"],
  },
  {
    what: "the floating IP namespace's default route",
    host: "compute-2",
    change: inNamespace("fip", (each) => ({ ...each, routes: each.routes.filter((route) => route.destination !== "default") })),
    fails: ["L23"],
  },
  {
    what: "the floating IP's way back",
    host: "compute-2",
    change: inNamespace("fip", (each) => ({ ...each, routes: each.routes.filter((route) => route.nextHops[0].via === undefined) })),
    fails: ["L28"],
  },
  {
    what: "the floating IP namespace's kernel parameters",
    host: "compute-2",
    change: inNamespace("fip", (each) => ({ ...each, sysctls: [] })),
    fails: ["L24", "L29"],
  },
];

/** Listings of the runbook that show something else than the page. */
function failingListings(file: string, scene: Scene): readonly string[] {
  const runbook = parseRunbook(readFileSync(file, "utf8"));
  const { mismatches } = replayRunbook(runbook, (machine, command) => scene.exec(machine, command));
  return mismatches.map(({ command }) => {
    const above = runbook.lines.slice(0, command.line).filter((line) => line.startsWith("## "));
    return /^## (L\d\d)/.exec(above.at(-1) ?? "")?.[1] ?? "";
  });
}

it("fails the listings that depend on an entry once it is gone", async () => {
  const { scene } = await compileExample("os-dvr", "newton");
  const file = join(import.meta.dirname, "os-dvr", "runbook.md");
  const outcome = alterations.map(({ what, host, change, fails }) => {
    const failing = failingListings(
      file,
      scene((state) => (state.host === host ? change(state) : state)),
    );
    return { what, missed: fails.filter((listing) => !failing.includes(listing)) };
  });
  expect(outcome.filter(({ missed }) => missed.length > 0)).toEqual([]);
});

it("has an entry for each listing without which the listing fails", () => {
  const covered = new Set(alterations.flatMap(({ fails }) => fails));
  const shown = Array.from({ length: 30 }, (_, index) => `L${String(index + 1).padStart(2, "0")}`);
  expect(shown.filter((listing) => !covered.has(listing))).toEqual([]);
});
