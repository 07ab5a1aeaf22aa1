import { resolve } from "node:path";
import type { Command } from "commander";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { type ArtefactPlace, findLine, parsePlace } from "../explain/find-line.js";
import { explanationJson, printExplanation } from "../explain/print.js";
import { explainArtefact } from "../explain/reason.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";

interface ExplainOptions {
  readonly json?: boolean;
}

/** `dvrc explain`: says why a line of an artefact is there. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<artefact:line>", "a line of a file that dvrc build wrote", parsePlace)
    .option("--json", "print the answer as JSON")
    .action(async (place: ArtefactPlace, options: ExplainOptions) => finish(await explain(place, options, context)));
  addExamples(command, context, [
    ["dvrc explain out/compute-2/br-tun.flows:7", "which rule of Neutron makes the flow, and what in the topology caused it"],
    ["dvrc explain out/allocations.txt:12", "whose value it is"],
  ]);
}

async function explain(place: ArtefactPlace, options: ExplainOptions, context: Context): Promise<ExitCode> {
  const failed = (diagnostics: readonly Diagnostic[]): ExitCode => printTrouble(diagnostics, options, context);
  const [found, missing] = findLine(place, context);
  if (found === undefined) return failed(missing);
  const { root, artefact, manifest, line, text } = found;
  const [compilation, diagnostics] = await openTopology(resolve(root, manifest.topology), { release: manifest.release }, context);
  if (compilation === undefined) return failed(diagnostics);
  const [explained, failures] = explainArtefact(compilation, artefact);
  if (explained === undefined) return failed(failures);
  const { lines, reason } = explained;
  const isKnown = lines === undefined || lines[line - 1] === text;
  const index = isKnown ? line - 1 : lines.indexOf(text);
  const rebuild = "The tree is stale: dvrc build brings it up to date.";
  const stale = isKnown
    ? undefined
    : index < 0
      ? `The topology as it is now does not make this line. ${rebuild}`
      : `It is line ${index + 1} now. ${rebuild}`;
  const nothing = { rule: "stale", sentence: "No rule makes this line from the topology as it is now.", because: [""] };
  const answer = { found, reason: index < 0 ? nothing : reason(index), document: compilation.loaded.document, stale };
  context.stdout.write(options.json === true ? explanationJson(answer, context) : printExplanation(answer, context));
  return index < 0 ? exitCode.differences : exitCode.done;
}
