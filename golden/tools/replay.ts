import { join } from "node:path";
import { defined } from "../../src/base/invariant.js";
import { compile, type Loaded, loadTopology } from "../../src/compile.js";
import { planCloud } from "../../src/console/cloud.js";
import { Scene } from "../../src/console/scene.js";
import type { TopologyDocument } from "../../src/dsl/types.generated.js";
import type { ResolvedTopology } from "../../src/model/resolved.js";
import { readJson } from "../../src/read/json.js";
import { checkShape } from "../../src/read/shape.js";
import type { HostState } from "../../src/ir/host-state.js";
import { World, type WorldOptions } from "../../src/virtual/world.js";

const root = join(import.meta.dirname, "..", "..");

/** An example's compiled hosts, by name. They are compiled once; scenes on them do not disturb each other. */
export interface CompiledExample {
  readonly topology: ResolvedTopology;
  readonly states: ReadonlyMap<string, HostState>;
  /** The virtual hosts, with one of them changed if wanted. */
  readonly scene: (change?: (state: HostState) => HostState, options?: WorldOptions) => Scene;
}

/** Compiles an example for a release; its own where undefined. */
export async function compileExample(name: string, release?: string): Promise<CompiledExample> {
  const [loaded] = await loadTopology(join(root, "examples", name, "topology.yaml"));
  return compiledScenes(defined(loaded, name), release);
}

/** Compiles a topology that a test makes up, without a lock. */
export function compileDocument(topology: TopologyDocument): CompiledExample {
  const [document] = readJson({ path: "topology.json", text: JSON.stringify(topology) });
  const read = defined(document, "document");
  const [value, misshapen] = checkShape(read);
  if (value === undefined) throw new Error(misshapen.map(({ message }) => message).join(" "));
  return compiledScenes({ document: read, value, lockPath: "topology.lock.json", lock: undefined, lockText: undefined });
}

function compiledScenes(loaded: Loaded, release?: string): CompiledExample {
  const [compilation, diagnostics] = compile(loaded, release === undefined ? {} : { release });
  if (compilation === undefined) throw new Error(diagnostics.map(({ message }) => message).join(" "));
  const compiled = compilation;
  const states = new Map(compiled.hosts.map((host) => [host, defined(compiled.host(host)[0], host).state]));
  return {
    topology: compiled.resolution.topology,
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
