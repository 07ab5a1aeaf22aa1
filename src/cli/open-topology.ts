import { compile, type Compilation, type CompileOptions, type Loaded, loadTopology, type Readers } from "../compile.js";
import type { Result } from "../diagnostics/diagnostic.js";
import type { Context } from "./context.js";
import { locateTopology } from "./locate-topology.js";

/** Finds, reads, checks and resolves the topology that a command line means. */
export async function openTopology(argument: string | undefined, options: CompileOptions, context: Context): Promise<Result<Compilation>> {
  const [loaded, read] = await openLoaded(argument, context);
  if (loaded === undefined) return [undefined, read];
  const [compilation, diagnostics] = compile(loaded, options);
  return [compilation, [...read, ...diagnostics]];
}

/** Finds and reads the topology that a command line means, and its lock. */
export async function openLoaded(argument: string | undefined, context: Context, readers?: Readers): Promise<Result<Loaded>> {
  const [path, located] = locateTopology(argument, context);
  return path === undefined ? [undefined, located] : loadTopology(path, readers);
}
