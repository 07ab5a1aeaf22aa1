import type { Compilation } from "./compile.js";
import { planCloud } from "./console/cloud.js";
import { Scene } from "./console/scene.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { HostState } from "./ir/host-state.js";
import { World, type WorldOptions } from "./virtual/world.js";

/** A topology's virtual hosts and their consoles. */
export interface OpenScene {
  readonly scene: Scene;
  /** Diagnostics of the hosts that were compiled so far: a host compiles when something first comes to it. */
  readonly diagnostics: () => readonly Diagnostic[];
}

/** How a scene is opened. */
export interface SceneOptions extends WorldOptions {
  /** Changes a host's state before anything runs on it: what if a line were gone. */
  readonly change?: (state: HostState) => HostState;
}

/**
 * Opens the virtual hosts of a compiled topology.
 *
 * A host that does not compile is as if it were switched off; its diagnostics say why.
 */
export function openScene(compilation: Compilation, options: SceneOptions = {}): OpenScene {
  const found: Diagnostic[] = [];
  const { plan, names } = planCloud(compilation.resolution.topology, (host) => {
    const [compiled, diagnostics] = compilation.host(host);
    found.push(...diagnostics);
    return compiled === undefined ? undefined : (options.change?.(compiled.state) ?? compiled.state);
  });
  return { scene: new Scene(new World(plan, options), names, compilation.release.tools), diagnostics: () => found };
}
