import { leaveOut } from "./adopt/leave-out.js";
import { adoptHost } from "./adopt/host/adopt-host.js";
import { type DumpedHost, dumpedHost } from "./adopt/host/facts.js";
import { dvrMacs } from "./adopt/host/dvr-macs.js";
import { externalBridgeOf, inferOptions, inferRelease } from "./adopt/host/options.js";
import { type AnswerFile, readAnswers } from "./adopt/answers.js";
import { deviations } from "./adopt/deviations.js";
import { type Cloud, indexCloud } from "./adopt/document/cloud.js";
import type { InferredOptions } from "./adopt/document/hosts.js";
import { topologyOfCloud } from "./adopt/document/topology.js";
import { checkReferences } from "./adopt/references.js";
import { portStates } from "./adopt/port-states.js";
import { routerHosts } from "./adopt/router-hosts.js";
import { serverAllocations } from "./adopt/server-lock.js";
import { topologyText } from "./adopt/topology-text.js";
import { matchHostNames } from "./base/host-names.js";
import { defined } from "./base/invariant.js";
import { type Compilation, compile, lockPathOf } from "./compile.js";
import { type Diagnostic, hasErrors, type Result } from "./diagnostics/diagnostic.js";
import { report } from "./diagnostics/report.js";
import type { AgentDocument, TopologyDocument } from "./dsl/types.generated.js";
import type { HostState } from "./ir/host-state.js";
import { checkShape } from "./read/shape.js";
import { readYaml } from "./read/yaml.js";
import { defaultRelease, findRelease, releases } from "./releases/index.js";
import type { Release } from "./releases/release.js";
import { keyScope, resourceKey } from "./resolve/keys.js";
import type { LockValue } from "./resolve/lock.js";
import type { SourceText } from "./source/span.js";

/** What to import. */
export interface ImportOptions {
  /** Name of the topology. */
  readonly name: string;
  /** Path that the topology will have, for messages about it. */
  readonly path: string;
  /** Release to compile for; inferred from the host dumps where undefined. */
  readonly release?: string | undefined;
  /** Options of the agents that neither the API nor a dump shows. What a dump shows wins. */
  readonly agent?: AgentDocument;
}

/** A cloud as a topology and a lock. */
export interface Imported {
  readonly topologyText: string;
  readonly lockText: string;
  /** Compiles to the cloud's state. */
  readonly compilation: Compilation;
  /** Hosts of which there were dumps. */
  readonly dumped: readonly string[];
  /** Values of the lock that were taken from host dumps, by what they are. */
  readonly adopted: ReadonlyMap<string, AdoptedChoices>;
}

/** How many choices of one kind were taken from host dumps. */
export interface AdoptedChoices {
  readonly count: number;
  /** Those that dvrc's own rule would have made otherwise. */
  readonly otherwise: number;
}

/**
 * Makes a topology and its lock from the Networking API's answers and, where given, host dumps.
 *
 * What the server allocated comes from the answers, what hosts chose from the dumps; the lock has both, and nothing but choices.
 * Errors: DVRC70xx for answers and dumps, and what the compiler says of the topology that was made.
 */
export function importCloud(
  files: ReadonlyMap<AnswerFile, SourceText>,
  dumps: ReadonlyMap<string, HostState>,
  options: ImportOptions,
): Result<Imported> {
  const [answers, diagnostics] = readAnswers(files);
  if (answers === undefined) return [undefined, diagnostics];
  const found: Diagnostic[] = [...diagnostics];
  const modelled = leaveOut(answers, found);
  found.push(...checkReferences(modelled));
  if (!answers.agents.some(({ type }) => type === "Open vSwitch agent")) found.push(report("answer-no-hosts", {}, undefined));
  if (hasErrors(found)) return [undefined, found];
  const cloud = indexCloud(modelled, found);
  const hosts = hostsOfDumps(cloud, dumps, found);
  const release = findRelease(options.release ?? "") ?? inferRelease(hosts.values(), releases) ?? defaultRelease;
  const { document, floatingIps } = topologyOfCloud(cloud, {
    name: options.name,
    release: release.name as NonNullable<TopologyDocument["release"]>,
    inferred: inferred(hosts, release),
    agent: options.agent ?? {},
  });
  const allocations = serverAllocations(cloud, floatingIps);
  for (const [host, mac] of dvrMacs(hosts, distributedHosts(document), release)) {
    allocations.set(`${resourceKey("host", host)}/dvr_mac_address`, mac);
  }
  const networkNodes = Object.entries(document.hosts).flatMap(([host, { agent_mode: mode }]) => (mode === "dvr_snat" ? [host] : []));
  for (const [key, host] of routerHosts(cloud, networkNodes, hosts)) allocations.set(key, host);
  for (const [key, value] of portStates(cloud, hosts, release)) allocations.set(key, value);
  if (dumps.size > 0) {
    for (const host of Object.keys(document.hosts)) if (!hosts.has(host)) found.push(report("dump-missing", { host }, undefined));
  }
  if (hasErrors(found)) return [undefined, found];
  const source = { path: options.path, text: topologyText(document) };
  const [imported, compiled] = settle(source, allocations, hosts, release, cloud);
  return [imported, [...found, ...compiled]];
}

