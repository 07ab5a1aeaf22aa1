import { hash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { by, byNumber, descending, sorted } from "../../base/order.js";
import type { Compilation, Loaded } from "../../compile.js";
import {
  type HostPlan,
  isAsPlanned,
  keepUntouched,
  type Moment,
  type OpenTree,
  readUntouchedAllocations,
  treeMoment,
} from "../../emit/write.js";
import { listsOfParts } from "../../lower/lower.js";
import { Fingerprints } from "../../model/fingerprint.js";
import type { PortList } from "../../model/port-list.js";
import { hostInputs, hostPrefix } from "../../resolve/index.js";
import { cacheFolder } from "../cache-folder.js";
import type { Context } from "../context.js";
import { refusalOf } from "../failure.js";
import { replaceFile } from "../replace-file.js";
import type { AllocationTexts } from "./allocation-rows.js";
import type { BuiltHost } from "./compile-hosts.js";
import type { Counts } from "./counts.js";
import type { BuildRequest } from "./options.js";
import { parseRecord, printRecord, type RecordedHost, type RecordedTree } from "./recorded-tree.js";
import type { Share } from "./share.js";

/** Servers of a topology from which it takes longer to compile it again than to look what has changed. */
export const serversForRecord = 400;

/** Records of as many trees are kept; the oldest go. */
const mostRecords = 1000;

/**
 * What is known of the tree that a build goes into from the last build there, by whatever process: hosts of which nothing has changed since, neither
 * in the topology and its lock nor in the tree, need not be compiled again.
 *
 * The record is no part of the tree, since it tells of this machine's files; without it all is compiled.
 */
export class BuildRecord {
  private constructor(
    private readonly path: string,
    private readonly last: RecordedTree | undefined,
    private readonly folder: string,
  ) {}

  /** The record of the tree that is asked for. Undefined where none is kept: without a folder for it, and where dvrc runs from its sources. */
  static of(request: BuildRequest, context: Context): BuildRecord | undefined {
    const folder = cacheFolder(context);
    if (context.program === undefined || folder === undefined) return undefined;
    const tree = resolve(context.cwd, request.out);
    const path = join(folder, "trees", hash("sha256", `${context.program}\n${tree}`));
    return new BuildRecord(path, request.force === true ? undefined : readRecord(path), tree);
  }

  /** Whether as many hosts may be what they were that it is worth to look before anything is compiled. */
  knowsMost({ value }: Loaded): boolean {
    return (
      this.last !== undefined && this.last.folder === identityOf(this.folder) && this.last.hosts.size * 2 > Object.keys(value.hosts).length
    );
  }

  /** Begins a build into the tree, which is open. Errors: undefined where its file system does not tell the time. */
  begin(compilation: Compilation, tree: OpenTree): RecordedBuild | undefined {
    const since = treeMoment(tree);
    return since === undefined ? undefined : new RecordedBuild(this.path, this.last, since, compilation, tree);
  }
}

/** A build whose outcome is recorded. */
export class RecordedBuild {
  private readonly last: RecordedTree;
  private readonly kept = new Map<string, RecordedHost>();
  /** Fingerprint of each host's inputs, once somebody has asked for it. */
  private readonly inputs = new Map<string, string>();
  private fingerprintOf: ((host: string) => string) | undefined;

  constructor(
    private readonly path: string,
    last: RecordedTree | undefined,
    private readonly begun: Moment,
    private readonly compilation: Compilation,
    private readonly tree: OpenTree,
  ) {
    const nothing = { folder: identityOf(tree.folder), release: compilation.release.name, hosts: new Map() };
    const holds = tree.manifest !== undefined && last?.folder === nothing.folder && last.release === nothing.release;
    this.last = holds ? last : nothing;
  }

  /**
   * Hosts of these that are what they were; the compilation takes over what they chose. `listed` says whether the build writes the list of allocations: then
   * their lines of it come with them.
   */
  keep(hosts: readonly string[], listed: boolean): KeptHosts {
    const kept: KeptHost[] = [];
    const lines = new Map<string, string>();
    const { listSince } = this.last;
    const list = listed && listSince !== undefined ? readUntouchedAllocations(this.tree, listSince) : undefined;
    if (listed && list === undefined) return nothingKept;
    for (const name of hosts) {
      const last = this.last.hosts.get(name);
      const place = last?.listed;
      if (last === undefined || last.inputs !== this.inputsOf(name) || (list !== undefined && place === undefined)) continue;
      const locked = this.compilation.lockedLinesOf(name);
      const plan = locked !== undefined && last.lock === sha256(locked) ? keepUntouched(this.tree, name, last.since) : undefined;
      if (plan === undefined) continue;
      this.compilation.adoptLocked(name);
      this.kept.set(name, last);
      kept.push({ built: { name, counts: last.counts, parts: [] }, plan });
      if (list !== undefined && place !== undefined) lines.set(this.groupOf(name), list.toString("latin1", ...place));
    }
    return { kept, lines };
  }

  /** Finds what {@link write} has to know of the hosts that will be built, one at each step. What it is found by goes: building needs the memory. */
  *expect(hosts: readonly string[]): Generator<void, void> {
    for (const host of hosts) {
      yield;
      this.inputsOf(host);
    }
    this.fingerprintOf = undefined;
  }

  /** Records the build, which is committed. What cannot be written is no loss but of time. */
  write(share: Share, list: AllocationTexts | undefined): void {
    const now = treeMoment(this.tree);
    if (now === undefined) return;
    const places = list && placesIn(list);
    const { folder, release, listSince } = this.last;
    const there = new Set(this.compilation.hosts);
    const hosts = new Map([...this.last.hosts].filter(([host]) => there.has(host)));
    const built = new Map(share.hosts.map((host) => [host.name, host]));
    for (const plan of share.plans) {
      const { host } = plan;
      const counts = built.get(host)?.counts;
      // What there is to say of a host's choices has to be said again.
      const known = this.kept.get(host) ?? (counts && !share.remarks.has(host) ? this.recordHost(plan, counts, now) : undefined);
      const listed = places === undefined ? known?.listed : places.get(this.groupOf(host));
      if (known === undefined) hosts.delete(host);
      else hosts.set(host, { ...known, ...(listed === undefined ? {} : { listed }) });
    }
    const since = list === undefined ? listSince : now;
    this.save({ folder, release, hosts, ...(since === undefined ? {} : { listSince: since }) });
  }

  private inputsOf(host: string): string {
    let inputs = this.inputs.get(host);
    if (inputs !== undefined) return inputs;
    this.fingerprintOf ??= fingerprintOfInputs(this.compilation);
    this.inputs.set(host, (inputs = this.fingerprintOf(host)));
    return inputs;
  }

  private recordHost(plan: HostPlan, counts: Counts, since: Moment): RecordedHost | undefined {
    const lines = this.compilation.nextLinesOf(plan.host);
    if (lines === undefined || !isAsPlanned(this.tree, plan, this.begun)) return undefined;
    return { inputs: this.inputsOf(plan.host), lock: sha256(lines), since, counts };
  }

  private save(record: RecordedTree): void {
    try {
      makeRoom(dirname(this.path));
      replaceFile(this.path, printRecord(record));
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
    }
  }

  private groupOf(host: string): string {
    return hostPrefix(this.compilation.release.name, host);
  }
}

/** Tells of a host a fingerprint of all that its agents know but for what the lock has of it. */
function fingerprintOfInputs({ resolution }: Compilation): (host: string) => string {
  const fingerprints = new Fingerprints(resolution.topology);
  const listOf = (list: PortList): readonly unknown[] => [list.kind, list.of, fingerprints.ofPorts(list)];
  return (host) => {
    const { value, lists, ports, routers } = hostInputs(resolution, host);
    return fingerprints.of([value, lists.map(listOf), listsOfParts(ports, routers).map(listOf)]);
  };
}

/** What {@link RecordedBuild.keep} finds. */
export interface KeptHosts {
  readonly kept: readonly KeptHost[];
  readonly lines: ReadonlyMap<string, string>;
}

/** Of a build that has no record. */
export const nothingKept: KeptHosts = { kept: [], lines: new Map() };

interface KeptHost {
  readonly built: BuiltHost;
  readonly plan: HostPlan;
}

function readRecord(path: string): RecordedTree | undefined {
  try {
    return parseRecord(readFileSync(path, "utf8"));
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Where each group's lines begin and end in the whole list, in bytes. */
function placesIn(list: AllocationTexts): ReadonlyMap<string, readonly [start: number, end: number]> {
  let next = 0;
  return new Map(Array.from(list, ([group, { length }]) => [group, [next, (next += length)]]));
}

/** Makes the folder of records, and lets the oldest go where there are many. */
function makeRoom(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const paths = readdirSync(folder).map((name) => join(folder, name));
  if (paths.length < mostRecords) return;
  const written = new Map(paths.map((path) => [path, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0]));
  const newest = sorted(paths, descending(by((path) => written.get(path) ?? 0, byNumber)));
  for (const path of newest.slice(mostRecords - 1)) rmSync(path, { force: true });
}

function identityOf(folder: string): string {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.dev} ${found.ino}`;
}

function sha256(text: string): string {
  return hash("sha256", text);
}
