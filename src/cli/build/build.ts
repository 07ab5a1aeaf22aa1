import { resolve } from "node:path";
import { compile, type Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { closeTree, commitTree, type Committed, openTree, type OpenTree, type Recovery, recoverTree } from "../../emit/write.js";
import type { Context } from "../context.js";
import { openLoaded } from "../open-topology.js";
import { allocationTexts, type AllocationTexts } from "./allocation-rows.js";
import { type BuiltHost, diagnosticsOf } from "./compile-hosts.js";
import { type Helpers, joinShares, startHelpers } from "./helpers.js";
import { selectHosts } from "./hosts.js";
import { interruptible } from "./interruptible.js";
import { frozenLock, type LockChange, lockChange, writeLock } from "./lock-file.js";
import { treeManifest } from "./manifest.js";
import type { BuildMemory } from "./memory.js";
import { type BuildRequest, isFrozen, isPartial, ownsAllocations } from "./options.js";
import { chooseForOthers } from "./other-hosts.js";
import { progressOf } from "./progress.js";
import { HostQueue } from "./queue.js";
import { BuildRecord, type KeptHosts, nothingKept, type RecordedBuild, serversForRecord } from "./record.js";
import { buildShare, type Share } from "./share.js";
import { optimiseLate } from "../thrift.js";

/** What a build wrote. */
export interface Built {
  readonly compilation: Compilation;
  /** Output folder, absolute. */
  readonly folder: string;
  readonly hosts: readonly BuiltHost[];
  readonly files: Committed;
  /** Undefined where the lock stayed as it was. */
  readonly lock: LockChange | undefined;
  readonly recovery: Recovery;
}

/** How a build ended: `built` is undefined where an error is among the diagnostics, and then nothing was written. */
export interface BuildOutcome {
  readonly built: Built | undefined;
  /** Undefined where the topology did not get that far. */
  readonly compilation: Compilation | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A build under way. */
interface Work {
  readonly compilation: Compilation;
  readonly request: BuildRequest;
  readonly context: Context;
  /** What this process remembers of the build before. */
  readonly memory: BuildMemory | undefined;
  /** What a process before has recorded. */
  readonly record: BuildRecord | undefined;
  /** Started once it is known that there is enough to do. */
  helpers: Helpers | undefined;
}

/**
 * Compiles a topology and writes the artefacts of its hosts, or of those asked for; with a memory of those alone that changed since.
 *
 * Without one the build is recorded for the next process, if the topology has as many servers as `recordFrom`.
 */
export async function build(
  request: BuildRequest,
  context: Context,
  memory?: BuildMemory,
  recordFrom = serversForRecord,
): Promise<BuildOutcome> {
  const [loaded, read] = await openLoaded(request.topology, context, memory?.readers);
  if (loaded === undefined) return { built: undefined, compilation: undefined, diagnostics: read };
  const servers = Object.keys(loaded.value.servers ?? {}).length;
  // A build that goes on and on is the faster the more of it is optimised.
  if (memory === undefined) optimiseLate(servers);
  const isRecorded = memory === undefined && servers >= recordFrom;
  const record = isRecorded ? BuildRecord.of(request, context) : undefined;
  const { selected } = selectHosts(Object.keys(loaded.value.hosts), request.host, request.shard);
  const helpers = record?.knowsMost(loaded) === true ? undefined : await startHelpers(loaded, request, selected);
  let work: Work | undefined;
  try {
    const [compilation, compiled] = compile(loaded, { release: request.release, texts: memory?.lockTexts, sharing: memory?.sharing });
    if (compilation === undefined) return { built: undefined, compilation, diagnostics: [...read, ...compiled] };
    work = { compilation, request, context, memory, record, helpers };
    const [built, diagnostics] = await buildTree(work);
    return { built, compilation, diagnostics: [...read, ...compiled, ...diagnostics] };
  } finally {
    await (work ?? { helpers }).helpers?.end();
  }
}

async function buildTree(work: Work): Promise<readonly [Built | undefined, readonly Diagnostic[]]> {
  const { compilation, request, context, memory } = work;
  const { selected, diagnostics: unknown } = selectHosts(compilation.hosts, request.host, request.shard);
  if (hasErrors(unknown)) return [undefined, unknown];
  const [tree, opened] = openTree(resolve(context.cwd, request.out));
  if (tree === undefined) return [undefined, opened];
  let built: Built | undefined;
  try {
    const outcome = await buildInto(tree, selected, work);
    built = outcome[0];
    // What somebody edited is found once the rest is in its place, and mended.
    if (built !== undefined && memory?.forgetEdited(tree) === true) {
      const [again, diagnostics] = await buildInto(tree, selected, { ...work, helpers: undefined });
      built = again && { ...again, lock: built.lock, files: togetherWith(built.files, again.files) };
      return [built, [...opened, ...diagnostics]];
    }
    return [built, [...opened, ...outcome[1]]];
  } finally {
    closeTree(tree);
    // What was staged and not committed goes.
    if (built === undefined) recoverTree(tree.folder);
  }
}

/** Two commits as one. */
function togetherWith(first: Committed, second: Committed): Committed {
  const changed = first.changed + second.changed;
  return { changed, unchanged: first.changed + first.unchanged - changed, removed: first.removed + second.removed };
}

async function buildInto(
  tree: OpenTree,
  selected: readonly string[],
  work: Work,
): Promise<readonly [Built | undefined, readonly Diagnostic[]]> {
  const { compilation, request, memory, record } = work;
  memory?.begin(compilation, tree);
  const recorded = record?.begin(compilation, tree);
  const known = recorded?.keep(selected, ownsAllocations(request)) ?? nothingKept;
  const share = await interruptible(
    () => shareOut(tree.folder, selected, known, recorded, work),
    async () => {
      await work.helpers?.end();
      closeTree(tree);
    },
  );
  const others = ownsAllocations(request) ? chooseForOthers(compilation, selected) : new Map<string, readonly Diagnostic[]>();
  const whole = { ...share, remarks: new Map([...share.remarks, ...others]) };
  const list = ownsAllocations(request) ? () => allocationTexts(compilation, { texts: memory?.listTexts, known: known.lines }) : undefined;
  if ((await request.isSettled?.()) === false) return [undefined, []];
  const outcome = writeTree(tree, whole, list, recorded, work);
  if (outcome[0] !== undefined) memory?.remember(compilation, share.hosts, share.plans, new Set(whole.remarks.keys()));
  return outcome;
}

async function shareOut(
  folder: string,
  names: readonly string[],
  { kept }: KeptHosts,
  record: RecordedBuild | undefined,
  work: Work,
): Promise<Share> {
  const { compilation, request, context, memory } = work;
  const done = new Set(kept.map(({ built }) => built.name));
  const left = names.filter((name) => !done.has(name));
  // Late, they first have to do what this thread has done.
  if (work.record !== undefined) work.helpers ??= await startHelpers(compilation.loaded, { ...request, again: kept.length > 0 }, left);
  const queue = new HostQueue(left);
  const recorded = memory !== undefined;
  const helping = work.helpers?.join({ folder, hosts: left, shared: queue.shared, recorded });
  // Lets the helpers' messages in: they begin while this thread looks at what has to be recorded.
  for (const steps = record?.expect(left); steps?.next().done === false;) await new Promise(setImmediate);
  const own = await buildShare(compilation, folder, queue, progressOf(context, left.length), { recorded, memory });
  const outcomes = (await helping) ?? [];
  // What is left to do needs the memory.
  await work.helpers?.end();
  const all = { ...own, hosts: [...kept.map(({ built }) => built), ...own.hosts], plans: [...kept.map(({ plan }) => plan), ...own.plans] };
  return joinShares(all, outcomes, compilation, names);
}

function writeTree(
  tree: OpenTree,
  share: Share,
  list: (() => AllocationTexts) | undefined,
  recorded: RecordedBuild | undefined,
  { compilation, request, context }: Work,
): readonly [Built | undefined, readonly Diagnostic[]] {
  const { folder, recovery } = tree;
  const { hosts, plans } = share;
  const diagnostics = diagnosticsOf(share);
  if (hasErrors(diagnostics)) return [undefined, diagnostics];
  const lock = lockChange(compilation);
  if (lock !== undefined && isFrozen(request, context)) return [undefined, [...diagnostics, frozenLock(lock, request, context)]];
  const unwritten = lock === undefined ? [] : writeLock(lock);
  if (hasErrors(unwritten)) return [undefined, [...diagnostics, ...unwritten]];
  const complete = !isPartial(request);
  const texts = list?.();
  const allocations = texts && [...texts.values()];
  const [files, failures] = commitTree(tree, { manifest: treeManifest(compilation, folder, request), allocations, hosts: plans, complete });
  const all = [...diagnostics, ...failures];
  if (files === undefined) return [undefined, all];
  recorded?.write(share, texts);
  return [{ compilation, folder, hosts, files, lock, recovery }, all];
}
