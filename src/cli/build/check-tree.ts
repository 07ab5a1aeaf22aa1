import { resolve } from "node:path";
import type { Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { diagnosticsToJson } from "../../diagnostics/json.js";
import { checkHostFolder, checkTreeFiles, type TreeDifference, unifiedDiff } from "../../emit/check.js";
import type { TreeManifest } from "../../emit/manifest.js";
import { readTreeManifest, recoverTree } from "../../emit/write.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { counted, printDiagnostics, tally } from "../diagnostics.js";
import { openTopology } from "../open-topology.js";
import { allocationTexts } from "./allocation-rows.js";
import { compileHosts, diagnosticsOf } from "./compile-hosts.js";
import { selectHosts } from "./hosts.js";
import { describeLockChange, frozenLock, type LockChange, lockChange } from "./lock-file.js";
import { treeManifest } from "./manifest.js";
import { type BuildRequest, commandOf, isFrozen, isPartial, ownsAllocations } from "./options.js";
import { chooseForOthers } from "./other-hosts.js";
import { progressOf } from "./progress.js";
import { HostQueue } from "./queue.js";
import { keepHeapsSmall } from "../thrift.js";

/** How a tree on disk stands to what would be built. */
interface TreeCheck {
  readonly differences: readonly FileDifference[];
  readonly lock: LockChange | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A difference without the texts, of which a large tree may have more than fit into the memory. */
type FileDifference = Pick<TreeDifference, "path" | "kind">;

/** Hears of what a check finds, in this order and as soon as it is found. */
interface Listener {
  diagnostics(found: readonly Diagnostic[]): void;
  difference(found: TreeDifference): void;
}

/** `dvrc build --check`: writes nothing; says how the tree on disk differs from what would be built, and how to mend it. */
export async function checkBuild(request: BuildRequest, context: Context): Promise<ExitCode> {
  const asJson = request.json === true;
  const { differences, lock, diagnostics } = await check(request, context, asJson ? silent : tellUser(context));
  const stale = differences.length > 0 || lock !== undefined;
  if (asJson) context.stdout.write(checkJson({ differences, lock, diagnostics }, context));
  else if (hasErrors(diagnostics)) context.stderr.write(`${tally(diagnostics)}; ${withErrors(differences, request)}\n`);
  else context.stdout.write(verdict(differences, lock, request, context));
  return hasErrors(diagnostics) ? exitCode.trouble : stale ? exitCode.differences : exitCode.done;
}

const silent: Listener = { diagnostics: () => undefined, difference: () => undefined };

function tellUser(context: Context): Listener {
  return {
    diagnostics: (found) => printDiagnostics(found, context),
    difference: (found) => context.stdout.write(painted(unifiedDiff(found), context)),
  };
}

function withErrors(differences: readonly FileDifference[], { out }: BuildRequest): string {
  return differences.length === 0 ? "the tree was not compared" : `${staleFiles(differences, out)}, as far as they were compared`;
}

function staleFiles({ length }: readonly FileDifference[], out: string): string {
  return `${counted(length, "file")} of ${out} ${length === 1 ? "is" : "are"} not what would be built`;
}

async function check(request: BuildRequest, context: Context, listener: Listener): Promise<TreeCheck> {
  const failed = (diagnostics: readonly Diagnostic[]): TreeCheck => ({ differences: [], lock: undefined, diagnostics });
  const [compilation, compiled] = await openTopology(request.topology, request, context);
  if (compilation === undefined) {
    listener.diagnostics(compiled);
    return failed(compiled);
  }
  keepHeapsSmall(compilation.resolution.topology.servers.length);
  const { selected, diagnostics: unknown } = selectHosts(compilation.hosts, request.host, request.shard);
  const folder = resolve(context.cwd, request.out);
  const [recovery, recovered] = recoverTree(folder);
  const before = [...compiled, ...unknown, ...recovered];
  listener.diagnostics(before);
  if (hasErrors(before)) return failed(before);
  if (recovery === "finished") context.stderr.write(`A build of ${request.out} that was interrupted was finished first.\n`);
  const { differences, diagnostics } = await compare(folder, compilation, selected, request, context, listener);
  const lock = lockChange(compilation);
  const frozen = !hasErrors(diagnostics) && lock !== undefined && isFrozen(request, context) ? [frozenLock(lock, request, context)] : [];
  listener.diagnostics([...diagnostics, ...frozen]);
  return { differences, lock, diagnostics: [...before, ...diagnostics, ...frozen] };
}

async function compare(
  folder: string,
  compilation: Compilation,
  selected: readonly string[],
  request: BuildRequest,
  context: Context,
  listener: Listener,
): Promise<{ readonly differences: readonly FileDifference[]; readonly diagnostics: readonly Diagnostic[] }> {
  const differences: FileDifference[] = [];
  const progress = progressOf(context, selected.length);
  const take = (found: readonly TreeDifference[] = []): void => {
    if (found.length > 0) progress.end();
    for (const difference of found) {
      differences.push({ path: difference.path, kind: difference.kind });
      listener.difference(difference);
    }
  };
  const compiled = await compileHosts(compilation, new HostQueue(selected), progress, (host, artefacts) => {
    const [found, failures] = checkHostFolder(folder, host, artefacts);
    take(found);
    return failures;
  });
  if (!ownsAllocations(request)) return { differences, diagnostics: diagnosticsOf(compiled) };
  const remarks = new Map([...compiled.remarks, ...chooseForOthers(compilation, selected)]);
  const diagnostics = diagnosticsOf({ ...compiled, remarks });
  if (hasErrors(diagnostics)) return { differences, diagnostics };
  const [last, damaged] = readTreeManifest(folder);
  if (hasErrors(damaged)) return { differences, diagnostics: [...diagnostics, ...damaged] };
  const manifest = treeManifest(compilation, folder, request);
  const allocations = [...allocationTexts(compilation).values()].join("");
  const expected = isPartial(request) ? { manifest: keepingHosts(manifest, last), last: undefined } : { manifest, last };
  const [found, failures] = checkTreeFiles(folder, { ...expected, allocations });
  take(found);
  return { differences, diagnostics: [...diagnostics, ...failures] };
}

/** What a build of some hosts leaves in the tree's manifest: the hosts that it had, too. */
function keepingHosts(manifest: TreeManifest, last: TreeManifest | undefined): TreeManifest {
  return { ...manifest, hosts: [...new Set([...manifest.hosts, ...(last?.hosts ?? [])])] };
}

function painted(patch: string, context: Context): string {
  const colours = coloursOf(context.stdout, context.env);
  const paint = (line: string): string =>
    line.startsWith("+")
      ? colours.green(line)
      : line.startsWith("-")
        ? colours.red(line)
        : line.startsWith("@@")
          ? colours.cyan(line)
          : line;
  return patch.split("\n").map(paint).join("\n");
}

function verdict(differences: readonly FileDifference[], lock: LockChange | undefined, request: BuildRequest, context: Context): string {
  if (differences.length === 0 && lock === undefined) return `${request.out} is what would be built.\n`;
  const { bold } = coloursOf(context.stdout, context.env);
  const stale = [
    ...(differences.length === 0 ? [] : [staleFiles(differences, request.out)]),
    ...(lock === undefined ? [] : [`the lock would change (${describeLockChange(lock)})`]),
  ];
  return `${bold(`${stale.join("; ")}.`)} Mend it with: ${commandOf(request)}\n`;
}

function checkJson({ differences, lock, diagnostics }: TreeCheck, context: Context): string {
  const facts = {
    fresh: differences.length === 0 && lock === undefined && !hasErrors(diagnostics),
    differences: differences.map(({ path, kind }) => ({ path, kind })),
    lockChanges: lock !== undefined,
    diagnostics: diagnosticsToJson(diagnostics, context.cwd),
  };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}
