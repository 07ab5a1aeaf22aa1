import { parse, stringify } from "yaml";
import { compile, type Compilation, compiledHost, loadTopology } from "../../src/compile.js";
import { defined } from "../../src/base/invariant.js";
import type { HostState } from "../../src/ir/host-state.js";
import type { Namespace } from "../../src/ir/namespace.js";
import { readYaml } from "../../src/read/yaml.js";
import { checkShape } from "../../src/read/shape.js";

/** The parts of `examples/os-dvr` that variants change. */
export interface OsDvrTopology {
  readonly agent: Record<string, unknown>;
  readonly hosts: Record<string, Record<string, unknown>>;
  readonly routers: Record<"R1", Record<string, unknown>>;
  floating_ips?: Record<string, Record<string, unknown>>;
  readonly servers: Record<"VM1" | "VM2", Record<string, unknown>>;
}

/** A change to the example, with the example's lock: what both have keeps its values. */
export type Variant = (topology: OsDvrTopology) => void;

const path = "examples/os-dvr/topology.yaml";

/** State of every host of `examples/os-dvr`, or of a variant of it, compiled for a release. */
export async function compileOsDvr(release: string, variant?: Variant): Promise<ReadonlyMap<string, HostState>> {
  const compilation = await osDvr(release, variant);
  return new Map(compilation.hosts.map((host) => [host, compiledHost(compilation, host).state]));
}

/** `examples/os-dvr`, or a variant of it, for a release. */
export async function osDvr(release: string, variant: Variant = () => undefined): Promise<Compilation> {
  const [example, problems] = await loadTopology(path);
  if (example === undefined) throw new Error(JSON.stringify(problems));
  const topology = parse(example.document.source.text) as OsDvrTopology;
  variant(topology);
  const [document] = readYaml({ path, text: stringify(topology) });
  const [value, misshapen] = checkShape(defined(document, "document"));
  if (value === undefined || document === undefined) throw new Error(JSON.stringify(misshapen.map(({ message }) => message)));
  const [compilation, diagnostics] = compile({ ...example, document, value }, { release });
  if (compilation === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return compilation;
}

/** The first namespace of a kind on a host. */
export function namespaceOf(hosts: ReadonlyMap<string, HostState>, host: string, kind: Namespace["kind"]): Namespace {
  return defined(
    hosts.get(host)?.namespaces.find((namespace) => namespace.kind === kind),
    `${kind} on ${host}`,
  );
}
