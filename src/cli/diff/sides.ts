import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { matchHostNames } from "../../base/host-names.js";
import type { AuditSide } from "../../audit/audit.js";
import { type AuditedHost, compiledSide, dumpedSide } from "../../audit/audited-host.js";
import type { Compilation, CompiledHost } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { partsOf } from "../../ir/host-state.js";
import { countPart, sumCounts } from "../build/counts.js";
import type { Context } from "../context.js";
import { openDumps } from "../dumps/read-dumps.js";
import { openTopology } from "../open-topology.js";

/** A side of a comparison as the command line opened it. */
export interface OpenedSide extends AuditSide {
  readonly kind: "topology" | "tree" | "dumps";
  /** As the user knows it. */
  readonly path: string;
  /** What the side was compiled from, where that is known: for causes, servers and the release. */
  readonly compilation: Compilation | undefined;
  /** Names by which dumps go, by host, where the other side calls the host otherwise. */
  readonly folders?: ReadonlyMap<string, string>;
  /** Grows while hosts are asked for. */
  readonly diagnostics: Diagnostic[];
}

/** Entries of hosts whose states are kept, of each side: the simulation goes from host to host, and comes back. Two of the largest hosts have as many. */
const keptEntries = 100_000;

/**
 * Opens what an argument names: a topology, an artefact tree with its manifest, or a folder of dumps.
 *
 * Errors: in `diagnostics`; undefined where nothing can be compared.
 */
export async function openSide(
  argument: string,
  release: string | undefined,
  context: Context,
): Promise<readonly [OpenedSide | undefined, readonly Diagnostic[]]> {
  const path = resolve(context.cwd, argument);
  const shown = relative(context.cwd, path) || ".";
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined && !/\.(?:ts|ya?ml|json)$/.test(path)) {
    return [undefined, [report("no-dumps", { folder: shown, reason: "it does not exist" }, undefined)]];
  }
  if (found?.isDirectory() !== true) return openTopologySide(argument, shown, release, context);
  const [dumps, missing] = openDumps(path);
  if (dumps === undefined) return hasTopology(path) ? openTopologySide(argument, shown, release, context) : [undefined, missing];
  const { manifest, hosts, diagnostics } = dumps;
  const compilation = manifest === undefined ? undefined : await compilationOf(resolve(path, manifest.topology), manifest.release, context);
  const host = (name: string): AuditedHost | undefined => {
    const loaded = dumps.host(name);
    return loaded === undefined ? undefined : dumpedSide(loaded, manifest !== undefined);
  };
  return [{ kind: manifest === undefined ? "dumps" : "tree", path: shown, hosts, host: remembered(host), compilation, diagnostics }, []];
}

/** Dumps whose hosts go by the names that the other side gives them. */
export function namedAs(side: OpenedSide, known: readonly string[]): OpenedSide {
  if (side.kind !== "dumps") return side;
  const folders = matchHostNames(known, side.hosts);
  const hosts = new Map([...folders].map(([host, folder]) => [folder, host]));
  return {
    ...side,
    folders,
    hosts: side.hosts.map((folder) => hosts.get(folder) ?? folder),
    host: (name) => side.host(folders.get(name) ?? name),
  };
}

function hasTopology(folder: string): boolean {
  return ["topology.ts", "topology.yaml", "topology.yml", "topology.json"].some((name) => existsSync(join(folder, name)));
}

async function openTopologySide(
  argument: string,
  shown: string,
  release: string | undefined,
  context: Context,
): Promise<readonly [OpenedSide | undefined, readonly Diagnostic[]]> {
  const [compilation, found] = await openTopology(argument, { release }, context);
  if (compilation === undefined) return [undefined, found];
  const diagnostics = [...found];
  const told = new Set<string>();
  const names = new Set(compilation.hosts);
  const host = (name: string): AuditedHost | undefined => {
    // The other side may have hosts that this topology lacks.
    if (!names.has(name)) return undefined;
    const [compiled, problems]: readonly [CompiledHost | undefined, readonly Diagnostic[]] = compilation.host(name);
    if (!told.has(name)) diagnostics.push(...problems);
    told.add(name);
    return compiled === undefined ? undefined : compiledSide(compiled.state);
  };
  return [{ kind: "topology", path: shown, hosts: compilation.hosts, host: remembered(host), compilation, diagnostics }, []];
}

/** The topology that a tree was built from, where it is still there and sound. It may have changed since. */
async function compilationOf(path: string, release: string, context: Context): Promise<Compilation | undefined> {
  if (!existsSync(path)) return undefined;
  const [compilation, diagnostics] = await openTopology(path, { release }, context);
  return hasErrors(diagnostics) ? undefined : compilation;
}

/** Keeps the hosts that were asked for last. */
function remembered(load: (name: string) => AuditedHost | undefined): (name: string) => AuditedHost | undefined {
  const kept = new Map<string, { readonly host: AuditedHost | undefined; readonly entries: number }>();
  let sum = 0;
  return (name) => {
    const known = kept.get(name);
    const host = known === undefined ? load(name) : known.host;
    const one = known ?? { host, entries: entriesOf(host) };
    if (!kept.delete(name)) sum += one.entries;
    kept.set(name, one);
    for (const [oldest, { entries }] of kept) {
      if (sum <= keptEntries || oldest === name) break;
      kept.delete(oldest);
      sum -= entries;
    }
    return host;
  };
}

function entriesOf(host: AuditedHost | undefined): number {
  if (host === undefined) return 0;
  const { flows, routing, iptables } = sumCounts(Array.from(partsOf(host.state), countPart));
  return flows + routing + iptables;
}
