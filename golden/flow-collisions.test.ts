import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { compile, compiledHost, loadTopology } from "../src/compile.js";
import { lowerBridges } from "../src/lower/ovs/lower-bridges.js";
import { releases } from "../src/releases/index.js";

const cases = readdirSync("examples", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(`examples/${entry.name}`).includes("topology.yaml"))
  .flatMap(({ name }) => releases.map((release) => [name, release.name, release] as const));

it.each(cases)("%s, %s: no flow overwrites another", async (example, _, release) => {
  const [loaded] = await loadTopology(`examples/${example}/topology.yaml`);
  if (loaded === undefined) throw new Error(`${example} does not load`);
  const [compilation, diagnostics] = compile(loaded, { release: release.name });
  if (compilation === undefined) throw new Error(diagnostics.map(({ message }) => message).join(" "));
  const collisions: unknown[] = [];
  let flows = 0;
  for (const host of compilation.hosts) {
    const { view } = compiledHost(compilation, host);
    for (const bridge of lowerBridges(view, release, (collision) => collisions.push(collision))) flows += bridge.flows.length;
  }
  expect(collisions).toEqual([]);
  expect(flows).toBeGreaterThan(0);
});
