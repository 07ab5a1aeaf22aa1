import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { allocationRows } from "../cli/build/allocation-rows.js";
import { compile, type Compilation, loadTopology } from "../compile.js";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.js";
import { printAllocations } from "../emit/allocations.js";
import { applyName, printArtefacts } from "../emit/layout.js";

/** An example, compiled in memory. */
export interface CompiledExample {
  readonly compilation: Compilation;
  /** Text of each file of the tree by path. Apart are manifests, which hold dvrc's version and hashes of the inputs, and `apply.sh`, which is the same everywhere. */
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A topology under `examples/`. */
export interface Example {
  readonly name: string;
  /** The entry file; TypeScript where the example has a twin in YAML. */
  readonly path: string;
}

/** Every example that is one topology, in order of name. */
export function examples(): readonly Example[] {
  return readdirSync("examples")
    .sort()
    .flatMap((name) => {
      const path = ["topology.ts", "topology.yaml", "topology.json"]
        .map((file) => join("examples", name, file))
        .find((file) => existsSync(file));
      return path === undefined ? [] : [{ name, path }];
    });
}

/**
 * Compiles a topology and all its hosts; the release is the topology's own where undefined.
 *
 * Errors: throws where it does not compile.
 */
export async function compileExample(path: string, release?: string): Promise<CompiledExample> {
  const [loaded, read] = await loadTopology(path);
  const [compilation, compiled] = loaded === undefined ? [undefined, []] : compile(loaded, { release });
  if (compilation === undefined) throw failure(path, [...read, ...compiled]);
  const files = new Map<string, string>();
  const diagnostics = [...read, ...compiled];
  for (const name of compilation.hosts) {
    const [host, found] = compilation.host(name);
    diagnostics.push(...found);
    if (host === undefined || hasErrors(found)) throw failure(path, found);
    for (const { path: file, text } of printArtefacts(host.state)) if (file !== `${name}/${applyName}`) files.set(file, text);
  }
  files.set("allocations.txt", printAllocations(allocationRows(compilation)));
  return { compilation, files, diagnostics };
}

function failure(path: string, diagnostics: readonly Diagnostic[]): Error {
  return new Error(`${path} does not compile: ${diagnostics.map(({ code, message }) => `${code} ${message}`).join(" ")}`);
}
