import { resolve } from "node:path";
import { compile, type Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { closeTree, commitTree, type Committed, openTree, type OpenTree, type Recovery, recoverTree } from "../../emit/write.js";
import type { Context } from "../context.js";
import { locateTopology } from "../locate-topology.js";
import { openLoaded } from "../open-topology.js";
import { allocationsText } from "./allocation-rows.js";
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
import { buildShare, type Share } from "./share.js";

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

/** Compiles a topology and writes the artefacts of its hosts, or of those asked for; with a memory only of those that changed since. */
export async function build(request: BuildRequest, context: Context, memory?: BuildMemory): Promise<BuildOutcome> {
  const [loaded, read] = await openLoaded(request.topology, context, memory?.locks);
  if (loaded === undefined) return { built: undefined, compilation: undefined, diagnostics: read };
  const helpers = await startHelpers(loaded, request);
  try {
    const [compilation, compiled] = compile(loaded, { release: request.release, texts: memory?.lockTexts, sharing: memory?.sharing });
    if (compilation === undefined) return { built: undefined, compilation, diagnostics: [...read, ...compiled] };
    const [built, diagnostics] = await buildTree(compilation, helpers, request, context, memory);
    return { built, compilation, diagnostics: [...read, ...compiled, ...diagnostics] };
  } finally {
    await helpers?.end();
  }
}

/** Servers of a topology from which it is worth rehearsing, and from which one build is rehearsal enough, and takes seconds. */
const fewestToRehearse = 400;
const mostToRehearse = 4000;

/**
 * Reads, checks and resolves a topology as the next build will, for nothing but speed: V8 compiles well what it has seen run a few times.
 *
 * A TypeScript topology is somebody's code, which runs when it is asked for. What is wrong is left to the build to tell.
 */
export async function rehearse(request: BuildRequest, context: Context, memory: BuildMemory): Promise<void> {
  const [path] = locateTopology(request.topology, context);
  if (path === undefined || path.endsWith(".ts")) return;
  const [loaded] = await openLoaded(request.topology, context, memory.locks);
  const servers = Object.keys(loaded?.value.servers ?? {}).length;
  if (loaded === undefined || servers < fewestToRehearse || servers > mostToRehearse) return;
  compile(loaded, { release: request.release, sharing: memory.sharing });
}

async function buildTree(
  compilation: Compilation,
  helpers: Helpers | undefined,
  request: BuildRequest,
  context: Context,
  memory: BuildMemory | undefined,
): Promise<readonly [Built | undefined, readonly Diagnostic[]]> {
  const { selected, diagnostics: unknown } = selectHosts(compilation.hosts, request.host, request.shard);
  if (hasErrors(unknown)) return [undefined, unknown];
  const [tree, opened] = openTree(resolve(context.cwd, request.out));
  if (tree === undefined) return [undefined, opened];
  let built: Built | undefined;
  try {
    const outcome = await buildInto(tree, compilation, selected, helpers, request, context, memory);
    built = outcome[0];
    // What somebody edited is found once the rest is in its place, and mended.
    if (built !== undefined && memory?.forgetEdited(tree) === true) {
      const [again, diagnostics] = await buildInto(tree, compilation, selected, undefined, request, context, memory);
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
  compilation: Compilation,
  selected: readonly string[],
  helpers: Helpers | undefined,
  request: BuildRequest,
  context: Context,
  memory: BuildMemory | undefined,
): Promise<readonly [Built | undefined, readonly Diagnostic[]]> {
  memory?.begin(compilation, tree);
  const share = await interruptible(
    () => shareOut(compilation, tree.folder, selected, helpers, context, memory),
    async () => {
      await helpers?.end();
      closeTree(tree);
    },
  );
  const others = ownsAllocations(request) ? chooseForOthers(compilation, selected) : new Map<string, readonly Diagnostic[]>();
  const remarks = new Map([...share.remarks, ...others]);
  if ((await request.isSettled?.()) === false) return [undefined, []];
  const outcome = writeTree(tree, compilation, { ...share, remarks }, request, context, memory);
  if (outcome[0] !== undefined) memory?.remember(compilation, share.hosts, share.plans, new Set(remarks.keys()));
  return outcome;
}

async function shareOut(
  compilation: Compilation,
  folder: string,
  names: readonly string[],
  helpers: Helpers | undefined,
  context: Context,
  memory: BuildMemory | undefined,
): Promise<Share> {
  const queue = new HostQueue(names);
  const recorded = memory !== undefined;
  const helping = helpers?.join({ folder, hosts: names, shared: queue.shared, recorded });
  const own = await buildShare(compilation, folder, queue, progressOf(context, names.length), { recorded, memory });
  const outcomes = (await helping) ?? [];
  // What is left to do needs the memory.
  await helpers?.end();
  return joinShares(own, outcomes, compilation, names);
}

function writeTree(
  tree: OpenTree,
  compilation: Compilation,
  share: Share,
  request: BuildRequest,
  context: Context,
  memory: BuildMemory | undefined,
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
  const allocations = ownsAllocations(request) ? allocationsText(compilation, memory?.listTexts) : undefined;
  const [files, failures] = commitTree(tree, { manifest: treeManifest(compilation, folder, request), allocations, hosts: plans, complete });
  const all = [...diagnostics, ...failures];
  return files === undefined ? [undefined, all] : [{ compilation, folder, hosts, files, lock, recovery }, all];
}
