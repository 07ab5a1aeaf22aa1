import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { didYouMean } from "../../base/did-you-mean.js";
import { parseRunbook, replayRunbook, type Mismatch, type ReplayResult, type RunbookCommand } from "../../console/runbook.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { openScene } from "../../open-scene.js";
import { readText } from "../../read/text.js";
import { lineStarts, type SourceText } from "../../source/span.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { counted, printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { replaceFile } from "../replace-file.js";

interface ReplayOptions {
  readonly release?: string;
  readonly update?: boolean;
  readonly json?: boolean;
}

/** `dvrc replay`: runs a runbook's console blocks on the virtual hosts and compares what they print. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("<runbook>", "Markdown whose blocks ```console <machine> are commands and what they print")
    .addOption(releaseOption("answer as this Neutron release instead of the topology's own"))
    .option("--update", "write what is printed into the runbook")
    .option("--json", "print the comparison as JSON")
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
  const trouble = (problems: readonly Diagnostic[]): ExitCode => printTrouble(problems, options, context);
  if (source === undefined) return trouble(unread);
  const runbook = parseRunbook(source.text);
  const problems = runbook.problems.map(({ line, reason }) => {
    const start = lineStarts(source)[line - 1] ?? 0;
    return report("runbook-block", { reason }, { source, start, end: start + 3 });
  });
  if (problems.length > 0) return trouble(problems);
  const [compilation, diagnostics] = await openTopology(topology, { release: options.release }, context);
  if (compilation === undefined) return trouble(diagnostics);
  const { scene, diagnostics: found } = openScene(compilation);
  const known = new Set([...compilation.hosts, ...scene.names.machines]);
  const nowhere = runbook.commands.filter(({ machine }) => !known.has(machine));
  if (nowhere.length > 0) return trouble(nowhere.map((command) => unknownMachine(command, known, source)));
  const result = replayRunbook(runbook, (machine, command) => scene.exec(machine, command));
  // A host that does not compile is as if it were switched off: what was printed may be wrong.
  if (hasErrors(found())) return trouble(found());
  const differs = result.mismatches.length > 0;
  const refused = result.mismatches.some(({ answer }) => answer.kind === "refused");
  if (differs && options.update === true) replaceFile(path, result.updated);
  context.stdout.write(options.json === true ? replayJson(shown, result, options) : replayText(shown, result, options, context));
  return differs && (refused || options.update !== true) ? exitCode.differences : exitCode.done;
}

function unknownMachine({ machine, line }: RunbookCommand, known: ReadonlySet<string>, source: SourceText): Diagnostic {
  const start = lineStarts(source)[line - 1] ?? 0;
  const guess = didYouMean(machine, known);
  const help = guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`;
  const reason = `there is no host or server ${JSON.stringify(machine)}`;
  return report("runbook-block", { reason }, { source, start, end: start + 3 }, { help });
}

function replayText(file: string, { count, mismatches }: ReplayResult, { update }: ReplayOptions, context: Context): string {
  const ran = `${counted(count, "command")} of ${file}`;
  if (mismatches.length === 0) return `${ran} printed what the runbook says.\n`;
  const refused = mismatches.filter(({ answer }) => answer.kind === "refused");
  const told = (update === true ? refused : mismatches).map((mismatch) => mismatchText(file, mismatch, context)).join("");
  if (update === true) {
    const left = refused.length === 0 ? "" : `, ${refused.length} refused and left as they are`;
    return `${told}${ran}: ${mismatches.length - refused.length} updated${left}.\n`;
  }
  return `${told}${ran}: ${mismatches.length} printed something else.\n`;
}

function replayJson(runbook: string, { count, mismatches }: ReplayResult, { update }: ReplayOptions): string {
  const told = mismatches.map(({ command: { line, machine, command }, diff }) => ({ line, machine, command, diff }));
  const facts = {
    runbook,
    commands: count,
    updated: update === true && mismatches.some(({ answer }) => answer.kind === "printed"),
    mismatches: told,
  };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

function mismatchText(file: string, { command, diff }: Mismatch, context: Context): string {
  const colours = coloursOf(context.stdout, context.env);
  const paint = { " ": (text: string) => text, "-": colours.red, "+": colours.green };
  const lines = diff.map(({ kind, text }) => paint[kind](`${kind}${text}`));
  return [colours.bold(`${file}:${command.line}: ${command.machine}$ ${command.command}`), ...lines, "", ""].join("\n");
}
