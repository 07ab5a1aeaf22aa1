import type { Compilation, HostInParts, Readers } from "../../compile.js";
import { areAsLeft, type FileRecords, type HostPlan, keepHost, type OpenTree, readAsLeft } from "../../emit/write.js";
import { editFlows } from "../../formats/openflow/edit.js";
import type { ShownBridge } from "../../formats/ovs-vsctl-show/shown.js";
import type { IsSame, PartPlan } from "../../lower/lower.js";
import type { HostView } from "../../model/host-view.js";
import type { PortList } from "../../model/port-list.js";
import type { ResolvedPort } from "../../model/resolved.js";
import { haveSameMembers, isSame, type KnownSame } from "../../model/same.js";
import { TopologySharing } from "../../model/sharing.js";
import { TextReader } from "../../read/text.js";
import { type Allocation, GroupTexts, hostInputs, lockForm, LockReader } from "../../resolve/index.js";
import { listForm } from "./allocation-rows.js";
import { bridgesOf, type BuiltHost, type BuiltPart, type EditedPart } from "./compile-hosts.js";

/** All that something is made of. */
interface Inputs {
  /** Resources are in it as the objects that they are in the topology, which may go on being in the next one's. */
  readonly data: object;
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
  readonly resolved: Resolved;
}

/** A host as a build resolved it. */
interface Resolved {
  readonly view: HostView;
  /** Of each part, by id. */
  readonly parts: Map<string, Inputs>;
}

/** What `--watch` keeps from one build to the next, so that only those parts of hosts are lowered and printed whose artefacts may have changed. */
export class BuildMemory {
  /** Where the last build went, and for which release. */
  private folder = "";
  private release = "";
  private hosts = new Map<string, Remembered>();
  /** Hosts that this build has met so far, with their parts. */
  private met = new Map<string, Resolved>();
  /** Hosts that this build has left as they were. */
  private kept = new Map<string, Remembered>();
  private isSameData: IsSame = () => false;

  constructor(
    /** Of the topologies and locks that the builds found, and of the locks that they left. */
    readonly readers: Readers = { texts: new TextReader(), locks: new LockReader() },
    /** Of the topologies that were compiled for the builds. */
    readonly sharing: TopologySharing = new TopologySharing(),
    /** Of the lock, and of the list of allocations. */
    readonly lockTexts: GroupTexts = new GroupTexts(lockForm),
    readonly listTexts: GroupTexts = new GroupTexts(listForm),
  ) {}

  /** One that knows the same, for a build that is not to be remembered. Once it is over, {@link TopologySharing.restore} ends it. */
  copy(): BuildMemory {
    const copy = new BuildMemory(this.readers, this.sharing.copy(), this.lockTexts.copy(), this.listTexts.copy());
    copy.folder = this.folder;
    copy.release = this.release;
    copy.hosts = new Map(this.hosts);
    return copy;
  }

  /** Begins the next build: of another folder, another release, or a folder without a tree nothing is known. */
  begin({ release }: Compilation, { folder, manifest }: Pick<OpenTree, "folder" | "manifest">): void {
    this.met = new Map();
    this.kept = new Map();
    this.isSameData = comparisonIn(this.sharing);
    this.lockTexts.begin();
    this.listTexts.begin();
    if (this.folder !== folder || this.release !== release.name || manifest === undefined) this.hosts.clear();
    this.folder = folder;
    this.release = release.name;
  }

  /** A host that is what it was, or the parts of one that was not resolved again; undefined where it has to be. */
  keep(compilation: Compilation, host: string): { readonly built: BuiltHost; readonly plan: HostPlan } | HostInParts | undefined {
    const known = this.hosts.get(host);
    if (known?.inputs === undefined) return undefined;
    const lockLines = compilation.lockedLinesOf(host);
    // A host of the same data reads the same lists.
    const now = this.inputs([lockLines, hostInputs(compilation.resolution, host).value], known.inputs.lists);
    if (lockLines === undefined || !this.isSameData(known.inputs.data, now.data)) return undefined;
    if (!this.isSameData(known.inputs.ports, now.ports)) return compilation.hostRefreshed(known.resolved.view, known.allocations);
    compilation.adoptHost(host, known.allocations);
    this.kept.set(host, known);
    return { built: known.built, plan: keepHost(host, known.files) };
  }

