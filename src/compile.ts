import { defined, during } from "./base/invariant.js";
import { checkDocument, type CheckOptions } from "./check/check.js";
import { type Diagnostic, hasErrors, type Result } from "./diagnostics/diagnostic.js";
import { report } from "./diagnostics/report.js";
import type { TopologyDocument } from "./dsl/types.generated.js";
import { type HostState, stateOf } from "./ir/host-state.js";
import { lowerParts, type PartPlan, planParts } from "./lower/lower.js";
import { overwrittenFlows } from "./lower/overwritten-flows.js";
import type { FlowCollision } from "./lower/ovs/flow-set.js";
import type { HostView } from "./model/host-view.js";
import type { TopologySharing } from "./model/sharing.js";
import { readTopology } from "./read/read.js";
import { checkShape } from "./read/shape.js";
import { readTextIfAny, type TextReader } from "./read/text.js";
import { defaultRelease, findRelease, releases } from "./releases/index.js";
import type { Release } from "./releases/release.js";
import {
  type Allocation,
  allocationGroups,
  type EntryGroup,
  type GroupTexts,
  hostPrefix,
  type Lock,
  type LockEntry,
  lockLinesOf,
  lockOfLines,
  type LockReader,
  nextGroups,
  nextLock,
  parseLock,
  printEntries,
  type Resolution,
  refreshView,
  resolveHost,
  resolveTopology,
} from "./resolve/index.js";
import type { SourceDocument } from "./source/document.js";
import type { SourceText } from "./source/span.js";

/** A topology and its lock as they are on disk. */
export interface Loaded {
  readonly document: SourceDocument;
  /** The document's value, whose shape is right. */
  readonly value: TopologyDocument;
  /** `<topology>.lock.json` beside the entry file. */
  readonly lockPath: string;
  /** Undefined where there is no lock file yet. */
  readonly lock: Lock | undefined;
  readonly lockText: SourceText | undefined;
}

/** What to compile for. */
export interface CompileOptions {
  /** Name of a release; the topology's own where undefined. */
  readonly release?: string | undefined;
  /** Lines of the lock that compilations before have printed. */
  readonly texts?: GroupTexts | undefined;
  /** What the topology of the compilation before was kept in. */
  readonly sharing?: TopologySharing | undefined;
}

/** One host, compiled. */
export interface CompiledHost {
  readonly view: HostView;
  readonly state: HostState;
  readonly allocations: readonly Allocation[];
}

/** One host, resolved; its parts are lowered as they are asked for. */
export interface HostInParts {
  readonly view: HostView;
  readonly parts: readonly PartPlan[];
  readonly allocations: readonly Allocation[];
  /** DVRC5xxx: what lowering has to say, once all parts were taken. */
  readonly lowered: () => readonly Diagnostic[];
}

/** Path of the lock of a topology: its `.ts`, `.yaml` and `.json` share one. */
export function lockPathOf(topologyPath: string): string {
  return `${topologyPath.replace(/\.(?:ts|ya?ml|json)$/i, "")}.lock.json`;
}

/** Who reads a topology that was read before. */
export interface Readers {
  readonly texts: TextReader;
  readonly locks: LockReader;
}

/**
 * Reads a topology and its lock, which is somebody's readers' part where there are any, and checks the topology's shape.
 *
 * Errors: DVRC1xxx and DVRC2xxx of the topology, DVRC40xx of the lock's text.
 */
export async function loadTopology(path: string, readers?: Readers): Promise<Result<Loaded>> {
  const lockPath = lockPathOf(path);
  const [document, read] = await readTopology(path, readers?.texts);
  const [lockText, missing] = readers?.texts.readIfAny(lockPath) ?? readTextIfAny(lockPath);
  if (document === undefined) return [undefined, [...read, ...missing]];
  const [value, shape] = checkShape(document);
  const [lock, locked] = lockText === undefined ? [undefined, missing] : (readers?.locks.read(lockText) ?? parseLock(lockText));
  const diagnostics = [...read, ...shape, ...locked];
  if (value === undefined || hasErrors(diagnostics)) return [undefined, diagnostics];
  return [{ document, value, lockPath, lock, lockText }, diagnostics];
}

/**
 * Checks a topology and makes the server's database of it; hosts are compiled one by one as they are asked for.
 *
 * Errors: `unknown-release`, DVRC3xxx, DVRC4xxx.
 */
export function compile(loaded: Loaded, options: CompileOptions & CheckOptions = {}): Result<Compilation> {
  const { document, value, lock } = loaded;
  const name = options.release ?? value.release ?? defaultRelease.name;
  const release = findRelease(name);
  if (release === undefined) {
    return [undefined, [report("unknown-release", { release: name, known: releases.map((one) => one.name).join(", ") }, undefined)]];
  }
  const [topology, checked] = checkDocument(document, value, release, options);
  if (topology === undefined) return [undefined, checked];
  const [resolution, resolved] = resolveTopology(topology, release, lock, document);
  const diagnostics = [...checked, ...resolved];
  if (resolution === undefined || hasErrors(diagnostics)) return [undefined, diagnostics];
  const { sharing, texts } = options;
  const shared = sharing === undefined ? resolution : { ...resolution, topology: sharing.share(resolution.topology) };
  return [new Compilation(loaded, release, shared, texts), diagnostics];
}

