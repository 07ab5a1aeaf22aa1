import { defined } from "../../src/base/invariant.js";
import { type Compilation, compile } from "../../src/compile.js";
import type { TopologyDocument } from "../../src/dsl/types.generated.js";
import { readJson } from "../../src/read/json.js";
import { checkShape } from "../../src/read/shape.js";
import type { LockValue } from "../../src/resolve/lock.js";

/** Compiles a topology that is written in a test. Errors: throws where it does not compile. */
export function compileDocument(
  topology: TopologyDocument,
  options: { readonly release?: string; readonly lock?: ReadonlyMap<string, LockValue> } = {},
): Compilation {
  const [read] = readJson({ path: "cloud.json", text: JSON.stringify(topology) });
  const document = defined(read, "document");
  const [value] = checkShape(document);
  const lock = options.lock === undefined ? undefined : { allocations: options.lock };
  const loaded = { document, value: defined(value, `shape of ${topology.name}`), lockPath: "cloud.lock.json", lock, lockText: undefined };
  const [compilation, diagnostics] = compile(loaded, { release: options.release });
  return defined(compilation, `${topology.name}: ${diagnostics.map(({ message }) => message).join(" ")}`);
}
