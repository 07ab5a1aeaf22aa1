import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { parseRunbook, replayRunbook, type Mismatch } from "../../console/runbook.js";
import { report } from "../../diagnostics/report.js";
import { openScene } from "../../open-scene.js";
import { readText } from "../../read/text.js";
import { lineStarts } from "../../source/span.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { counted, printDiagnostics } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { replaceFile } from "../replace-file.js";

interface ReplayOptions {
  readonly release?: string;
  readonly update?: boolean;
}

/** `dvrc replay`: runs a runbook's console blocks on the virtual hosts and compares what they print. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("<runbook>", "Markdown whose blocks ```console <machine> are commands and what they print")
    .option("--release <release>", "answer as this Neutron release instead of the topology's own")
    .option("--update", "write what is printed into the runbook")
    .action(async (topology: string, runbook: string, options: ReplayOptions) => finish(await replay(topology, runbook, options, context)));
  addExamples(command, context, [
    ["dvrc replay topology.ts runbook.md", "is the runbook still what the hosts would print?"],
    ["dvrc replay topology.ts runbook.md --update", "write what they print now; lines ... stay where they still fit"],
  ]);
}

async function replay(topology: string, file: string, options: ReplayOptions, context: Context): Promise<ExitCode> {
  const path = resolve(context.cwd, file);
  const shown = relative(context.cwd, path);
  const [source, unread] = readText(path);
  if (source === undefined) {
    printDiagnostics(unread, context);
    return exitCode.trouble;
  }
  const runbook = parseRunbook(source.text);
  const problems = runbook.problems.map(({ line, reason }) => {
    const start = lineStarts(source)[line - 1] ?? 0;
    return report("runbook-block", { reason }, { source, start, end: start + 3 });
  });
  const [compilation, diagnostics] =
    problems.length > 0 ? [undefined, problems] : await openTopology(topology, { release: options.release }, context);
  if (compilation === undefined) {
    printDiagnostics(diagnostics, context);
    return exitCode.trouble;
  }
  const { scene } = openScene(compilation);
  const { count, mismatches, updated } = replayRunbook(runbook, (machine, command) => scene.exec(machine, command));
  const ran = `${counted(count, "command")} of ${shown}`;
  if (mismatches.length === 0) {
    context.stdout.write(`${ran} printed what the runbook says.\n`);
    return exitCode.done;
  }
  if (options.update === true) {
    replaceFile(path, updated);
    context.stdout.write(`${ran}: ${mismatches.length} updated.\n`);
    return exitCode.done;
  }
  for (const mismatch of mismatches) context.stdout.write(mismatchText(shown, mismatch, context));
  context.stdout.write(`${ran}: ${mismatches.length} printed something else.\n`);
  return exitCode.differences;
}

function mismatchText(file: string, { command, diff }: Mismatch, context: Context): string {
  const colours = coloursOf(context.stdout, context.env);
  const paint = { " ": (text: string) => text, "-": colours.red, "+": colours.green };
  const lines = diff.map(({ kind, text }) => paint[kind](`${kind}${text}`));
  return [colours.bold(`${file}:${command.line}: ${command.machine}$ ${command.command}`), ...lines, "", ""].join("\n");
}
