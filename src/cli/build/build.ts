import { resolve } from "node:path";
import type { Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { printAllocations } from "../../emit/allocations.js";
import {
  closeTree,
  commitTree,
  type Committed,
  type HostPlan,
  openTree,
  type OpenTree,
  type Recovery,
  recoverTree,
  stageHost,
} from "../../emit/write.js";
import type { Context } from "../context.js";
import { openTopology } from "../open-topology.js";
import { allocationRows } from "./allocation-rows.js";
import { type BuiltHost, compileHosts } from "./compile-hosts.js";
import { selectHosts } from "./hosts.js";
import { frozenLock, type LockChange, lockChange, writeLock } from "./lock-file.js";
import { treeManifest } from "./manifest.js";
import { type BuildRequest, isFrozen, isPartial } from "./options.js";
import { progressOf } from "./progress.js";

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

/** Compiles a topology and writes the artefacts of its hosts, or of those asked for. */
export async function build(request: BuildRequest, context: Context): Promise<BuildOutcome> {
  const [compilation, compiled] = await openTopology(request.topology, request, context);
  if (compilation === undefined) return { built: undefined, compilation, diagnostics: compiled };
  const { selected, diagnostics: unknown } = selectHosts(compilation.hosts, request.host, request.shard);
  if (hasErrors(unknown)) return { built: undefined, compilation, diagnostics: [...compiled, ...unknown] };
  const [tree, opened] = openTree(resolve(context.cwd, request.out));
  if (tree === undefined) return { built: undefined, compilation, diagnostics: [...compiled, ...opened] };
  let built: Built | undefined;
  try {
    const [outcome, diagnostics] = writeTree(tree, compilation, selected, request, context);
    built = outcome;
    return { built, compilation, diagnostics: [...compiled, ...opened, ...diagnostics] };
  } finally {
    closeTree(tree);
    // What was staged and not committed goes.
    if (built === undefined) recoverTree(tree.folder);
  }
}

function writeTree(
  tree: OpenTree,
  compilation: Compilation,
  selected: readonly string[],
  request: BuildRequest,
  context: Context,
): readonly [Built | undefined, readonly Diagnostic[]] {
  const { folder, recovery } = tree;
  const plans: HostPlan[] = [];
  const { hosts, diagnostics } = compileHosts(compilation, selected, progressOf(context, selected.length), (host, artefacts) => {
    const [plan, failures] = stageHost(folder, host, artefacts);
    if (plan !== undefined) plans.push(plan);
    return failures;
  });
  if (hasErrors(diagnostics)) return [undefined, diagnostics];
  const lock = lockChange(compilation);
  if (lock !== undefined && isFrozen(request, context)) return [undefined, [...diagnostics, frozenLock(lock, compilation, context)]];
  if (lock !== undefined) writeLock(lock);
  const complete = !isPartial(request);
  const allocations = complete ? printAllocations(allocationRows(compilation)) : undefined;
  const [files, failures] = commitTree(tree, { manifest: treeManifest(compilation, folder, request), allocations, hosts: plans, complete });
  const all = [...diagnostics, ...failures];
  return files === undefined ? [undefined, all] : [{ compilation, folder, hosts, files, lock, recovery }, all];
}
