import { type Compilation, ListTexts } from "../../compile.js";
import { areAsLeft, type FileRecords, type HostPlan, keepHost, type OpenTree } from "../../emit/write.js";
import type { PartPlan } from "../../lower/lower.js";
import type { PortList } from "../../model/port-list.js";
import { TopologyVersions } from "../../model/versions.js";
import { type Allocation, hostInputs } from "../../resolve/index.js";
import type { BuiltHost, BuiltPart } from "./compile-hosts.js";

/** A host as a build left it. */
interface Remembered {
  /** Of all that its view and its parts are made of; undefined where there was something to say of its choices, which has to be said again. */
  readonly inputs: string | undefined;
  readonly allocations: readonly Allocation[];
  readonly built: BuiltHost;
  readonly files: FileRecords;
  readonly parts: ReadonlyMap<string, PartMemory>;
}

/** A part of a host as a build met it. */
interface PartMemory {
  /** Of all that it is made of. */
  readonly fingerprint: string;
  readonly lists: readonly PortList[];
}

/** What `--watch` keeps from one build to the next, so that only those parts of hosts are lowered and printed whose artefacts may have changed. */
export class BuildMemory {
  private readonly versions = new TopologyVersions();
  /** Of the lock, and of the list of allocations. */
  readonly lockTexts = new ListTexts();
  readonly listTexts = new ListTexts();
  /** Where the last build went, and for which release. */
  private place = "";
  private hosts = new Map<string, Remembered>();
  /** Parts that this build has met so far, by host and id. */
  private met = new Map<string, Map<string, PartMemory>>();
  /** Hosts that this build has left as they were. */
  private kept = new Map<string, Remembered>();

  /** Begins the next build: of another folder, another release, or a folder without a tree nothing is known. */
  begin({ resolution, release }: Compilation, { folder, manifest }: OpenTree): void {
    this.versions.update(resolution.topology);
    this.met = new Map();
    this.kept = new Map();
    const place = JSON.stringify([folder, release.name]);
    if (this.place !== place || manifest === undefined) this.hosts.clear();
    this.place = place;
  }

  /** A host that is what it was, with its allocations; undefined where it has to be compiled. */
  keep(compilation: Compilation, host: string): { readonly built: BuiltHost; readonly plan: HostPlan } | undefined {
    const known = this.hosts.get(host);
    if (known?.inputs === undefined || known.inputs !== this.inputsOf(compilation, host, known.parts, compilation.lockedLinesOf(host)))
      return undefined;
    compilation.adoptHost(host, known.allocations);
    this.kept.set(host, known);
    return { built: known.built, plan: keepHost(host, known.files) };
  }

  /** A part that is what it was; undefined where it has to be lowered. */
  part(host: string, plan: PartPlan): BuiltPart | undefined {
    const { fingerprint } = this.meet(host, plan);
    const known = this.hosts.get(host);
    return known?.parts.get(plan.id)?.fingerprint === fingerprint ? known.built.parts.find(({ id }) => id === plan.id) : undefined;
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
    this.versions.release();
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
    parts: ReadonlyMap<string, PartMemory>,
    lockLines: string | undefined,
  ): string | undefined {
    if (lockLines === undefined) return undefined;
    const { value, lists } = hostInputs(resolution, host);
    // Of one view parts are made from the same lists.
    const read = [...parts.values()].flatMap((part) => part.lists);
    return this.versions.fingerprint([lockLines, value], [...lists, ...read]);
  }

  private meet(host: string, { id, slice, lists }: PartPlan): PartMemory {
    const part = { fingerprint: this.versions.fingerprint(slice, lists), lists };
    const parts = this.met.get(host);
    if (parts === undefined) this.met.set(host, new Map([[id, part]]));
    else parts.set(id, part);
    return part;
  }

  /** The parts of a host that a helper compiled, which alone has seen them. */
  private meetAll(compilation: Compilation, host: string): ReadonlyMap<string, PartMemory> {
    const [resolved] = compilation.hostInParts(host);
    for (const plan of resolved?.parts ?? []) this.meet(host, plan);
    return this.met.get(host) ?? new Map();
  }
}
