import { type Command, Option } from "commander";
import process from "node:process";
import { build } from "../build/build.js";
import { parseJobs, parseShard } from "../build/hosts.js";
import { checkBuild } from "../build/check-tree.js";
import { BuildMemory } from "../build/memory.js";
import type { BuildFlags, BuildRequest } from "../build/options.js";
import { rehearse } from "../build/rehearse.js";
import { roomyCommandLine } from "../build/room.js";
import { printSummary, summaryJson } from "../build/summary.js";
import { type WatchedBuild, watchBuild } from "../build/watch.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printDiagnostics, tally } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { hostOption } from "../host-option.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { runInRoomyThread } from "../thread/roomy-thread.js";

/** `dvrc build`: compiles a topology and writes every host's artefacts. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("[topology]", "a .ts, .yaml or .json file; a .ts topology is type-checked, then run: it is trusted code")
    .option("-o, --out <folder>", "where to write the artefact tree", "out")
    .addOption(releaseOption())
    .addOption(hostOption("build"))
    .option(
      "--shard <i/n>",
      "build every n-th host, beginning with the i-th; the first shard writes the tree's list of allocations, too",
      parseShard,
    )
    .option("-j, --jobs <n>", "threads to compile with; by default a large topology takes all processors", parseJobs)
    .option("--check", "write nothing; show how the tree on disk differs from what would be built, and exit with 1 if it does")
    .addOption(new Option("--watch", "build again whenever the topology or its lock changes").conflicts("check"))
    .option("--frozen", "refuse to change the lock; the default where CI is set")
    .option("--no-frozen", "let the lock change, also where CI is set")
    .option("--force", "compile every host, also those of which nothing has changed since the last build")
    .option("--json", "print what was done as JSON")
    .action(async (topology: string | undefined, flags: BuildFlags) => finish(await run({ topology, ...flags }, context)));
  addExamples(command, context, [
    ["dvrc build", "the topology in this folder, into out/"],
    ["dvrc build topology.ts -o generated", "into another folder"],
    ["dvrc build --check", "in CI: is the tree that was committed still what is built?"],
    ["dvrc build --host compute-1 --host compute-2", "these hosts only"],
    ["dvrc build --shard 2/8 --frozen", "the second of eight machines that split a build"],
  ]);
}

async function run(request: BuildRequest, context: Context): Promise<number> {
  const roomy = roomyCommandLine(request, context);
  if (roomy !== undefined) return runInRoomyThread(roomy, request.watch === true);
  if (request.check === true) return checkBuild(request, context);
  if (request.watch === true) {
    const memory = new BuildMemory();
    return watchBuild(request, context, {
      texts: memory.readers.texts,
      build: (isSettled) => buildAndTell({ ...request, ...(isSettled === undefined ? {} : { again: true, isSettled }) }, context, memory),
      rehearse: (isOver) => rehearse(request, context, memory, isOver),
    });
  }
  return (await buildAndTell(request, context))?.code ?? exitCode.trouble;
}

function whatIsLeft(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.some(({ name }) => name === "build-unfinished") ? "the tree is unfinished" : "nothing was written";
}

/** Builds, and tells what came of it; undefined where the build was given up. */
async function buildAndTell(
  request: BuildRequest,
  context: Context,
  memory?: BuildMemory,
): Promise<(WatchedBuild & { readonly code: ExitCode }) | undefined> {
  const startedAt = process.uptime();
  const outcome = await build(request, context, memory);
  const { built, compilation, diagnostics } = outcome;
  // What was wrong in files that are no longer so is nobody's concern.
  if (built === undefined && (await request.isSettled?.()) === false) return undefined;
  const milliseconds = (process.uptime() - startedAt) * 1000;
  if (request.json === true) context.stdout.write(summaryJson(outcome, milliseconds, context));
  else {
    printDiagnostics(diagnostics, context);
    if (built === undefined) context.stderr.write(`${tally(diagnostics)}; ${whatIsLeft(diagnostics)}\n`);
    else context.stdout.write(printSummary(built, diagnostics, milliseconds, context));
  }
  const loaded = compilation?.loaded;
  const inputs = loaded?.document.inputs.map(({ path }) => path) ?? [];
  return { code: built === undefined ? exitCode.trouble : exitCode.done, inputs, lockPath: loaded?.lockPath };
}
