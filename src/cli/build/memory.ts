import type { Compilation } from "../../compile.js";
import { areAsLeft, type FileRecords, type HostPlan, keepHost, type OpenTree } from "../../emit/write.js";
import type { PartPlan } from "../../lower/lower.js";
import type { PortList } from "../../model/port-list.js";
import type { ResolvedPort } from "../../model/resolved.js";
import { haveSameMembers, isSame, type KnownSame } from "../../model/same.js";
import { TopologySharing } from "../../model/sharing.js";
import { type Allocation, GroupTexts, hostInputs } from "../../resolve/index.js";
import type { BuiltHost, BuiltPart } from "./compile-hosts.js";

/** All that something is made of. */
interface Inputs {
  /** Resources are in it as the objects that they are in the topology, which may go on being in the next one's. */
  readonly data: unknown;
  readonly lists: readonly PortList[];
  /** Of each list. */
  readonly ports: readonly (readonly ResolvedPort[] | undefined)[];
}

/** A host as a build left it. */
interface Remembered {
  /** Of its view and its parts; undefined where there was something to say of its choices, which has to be said again. */
  readonly inputs: Inputs | undefined;
  readonly allocations: readonly Allocation[];
  readonly built: BuiltHost;
  readonly files: FileRecords;
  /** Of each part, by id. */
  readonly parts: ReadonlyMap<string, Inputs>;
}

/** What `--watch` keeps from one build to the next, so that only those parts of hosts are lowered and printed whose artefacts may have changed. */
export class BuildMemory {
  /** Of the topologies that were compiled for the builds. */
  readonly sharing = new TopologySharing();
  /** Of the lock, and of the list of allocations. */
  readonly lockTexts = new GroupTexts();
  readonly listTexts = new GroupTexts();
  /** Where the last build went, and for which release. */
  private place = "";
  private hosts = new Map<string, Remembered>();
  /** Parts that this build has met so far, by host and id. */
  private met = new Map<string, Map<string, Inputs>>();
  /** Hosts that this build has left as they were. */
  private kept = new Map<string, Remembered>();
  /** Data that this build has found to be the same: a host's parts share a lot. */
  private same = new Map<object, object>();

  /** Begins the next build: of another folder, another release, or a folder without a tree nothing is known. */
  begin({ release }: Compilation, { folder, manifest }: OpenTree): void {
    this.met = new Map();
    this.kept = new Map();
    this.lockTexts.begin();
    this.listTexts.begin();
    const place = JSON.stringify([folder, release.name]);
    if (this.place !== place || manifest === undefined) this.hosts.clear();
    this.place = place;
  }

  /** A host that is what it was, with its allocations; undefined where it has to be compiled. */
  keep(compilation: Compilation, host: string): { readonly built: BuiltHost; readonly plan: HostPlan } | undefined {
    const known = this.hosts.get(host);
    if (known?.inputs === undefined) return undefined;
    const lockLines = compilation.lockedLinesOf(host);
    // A host of the same data reads the same lists.
    const data = [lockLines, hostInputs(compilation.resolution, host).value];
    if (lockLines === undefined || !this.isSame(known.inputs, this.inputs(data, known.inputs.lists))) return undefined;
    compilation.adoptHost(host, known.allocations);
    this.kept.set(host, known);
    return { built: known.built, plan: keepHost(host, known.files) };
  }

  /** A part that is what it was; undefined where it has to be lowered. */
  part(host: string, plan: PartPlan): BuiltPart | undefined {
    const known = this.hosts.get(host);
    const before = known?.parts.get(plan.id);
    const inputs = this.inputs(plan.slice, plan.lists);
    const same = before !== undefined && this.isSame(before, inputs);
    this.meet(host, plan.id, same ? before : inputs);
    return same ? known?.built.parts.find(({ id }) => id === plan.id) : undefined;
  }

  /** A host's files, as the last build left them. */
  filesOf(host: string): FileRecords | undefined {
    return this.hosts.get(host)?.files;
  }

  /** Remembers a build that is committed, and lets go of its topology. */
  remember(compilation: Compilation, built: readonly BuiltHost[], plans: readonly HostPlan[], remarked: ReadonlySet<string>): void {
    const byName = new Map(built.map((host) => [host.name, host]));
    const allocations = compilation.allocationsByHost();
    const hosts = new Map<string, Remembered>();
    for (const { host, files } of plans) {
      const kept = this.kept.get(host);
      if (kept !== undefined) {
        hosts.set(host, kept);
        continue;
      }
      const one = byName.get(host);
      const chosen = allocations.get(host);
      if (one === undefined || chosen === undefined || files === undefined) continue;
      // With the lock that this build writes, the next one will choose the same.
      const parts = this.met.get(host) ?? this.meetAll(compilation, host);
      const inputs = remarked.has(host) ? undefined : this.inputsOf(compilation, host, parts, compilation.nextLinesOf(host));
      hosts.set(host, { inputs, allocations: chosen, built: one, files, parts });
    }
    this.hosts = hosts;
    this.same = new Map();
  }

  /** Forgets hosts whose files are no longer what the last build left. Answers whether there are any. */
  forgetEdited({ folder }: OpenTree): boolean {
    const edited = [...this.hosts].filter(([, { files }]) => !areAsLeft(folder, files));
    for (const [host] of edited) this.hosts.delete(host);
    return edited.length > 0;
  }

  private inputsOf(
    { resolution }: Compilation,
    host: string,
    parts: ReadonlyMap<string, Inputs>,
    lockLines: string | undefined,
  ): Inputs | undefined {
    if (lockLines === undefined) return undefined;
    const { value, lists } = hostInputs(resolution, host);
    // Of one view parts are made from the same lists.
    const read = [...lists, ...[...parts.values()].flatMap((part) => part.lists)];
    return this.inputs([lockLines, value], [...new Map(read.map((list) => [`${list.kind} ${list.of}`, list])).values()]);
  }

  private inputs(data: unknown, lists: readonly PortList[]): Inputs {
    return { data, lists, ports: lists.map((list) => this.sharing.portsOf(list)) };
  }

  private isSame(before: Inputs, now: Inputs): boolean {
    const known: KnownSame = (a, b) => {
      if (this.sharing.has(b)) return false;
      if (this.same.get(a) === b) return true;
      const same = haveSameMembers(a, b, known);
      if (same) this.same.set(a, b);
      return same;
    };
    return isSame(before.ports, now.ports, known) && isSame(before.data, now.data, known);
  }

  private meet(host: string, id: string, part: Inputs): void {
    const parts = this.met.get(host);
    if (parts === undefined) this.met.set(host, new Map([[id, part]]));
    else parts.set(id, part);
  }

  /** The parts of a host that a helper compiled, which alone has seen them. */
  private meetAll(compilation: Compilation, host: string): ReadonlyMap<string, Inputs> {
    const [resolved] = compilation.hostInParts(host);
    for (const { id, slice, lists } of resolved?.parts ?? []) this.meet(host, id, this.inputs(slice, lists));
    return this.met.get(host) ?? new Map();
  }
}
