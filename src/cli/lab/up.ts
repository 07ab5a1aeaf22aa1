import { performance } from "node:perf_hooks";
import type { CompiledHost, Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import { visible } from "../../diagnostics/visible.js";
import type { LabName } from "../../lab/identity.js";
import { planLab } from "../../lab/plan/plan.js";
import { hasTraces, removeLab } from "../../lab/record.js";
import { missingRequirements } from "../../lab/requirements.js";
import { labState } from "../../lab/status.js";
import { labUp, type UpOutcome } from "../../lab/up.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { counted, printDiagnostics, tally } from "../diagnostics.js";
import { openTopology } from "../open-topology.js";
import { shellWord } from "../shell-word.js";
import { endBy, hearSignals } from "../thread/signals.js";
import { stepsOf } from "./steps.js";
import { halfUp, type LabSelection, labWords, selectLab, shownTopology } from "./select.js";

/** `dvrc lab up`. */
export async function labUpCommand(request: LabSelection & { readonly release?: string }, context: Context): Promise<number> {
  const startedAt = performance.now();
  const missing = missingRequirements();
  if (missing.length > 0) return refuse(missing, context);
  const [lab, unknown] = selectLab(request, context);
  if (lab !== undefined && labState(lab).kind === "broken") return refuse([halfUp(lab, context)], context);
  const [compilation, diagnostics] = lab === undefined ? [undefined, unknown] : await openTopology(lab.topology, request, context);
  const [hosts, found] = compilation === undefined ? [undefined, []] : compileAll(compilation);
  if (lab === undefined || compilation === undefined || hosts === undefined) return refuse([...diagnostics, ...found], context);
  printDiagnostics([...diagnostics, ...found], context);
  const steps = stepsOf(context);
  const { topology } = compilation.resolution;
  const [outcome, trouble] = await untilInterrupted(lab, () => labUp(lab, compilation.release.name, planLab(topology, hosts), steps.tell));
  steps.end();
  printDiagnostics(trouble, context);
  if (outcome === undefined) return exitCode.trouble;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  context.stdout.write(summary(lab, compilation, outcome, seconds, context));
  return exitCode.done;
}

function refuse(diagnostics: readonly Diagnostic[], context: Context): number {
  printDiagnostics(diagnostics, context);
  context.stderr.write(`${tally(diagnostics)}; nothing was started\n`);
  return exitCode.trouble;
}

function compileAll(compilation: Compilation): Result<ReadonlyMap<string, CompiledHost>> {
  const hosts = new Map<string, CompiledHost>();
  const diagnostics = compilation.hosts.flatMap((name) => {
    const [host, found] = compilation.host(name);
    if (host !== undefined) hosts.set(name, host);
    return found;
  });
  return [hasErrors(diagnostics) ? undefined : hosts, diagnostics];
}

/** Takes down what there is of a new lab when the user loses patience: the signal is then the process's end as ever. */
async function untilInterrupted<T>(lab: LabName, work: () => Promise<T>): Promise<T> {
  if (hasTraces(lab)) return work();
  const forget = hearSignals((signal) => {
    removeLab(lab);
    endBy(signal);
  });
  try {
    return await work();
  } finally {
    forget();
  }
}

function summary(
  lab: LabName,
  { resolution, release }: Compilation,
  { id, applied, isNew }: UpOutcome,
  seconds: string,
  context: Context,
): string {
  const { bold, dim } = coloursOf(context.stdout, context.env);
  const { hosts, servers } = resolution.topology;
  const topology = visible(shownTopology(lab, context));
  if (!isNew) {
    const width = Math.max(...hosts.map(({ name }) => visible(name).length));
    const lines = [...applied].map(([host, said]) => `  ${visible(host).padEnd(width)}  ${said}\n`).join("");
    return `${bold(topology)} was up; its hosts are programmed for ${release.name} as it is now, ${seconds} s\n${lines}`;
  }
  const [first] = servers;
  const words = visible(labWords(lab, context));
  const hint =
    first === undefined ? "" : dim(`  dvrc lab exec ${words} ${visible(shellWord(first.name))} -- ip addr\n  dvrc lab down ${words}\n`);
  return `${bold(topology)} is up for ${release.name}: ${counted(hosts.length, "host")}, ${counted(servers.length, "server")}; lab ${id}, ${seconds} s\n${hint}`;
}
