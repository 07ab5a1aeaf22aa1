import { expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import { printTrace31 } from "../src/console/trace-31.js";
import { parseMatch } from "../src/formats/openflow/parse-match.js";
import { parseCtFlags } from "../src/virtual/flow-key.js";
import { keyOfMatch, traceFlow } from "../src/virtual/ofproto-trace.js";
import { VirtualBridge } from "../src/virtual/virtual-bridge.js";
import { loadHostDump } from "../src/audit/load-dumps.js";
import { captureDump, captureHosts, captureNames, capturedMacs } from "./tools/captures.js";
import { type CapturedLookup, type CapturedSection, type CapturedTrace, parseTraces, sentCopies } from "./tools/captured-traces.js";

/** A host's bridges as dumped, with the MAC tables that they had. */
function hostBridges(capture: string, host: string): ReadonlyMap<string, VirtualBridge> {
  const dump = captureDump(capture, host);
  const { state, problems } = loadHostDump(host, dump);
  expect(problems).toEqual([]);
  let number = 100;
  return new Map(
    state.bridges.map((bridge) => {
      const ports = bridge.ports.map((port) => ({ ...port, datapathPort: number++ }));
      const running = new VirtualBridge({ ...bridge, ports });
      for (const { vlan, mac, port } of capturedMacs(dump, bridge.name)) running.macs.learn(vlan, mac, port, 0);
      return [bridge.name, running];
    }),
  );
}

function run(bridges: ReadonlyMap<string, VirtualBridge>, trace: CapturedTrace): CapturedTrace {
  const bridge = defined(bridges.get(trace.bridge), trace.bridge);
  const match = parseMatch(trace.flow, { resolvePort: (name) => bridge.portNamed(name)?.ofport });
  if (!match.ok) throw new Error(match.reason);
  const ctNext = trace.ctNext.map((text) => defined(parseCtFlags(text), text).value);
  const bridgeOfPort = (port: string): VirtualBridge | undefined =>
    [...bridges.values()].find((each) => each.portNamed(port) !== undefined);
  const result = traceFlow({ bridgeOfPort }, bridge, defined(keyOfMatch(match.value.match), trace.flow), ctNext, 0);
  const text = `$ ${trace.command}\n${printTrace31(result, { bridges, dialect: "ovs-3.1" })}`;
  return defined(parseTraces(text)[0], "a trace");
}

/** What must be equal: lookups with their actions in any order of flooding, and whether anything is sent. */
function essence(sections: readonly CapturedSection[]): unknown {
  return sections.map(({ flow, lookups, notes, final, megaflow, datapath }) => ({
    flow: withoutIds(flow),
    lookups: lookups.map((lookup: CapturedLookup) => `${lookup.bridge} ${lookup.rule}: ${lookup.actions.join(" ")}`).sort(),
    notes: [...notes].sort(),
    final: withoutIds(final),
    megaflow: withoutIds(megaflow),
    sent: datapath !== "drop",
  }));
}

function withoutIds(text: string): string {
  return text.replace(/recirc_id=0x[0-9a-f]+/, "recirc_id");
}

/**
 * Checks that both sides send the same copies. Numbers in the datapath are the host's own affair, so one renumbering must do for all its traces:
 * `candidates` holds, for each number that was captured, the simulated ones that it can be.
 */
function expectSameCopies(captured: CapturedSection, simulated: CapturedSection, candidates: Map<string, ReadonlySet<string>>): void {
  const [theirs, ours] = [sentCopies(captured), sentCopies(simulated)];
  expect(ours.map(({ headers }) => headers).sort(), captured.datapath).toEqual(theirs.map(({ headers }) => headers).sort());
  for (const { headers, to } of theirs) {
    const like = ours.filter((copy) => copy.headers === headers).map((copy) => copy.to);
    const left = like.filter((each) => (to.startsWith("port") ? (candidates.get(to)?.has(each) ?? each.startsWith("port")) : each === to));
    expect(left.length, `${to} of ${captured.datapath} in ${simulated.datapath}`).toBeGreaterThan(0);
    candidates.set(to, new Set(left));
  }
}

/** Not of every capture were traces taken. */
const traced = captureNames().filter((capture) => captureHosts(capture).some((host) => captureDump(capture, host).has("traces.txt")));

for (const capture of traced) {
  for (const host of captureHosts(capture)) {
    it(`traces ${capture} ${host} as Open vSwitch did`, () => {
      const bridges = hostBridges(capture, host);
      const captured = parseTraces(defined(captureDump(capture, host).get("traces.txt"), "traces"));
      expect(captured.length).toBeGreaterThan(0);
      const candidates = new Map<string, ReadonlySet<string>>();
      for (const trace of captured) {
        const simulated = run(bridges, trace);
        expect(essence(simulated.sections), `line ${trace.line}: ${trace.command}`).toEqual(essence(trace.sections));
        trace.sections.forEach((section, index) => {
          expectSameCopies(section, defined(simulated.sections[index], "a section"), candidates);
        });
      }
    });
  }
}
