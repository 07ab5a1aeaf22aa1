import type { Compilation, HostInParts } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import type { ArtefactInPieces } from "../../emit/artefact.js";
import { printPart, printWhole, wholePaths } from "../../emit/layout.js";
import { type ShownBridge, shownBridge } from "../../formats/ovs-vsctl-show/shown.js";
import type { PartPlan } from "../../lower/lower.js";
import { type Counts, countPart, sumCounts } from "./counts.js";
import type { Progress } from "./progress.js";
import type { HostQueue } from "./queue.js";

/** A part of a host of a build. Plain data. */
export interface BuiltPart {
  /** As its plan has it. */
  readonly id: string;
  readonly counts: Counts;
  /** Of its artefacts, relative to the tree. */
  readonly paths: readonly string[];
  /** Set for a bridge. */
  readonly shown?: ShownBridge;
}

/** A host of a build, once its artefacts were taken. */
export interface BuiltHost {
  readonly name: string;
  readonly counts: Counts;
  /** Only where they are asked for: a large cloud has many. */
  readonly parts: readonly BuiltPart[];
}

/** What one thread made of the hosts that it took from a queue. */
export interface CompiledHosts {
  readonly hosts: readonly BuiltHost[];
  /** What there is to say of hosts' choices, by host. */
  readonly remarks: ReadonlyMap<string, readonly Diagnostic[]>;
  /** What `take` could not do. */
  readonly failures: readonly Diagnostic[];
}

/** What is known of hosts from an earlier build. */
export interface KnownHosts {
  /** A host that is what it was, or one that need not be resolved again, which is found out without resolving it. Errors: undefined where it may be another. */
  host(name: string): BuiltHost | HostInParts | undefined;
  /** Hears of a host that is compiled. */
  meet(host: string, resolved: HostInParts): void;
  /** A part of a host that is what it was. Errors: undefined where it may be another. */
  part(host: string, plan: PartPlan): BuiltPart | undefined;
  /** A part of which only flows are others, and few. Errors: undefined where it has to be lowered. */
  editedPart(host: string, plan: PartPlan): EditedPart | undefined;
  /** Whether these were a host's bridges. */
  hasBridges(host: string, bridges: readonly ShownBridge[]): boolean;
}

/** A part of a host that was made of what it was. */
export interface EditedPart {
  readonly part: BuiltPart;
  /** What is to be written of it: all else is as it was. */
  readonly artefact: ArtefactInPieces;
}

/** What {@link compileHosts} is told besides. */
export interface CompileHostsOptions {
  readonly known?: KnownHosts | undefined;
  /** Whether hosts have their parts. */
  readonly detailed?: boolean;
}

/** Takes a host's artefacts. `kept` has the paths of those that are what they were, once the others were taken. */
export type TakeHost = (host: string, artefacts: Iterable<ArtefactInPieces>, kept: readonly string[]) => readonly Diagnostic[];

/**
 * Compiles the hosts of a queue one by one and hands over the artefacts of each; nothing of a host is kept but what {@link BuiltHost} has.
 *
 * Errors: those of every host and of `take`; from the first on, hosts are only looked through for more.
 */
export async function compileHosts(
  compilation: Compilation,
  queue: HostQueue,
  progress: Progress,
  take: TakeHost,
  { known, detailed = false }: CompileHostsOptions = {},
): Promise<CompiledHosts> {
  const hosts: BuiltHost[] = [];
  const remarks = new Map<string, readonly Diagnostic[]>();
  const failures: Diagnostic[] = [];
  for (let name = queue.take(); name !== undefined; name = queue.take()) {
    progress.at(queue.taken - 1, name);
    const before = known?.host(name);
    if (before !== undefined && "counts" in before) {
      hosts.push(before);
      continue;
    }
    const [host, found] = before === undefined ? compilation.hostInParts(name) : [before, []];
    if (found.length > 0) remarks.set(name, found);
    if (hasErrors(found)) queue.fail();
    if (host === undefined || queue.hasFailed) continue;
    known?.meet(name, host);
    const parts: BuiltPart[] = [];
    const kept: string[] = [];
    const refused = take(name, artefactsOf(name, host.parts, parts, kept, known), kept);
    failures.push(...refused);
    if (hasErrors(refused)) queue.fail();
    else hosts.push({ name, counts: sumCounts(parts.map(({ counts }) => counts)), parts: detailed ? parts : [] });
    // Lets the helpers' messages in.
    await new Promise(setImmediate);
  }
  progress.end();
  return { hosts, remarks, failures };
}

/** Everything that there is to say of hosts. */
export function diagnosticsOf({ remarks, failures }: Pick<CompiledHosts, "remarks" | "failures">): readonly Diagnostic[] {
  return [...[...remarks.values()].flat(), ...failures];
}

/** What is shown of the bridges among the parts of a host. */
export function bridgesOf(parts: readonly BuiltPart[]): ShownBridge[] {
  return parts.flatMap(({ shown }) => shown ?? []);
}

/** The artefacts of a host, each when it is asked for. What its parts are goes to `built`, and the paths of what is what it was to `kept`. */
function* artefactsOf(
  host: string,
  plans: readonly PartPlan[],
  built: BuiltPart[],
  kept: string[],
  known: KnownHosts | undefined,
): Generator<ArtefactInPieces, void> {
  for (const plan of plans) {
    const same = known?.part(host, plan);
    if (same !== undefined) {
      built.push(same);
      kept.push(...same.paths);
      continue;
    }
    const other = known?.editedPart(host, plan);
    if (other !== undefined) {
      built.push(other.part);
      kept.push(...other.part.paths.filter((path) => path !== other.artefact.path));
      yield other.artefact;
      continue;
    }
    const part = plan.lower();
    const paths: string[] = [];
    for (const artefact of printPart(host, part)) {
      paths.push(artefact.path);
      yield artefact;
    }
    const shown = part.kind === "bridge" ? { shown: shownBridge(part.bridge) } : {};
    built.push({ id: plan.id, counts: countPart(part), paths, ...shown });
  }
  const bridges = bridgesOf(built);
  if (known?.hasBridges(host, bridges) === true) kept.push(...wholePaths(host));
  else yield* printWhole(host, bridges);
}
