import { compile, type Compilation, type CompileOptions, loadTopology } from "../compile.js";
import type { Result } from "../diagnostics/diagnostic.js";
import type { Context } from "./context.js";
import { locateTopology } from "./locate-topology.js";

/** Finds, reads, checks and resolves the topology that a command line means. */
export async function openTopology(argument: string | undefined, options: CompileOptions, context: Context): Promise<Result<Compilation>> {
  const [path, located] = locateTopology(argument, context);
  if (path === undefined) return [undefined, located];
  const [loaded, read] = await loadTopology(path);
  if (loaded === undefined) return [undefined, read];
  const [compilation, diagnostics] = compile(loaded, options);
  return [compilation, [...read, ...diagnostics]];
}
