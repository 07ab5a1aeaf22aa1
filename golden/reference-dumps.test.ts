import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compile, compiledHost, loadTopology } from "../src/compile.js";
import { openflow10 } from "../src/formats/openflow/dialect.js";
import { parseFlows } from "../src/formats/openflow/parse.js";
import { printFlows } from "../src/formats/openflow/print.js";
import type { Bridge } from "../src/ir/bridge.js";

const releases = ["newton", "zed", "2026.1"];
const hosts = ["network-1", "compute-2", "compute-3"];
const bridges = ["br-int", "br-tun", "br-ex"];
const dumps = releases.flatMap((release) => hosts.flatMap((host) => bridges.map((bridge) => [release, host, bridge] as const)));

async function compiledBridge(release: string, host: string, name: string): Promise<Bridge> {
  const [loaded] = await loadTopology("examples/os-dvr/topology.yaml");
  const [compilation, diagnostics] = loaded === undefined ? [undefined, []] : compile(loaded, { release });
  if (compilation === undefined) throw new Error(`os-dvr does not compile: ${diagnostics.map(({ message }) => message).join(" ")}`);
  const bridge = compiledHost(compilation, host).state.bridges.find((one) => one.name === name);
  if (bridge === undefined) throw new Error(`${host} has no ${name}`);
  return bridge;
}

function dump(release: string, host: string, bridge: string, version: "of10" | "of13"): string {
  return readFileSync(`golden/reference/dumps/${release}/${host}/${bridge}.${version}.txt`, "utf8");
}

// Nothing is left out: every flow of the dumps is in os-dvr, and os-dvr has no other.
it.each(dumps)("%s, %s: the flows of %s equal the reference dump", async (release, host, name) => {
  const { flows } = await compiledBridge(release, host, name);
  expect(printFlows(flows)).toBe(dump(release, host, name, "of13"));
});

it.each(dumps)("%s, %s: the flows of %s print over OpenFlow 1.0 as the reference dump does", async (release, host, name) => {
  const { flows } = await compiledBridge(release, host, name);
  expect(sortedLines(printFlows(flows, openflow10))).toEqual(sortedLines(dump(release, host, name, "of10")));
});

it("compares as many flows as the reference has", () => {
  const count = dumps.reduce((sum, [release, host, bridge]) => sum + parseFlows(dump(release, host, bridge, "of13")).value.length, 0);
  expect(count).toBeGreaterThan(600);
});

function sortedLines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