  /** Begins a host that is compiled. */
  meet(host: string, { view }: HostInParts): void {
    this.met.set(host, { view, parts: new Map() });
  }

  /** A part that is what it was; undefined where it has to be lowered. */
  part(host: string, plan: PartPlan): BuiltPart | undefined {
    const known = this.hosts.get(host);
    const before = known?.resolved.parts.get(plan.id);
    const inputs = this.inputs(plan.slice, plan.lists);
    this.met.get(host)?.parts.set(plan.id, inputs);
    return before !== undefined && this.isSame(before, inputs) ? known?.built.parts.find(({ id }) => id === plan.id) : undefined;
  }

  /** A part of which only flows are others, made of the file of them. Errors: undefined where it has to be lowered. */
  editedPart(host: string, plan: PartPlan): EditedPart | undefined {
    const known = this.hosts.get(host);
    const before = known?.resolved.parts.get(plan.id);
    const part = known?.built.parts.find(({ id }) => id === plan.id);
    const path = part?.paths.find((one) => one.endsWith(".flows"));
    if (known === undefined || before === undefined || part === undefined || path === undefined) return undefined;
    const change = plan.change?.(before.data, this.isSameData);
    const bytes = change && readAsLeft(this.folder, path, known.files);
    const pieces = bytes === undefined || change === undefined ? undefined : editFlows(bytes, change);
    if (pieces === undefined || change === undefined) return undefined;
    const flows = part.counts.flows + change.come.length - change.gone.length;
    return { part: { ...part, counts: { ...part.counts, flows } }, artefact: { path, pieces } };
  }

  /** Whether a host had these bridges, all of them parts that are what they were. */
  hasBridges(host: string, bridges: readonly ShownBridge[]): boolean {
    const before = bridgesOf(this.hosts.get(host)?.built.parts ?? []);
    return bridges.length > 0 && before.length === bridges.length && before.every((bridge, at) => bridge === bridges[at]);
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
      const resolved = this.met.get(host) ?? this.meetAll(compilation, host);
      if (resolved === undefined) continue;
      const inputs = remarked.has(host) ? undefined : this.inputsOf(compilation, host, resolved.parts, compilation.nextLinesOf(host));
      hosts.set(host, { inputs, allocations: chosen, built: one, files, resolved });
    }
    this.hosts = hosts;
    this.isSameData = () => false;
    this.readers.locks.readAhead({ path: compilation.loaded.lockPath, text: compilation.nextLockText() });
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

  private inputs(data: object, lists: readonly PortList[]): Inputs {
    return { data, lists, ports: lists.map((list) => this.sharing.portsOf(list)) };
  }

  private isSame(before: Inputs, now: Inputs): boolean {
    return this.isSameData(before.ports, now.ports) && this.isSameData(before.data, now.data);
  }

  /** A host that a helper compiled, which alone has seen it. */
  private meetAll(compilation: Compilation, host: string): Resolved | undefined {
    const [resolved] = compilation.hostInParts(host);
    const { view, parts } = resolved ?? {};
    return view && { view, parts: new Map(parts?.map(({ id, slice, lists }) => [id, this.inputs(slice, lists)])) };
  }
}

/** Compares data that was made of an earlier topology with such of the current one. What was found to be the same is not compared twice: a host's parts share a lot. */
function comparisonIn(sharing: TopologySharing): IsSame {
  const found = new Map<object, object>();
  const known: KnownSame = (before, now) => {
    if (sharing.has(now)) return false;
    if (found.get(before) === now) return true;
    const same = haveSameMembers(before, now, known);
    if (same) found.set(before, now);
    return same;
  };
  return (before, now) => isSame(before, now, known);
}
