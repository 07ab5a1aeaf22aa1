import { join } from "node:path";
import { defined } from "../../src/base/invariant.js";
import { compile, loadTopology } from "../../src/compile.js";
import { planCloud } from "../../src/console/cloud.js";
import { Scene } from "../../src/console/scene.js";
import type { HostState } from "../../src/ir/host-state.js";
import { World, type WorldOptions } from "../../src/virtual/world.js";

const root = join(import.meta.dirname, "..", "..");

/** An example's compiled hosts, by name. They are compiled once; scenes on them do not disturb each other. */
export interface CompiledExample {
  readonly states: ReadonlyMap<string, HostState>;
  /** The virtual hosts, with one of them changed if wanted. */
  readonly scene: (change?: (state: HostState) => HostState, options?: WorldOptions) => Scene;
}

/** Compiles an example for a release; its own where undefined. */
export async function compileExample(name: string, release?: string): Promise<CompiledExample> {
  const [loaded] = await loadTopology(join(root, "examples", name, "topology.yaml"));
  const [compilation] = compile(defined(loaded, name), release === undefined ? {} : { release });
  const compiled = defined(compilation, name);
  const states = new Map(compiled.hosts.map((host) => [host, defined(compiled.host(host)[0], host).state]));
  return {
    states,
    scene: (change = (state) => state, options = {}) => {
      const { plan, names } = planCloud(compiled.resolution.topology, (host) => {
        const state = states.get(host);
        return state === undefined ? undefined : change(state);
      });
      return new Scene(new World(plan, options), names, compiled.release.tools);
    },
  };
}