/** Hosts whose Open vSwitch agent runs with distributed routing: the others have no DVR MAC. */
function distributedHosts({ hosts, agent: common }: TopologyDocument): string[] {
  return Object.entries(hosts).flatMap(([host, { agent }]) => ({ ...common, ...agent }).enable_distributed_routing === false ? [] : [host]);
}

/** Dumps by the host whose they are: a machine's own name may lack the domain by which its agents know it. */
function hostsOfDumps(cloud: Cloud, dumps: ReadonlyMap<string, HostState>, found: Diagnostic[]): Map<string, DumpedHost> {
  const known = new Set(cloud.answers.agents.flatMap(({ type, host }) => (type === "Open vSwitch agent" ? [host] : [])));
  const names = matchHostNames([...known], [...dumps.keys()]);
  const used = new Set(names.values());
  const reason = "the answers have no Open vSwitch agent on a host of that name";
  for (const name of dumps.keys()) if (!used.has(name)) found.push(report("dump-left-out", { path: name, reason }, undefined));
  return new Map([...names].map(([host, name]) => [host, dumpedHost(defined(dumps.get(name), name))] as const));
}

function inferred(hosts: ReadonlyMap<string, DumpedHost>, release: Release): InferredOptions {
  const options = new Map([...hosts].map(([host, dump]) => [host, inferOptions(dump, release)] as const));
  const isHybrid = [...options.values()].some((one) => one.firewall_driver === "iptables_hybrid");
  // What is not the openvswitch firewall shows only where there is a port: then hosts are taken to be alike.
  const otherwise = { firewall_driver: isHybrid ? "iptables_hybrid" : "noop" } as const;
  return new Map(
    [...hosts].map(([host, dump]) => {
      const shown = options.get(host) ?? {};
      const agent = dump.bridge("br-int") === undefined ? shown : { ...otherwise, ...shown };
      return [host, { agent, externalBridge: externalBridgeOf(dump) }];
    }),
  );
}

/**
 * Adopts what the hosts chose, and compiles the topology with it.
 *
 * First the numbers, which the hosts' views name; then, of the hosts as they compile with those, ids inside flows and orders of rules.
 */
function settle(
  source: SourceText,
  allocations: Map<string, LockValue>,
  hosts: ReadonlyMap<string, DumpedHost>,
  release: Release,
  cloud: Cloud,
): Result<Imported> {
  const [document, read] = readYaml(source);
  if (document === undefined) return [undefined, read];
  const [value, shape] = checkShape(document);
  if (value === undefined) return [undefined, shape];
  const recompile = (): Result<Compilation> => {
    const lock = { allocations: new Map(allocations) };
    return compile({ document, value, lockPath: lockPathOf(source.path), lock, lockText: undefined });
  };
  const [first, failures] = recompile();
  if (first === undefined) return [undefined, failures];
  const adopted = new Map<string, LockValue>();
  const keep = (entries: ReadonlyMap<string, LockValue>): void => {
    for (const [key, entry] of entries) {
      adopted.set(key, entry);
      allocations.set(key, entry);
    }
  };
  for (const name of first.hosts) {
    const [host] = first.hostInParts(name);
    const dump = hosts.get(name);
    if (host !== undefined && dump !== undefined) keep(adoptHost(host.view, undefined, dump, release));
  }
  const [second, problems] = recompile();
  if (second === undefined) return [undefined, problems];
  const found: Diagnostic[] = [];
  for (const name of second.hosts) {
    const [host, diagnostics] = second.host(name);
    const dump = hosts.get(name);
    found.push(...diagnostics);
    if (host !== undefined && dump !== undefined) keep(adoptHost(host.view, host.state, dump, release));
  }
  const [compilation, diagnostics] = recompile();
  if (compilation === undefined || hasErrors(found)) return [undefined, [...diagnostics, ...found]];
  for (const name of compilation.hosts) compilation.hostInParts(name);
  const imported = {
    dumped: [...hosts.keys()],
    topologyText: source.text,
    lockText: compilation.nextLockText(),
    compilation,
    adopted: countAdopted(adopted, compilation.nextLock().allocations, first.nextLock().allocations),
  };
  return [imported, [...diagnostics, ...found, ...deviations(cloud, compilation.resolution.topology, document)]];
}

/** Counts what was adopted and is in the lock, and what of it dvrc's own rule would have made otherwise. */
function countAdopted(
  adopted: ReadonlyMap<string, LockValue>,
  lock: ReadonlyMap<string, LockValue>,
  own: ReadonlyMap<string, LockValue>,
): ReadonlyMap<string, AdoptedChoices> {
  const counts = new Map<string, AdoptedChoices>();
  for (const [key, value] of adopted) {
    const scope = keyScope(key);
    if (scope?.kind !== "host" || !same(lock.get(key), value)) continue;
    const { count, otherwise } = counts.get(scope.what) ?? { count: 0, otherwise: 0 };
    counts.set(scope.what, { count: count + 1, otherwise: otherwise + (same(own.get(key), value) ? 0 : 1) });
  }
  return counts;
}

function same(a: LockValue | undefined, b: LockValue): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