/** A checked and resolved topology, whose hosts compile on demand. */
export class Compilation {
  private readonly hostAllocations = new Map<string, readonly Allocation[]>();
  /** Hosts that are not compiled, since all that they choose is known to be what the lock has. */
  private readonly lockedHosts = new Set<string>();
  /** Made when they are first asked for, and forgotten with the next host. */
  private lockGroups: readonly EntryGroup<LockEntry>[] | undefined;
  /** The lines of each of them. */
  private lockLines: ReadonlyMap<string, string> | undefined;

  constructor(
    readonly loaded: Loaded,
    readonly release: Release,
    readonly resolution: Resolution,
    private readonly texts?: GroupTexts,
  ) {}

  /** Names of the hosts in order of declaration. */
  get hosts(): readonly string[] {
    return this.resolution.topology.hosts.map(({ name }) => name);
  }

  /**
   * Compiles one host. The result is not kept: memory is bounded by one host's state.
   *
   * Errors: DVRC4xxx of the host's entries of the lock, DVRC5xxx.
   */
  host(name: string): Result<CompiledHost> {
    const [host, diagnostics] = this.hostInParts(name);
    if (host === undefined) return [undefined, diagnostics];
    const { view, parts, allocations, lowered } = host;
    const state = stateOf(name, lowerParts(parts));
    return [{ view, state, allocations }, [...diagnostics, ...lowered()]];
  }

  /** As {@link host}, for who wants one part after the other: then memory is bounded by the largest. */
  hostInParts(name: string): Result<HostInParts> {
    const [resolved, diagnostics] = during(`resolving host "${name}"`, () => resolveHost(this.resolution, name));
    if (resolved === undefined) return [undefined, diagnostics];
    return [this.inParts(resolved.view, resolved.allocations), diagnostics];
  }

  /** As {@link hostInParts}, from what an earlier compilation made of the host, where no more has changed since than the ports of its networks. */
  hostRefreshed(view: HostView, allocations: readonly Allocation[]): HostInParts {
    return this.inParts(refreshView(this.resolution, view), allocations);
  }

  private inParts(view: HostView, allocations: readonly Allocation[]): HostInParts {
    const { name } = view.host;
    this.adoptHost(name, allocations);
    const collisions: FlowCollision[] = [];
    const parts = planParts(view, this.release, (collision) => collisions.push(collision));
    const lowered = () => overwrittenFlows(name, collisions, this.loaded.document);
    return { view, parts, allocations, lowered };
  }

  /** What the hosts that were compiled so far chose, by name. */
  allocationsByHost(): ReadonlyMap<string, readonly Allocation[]> {
    return this.hostAllocations;
  }

  /** Takes over what another compilation of the same topology and lock chose for a host, as if it had been compiled here. */
  adoptHost(name: string, allocations: readonly Allocation[]): void {
    this.hostAllocations.set(name, allocations);
    this.lockGroups = undefined;
    this.lockLines = undefined;
  }

  /** Takes for granted that a host would choose what the lock has of it, as {@link lockedLinesOf} tells it. */
  adoptLocked(name: string): void {
    this.lockedHosts.add(name);
    this.lockGroups = undefined;
    this.lockLines = undefined;
  }

  /** The lock to write, of the server and all hosts compiled so far. */
  nextLock(): Lock {
    return nextLock(this.resolution, this.hostAllocations);
  }

  /** The entries of {@link nextLock}, sorted by key. */
  nextGroups(): Iterable<EntryGroup<LockEntry>> {
    this.lockGroups ??= [...nextGroups(this.resolution, this.hostAllocations, this.lockedHosts)];
    return this.lockGroups;
  }

  /** The text of {@link nextLock}. */
  nextLockText(): string {
    return this.nextLockPieces().join("");
  }

  /** As {@link nextLockText}, in pieces that follow one another. */
  nextLockPieces(): readonly string[] {
    this.lockLines ??= new Map(Array.from(this.nextGroups(), (group) => [group.group, this.linesOf(group)]));
    return lockOfLines(this.lockLines.values());
  }

  /** What {@link nextLock} has of a host's choices, as its lines; undefined for a host that was not compiled. */
  nextLinesOf(host: string): string | undefined {
    const from = this.hostAllocations.get(host);
    if (from === undefined) return undefined;
    const group = hostPrefix(this.release.name, host);
    return this.lockLines?.get(group) ?? this.linesOf({ group, from, entries: () => from.filter(({ how }) => how !== "pinned") });
  }

  /** The lock's lines of a host's choices; undefined where it has none that can be compared. */
  lockedLinesOf(host: string): string | undefined {
    const { lock } = this.loaded;
    return lock && lockLinesOf(lock, hostPrefix(this.release.name, host));
  }

  /** Whether the lock has these entries already; undefined where that is not known without reading them. */
  isLocked(group: EntryGroup<LockEntry>): true | undefined {
    const { lock } = this.loaded;
    if (group.locked !== undefined) return true;
    if (lock === undefined || this.texts === undefined) return undefined;
    return lockLinesOf(lock, group.group) === this.linesOf(group) ? true : undefined;
  }

  /** Every allocated value, sorted, of the server and all hosts compiled so far. */
  allocationGroups(): Iterable<EntryGroup<Allocation>> {
    return allocationGroups(this.resolution, this.hostAllocations);
  }

  private linesOf(group: EntryGroup<LockEntry>): string {
    if (group.locked !== undefined) return group.locked.lines;
    return this.texts?.of(group) ?? printEntries(group.entries());
  }
}

/** A host that is known to compile, for tests and tools that have checked before. */
export function compiledHost(compilation: Compilation, name: string): CompiledHost {
  return defined(compilation.host(name)[0], `host ${name}`);
}
