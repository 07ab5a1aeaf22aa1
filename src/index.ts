import type { Compilation, CompileOptions } from "./compile.js";
import type { Result } from "./diagnostics/diagnostic.js";

export { ref, topology } from "./dsl/topology.js";
export type * from "./dsl/topology.js";
export type * from "./dsl/types.generated.js";
export type { Compilation, CompiledHost, CompileOptions } from "./compile.js";
export type { Diagnostic, RelatedPlace, Result } from "./diagnostics/diagnostic.js";
export type { HostState } from "./ir/host-state.js";

/**
 * Compiles a topology file and its lock: what `dvrc build` does before it writes.
 *
 * A `.ts` topology is type-checked, then run: it is trusted code. The compiler is loaded at the first call only, so that a topology file that imports dvrc stays cheap.
 */
export async function compile(path: string, options: CompileOptions = {}): Promise<Result<Compilation>> {
  const pipeline = await import("./compile.js");
  const [loaded, read] = await pipeline.loadTopology(path);
  if (loaded === undefined) return [undefined, read];
  const [compilation, diagnostics] = pipeline.compile(loaded, options);
  return [compilation, [...read, ...diagnostics]];
}
