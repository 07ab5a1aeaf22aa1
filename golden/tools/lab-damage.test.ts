import process from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { audit } from "../../src/audit/audit.js";
import { coldState, findEffects } from "../../src/audit/effect/effects.js";
import { probeText } from "../../src/audit/effect/probe.js";
import { defined } from "../../src/base/invariant.js";
import { planCloud } from "../../src/console/cloud.js";
import { withoutExceptions } from "../../src/lab/exceptions.js";
import type { CommandLine } from "../../src/lab/inside.js";
import { allProbes, realAnswers, simulatedAnswers } from "./lab-probes.js";
import { planned, type PlannedLab, startLab, stopLab, type TestLab } from "./labs.js";
import { osDvr } from "./os-dvr.js";

let whole: PlannedLab;
let lab: TestLab;

beforeAll(async () => {
  const compilation = await osDvr("zed", ({ agent }) => {
    agent["firewall_driver"] = "openvswitch";
  });
  whole = planned({ topology: "/os-dvr", name: `${process.pid} damage` }, compilation);
  lab = await startLab(whole);
});
afterAll(() => stopLab(whole));

/** A flow, rule, route or neighbour that goes missing on a host. */
interface Damage {
  readonly what: string;
  readonly host: string;
  readonly command: (ids: Ids) => CommandLine;
}

/** Ids that commands name. */
interface Ids {
  readonly qrouter: string;
  readonly snat: string;
  readonly fip: string;
}

const deleteFlows = (bridge: string, match: string): CommandLine => ["ovs-ofctl", "-O", "OpenFlow13", "del-flows", bridge, match];
const inside = (namespace: string, ...command: readonly string[]): CommandLine => ["ip", "netns", "exec", namespace, ...command];

const damages: readonly Damage[] = [
  {
    what: "the flow that takes tunnelled frames of NET-BLUE",
    host: "compute-2",
    command: () => deleteFlows("br-tun", "table=4,tun_id=0x56"),
  },
  { what: "the flows that let tunnelled frames of routers in", host: "compute-3", command: () => deleteFlows("br-int", "table=1") },
  { what: "what leads to ssh in the firewall", host: "compute-2", command: () => deleteFlows("br-int", "table=82,tcp") },
  {
    what: "the rule of the floating IP",
    host: "compute-2",
    command: ({ qrouter }) => inside(qrouter, "ip", "rule", "del", "from", "10.0.0.12"),
  },
  { what: "the route to the floating IP", host: "compute-2", command: ({ fip }) => inside(fip, "ip", "route", "del", "169.254.0.55") },
  {
    what: "the translation to the floating IP's server",
    host: "compute-2",
    command: ({ qrouter }) => inside(qrouter, "iptables", "-t", "nat", "-F", "neutron-l3-agent-PREROUTING"),
  },
  { what: "SNAT", host: "network-1", command: ({ snat }) => inside(snat, "iptables", "-t", "nat", "-F", "neutron-l3-agent-snat") },
  {
    what: "the way to the snat namespace",
    host: "compute-3",
    command: ({ qrouter }) => inside(qrouter, "ip", "rule", "del", "pref", "167772417"),
  },
];

it.each(damages)("loses without $what just what the comparison with its dumps says", async ({ host, command }) => {
  const { topology } = whole.compilation.resolution;
  const router = defined(topology.routers[0], "router").id;
  const external = defined(
    topology.networks.find((network) => network.external),
    "network",
  ).id;
  const [program, ...args] = command({ qrouter: `qrouter-${router}`, snat: `snat-${router}`, fip: `fip-${external}` });
  await lab.text(host, program, ...args);

  const dumps = await lab.dumps();
  const { hosts } = withoutExceptions(audit(lab.expected, dumps, whole.compilation.release));
  const findings = hosts.flatMap((one) => one.findings);
  expect(new Set(findings.map((finding) => finding.host))).toEqual(new Set([host]));
  const live = planCloud(topology, (name) => coldState(defined(dumps.host(name), name).state)).plan;

  const probes = allProbes(whole);
  const answered = simulatedAnswers(whole, probes);
  const real = await realAnswers(lab, probes);
  expect([...real].sort()).toEqual([...simulatedAnswers({ ...whole, worldPlan: live }, probes)].sort());

  const { byFinding } = findEffects(findings, { topology, expected: whole.worldPlan, live });
  const asked = new Set(probes.map(probeText));
  const effects = [...byFinding.values()].flat().map(({ probe, change }) => ({ probe: probeText(probe), change }));
  const lost = effects.filter(({ probe, change }) => change === "lost" && asked.has(probe));
  // Without the rule of the floating IP the server goes out by SNAT, and nothing is lost.
  expect(lost.length > 0).toBe([...answered].some((probe) => !real.has(probe)));
  for (const { probe } of lost) expect([probe, answered.has(probe), real.has(probe)]).toEqual([probe, true, false]);

  await startLab(whole);
});
