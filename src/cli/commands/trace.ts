import { relative } from "node:path";
import { type Command, Option } from "commander";
import { walkJson, walkLines } from "../../console/walk-text.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { lowerings } from "../../lower/lowerings.js";
import { openScene } from "../../open-scene.js";
import type { SourceDocument } from "../../source/document.js";
import type { Origin } from "../../source/origin.js";
import { lineColumn } from "../../source/span.js";
import type { Probe } from "../../virtual/walk.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { type ArtefactPlace, parsePlace } from "../explain/find-line.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { leaveOut } from "../trace/leave-out.js";
import { addProbeOptions, probeOf, type ProbeOptions } from "../trace/probe.js";
import { type Ends, walkBetween } from "../trace/walk-between.js";

interface TraceOptions extends ProbeOptions {
  readonly release?: string;
  readonly summary?: boolean;
  readonly detailed?: boolean;
  readonly json?: boolean;
  readonly without?: readonly ArtefactPlace[];
}

/** `dvrc trace`: the way of a packet from a server to another or to an address, and back. */
export function define(command: Command, context: Context, finish: Finish): void {
  addProbeOptions(command)
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("<from>", "a server, or upstream-<network> for the world outside")
    .argument("<to>", "a server, upstream-<network>, or an address")
    .addOption(releaseOption("trace as this Neutron release instead of the topology's own"))
    .addOption(new Option("--summary", "one line for each bridge and namespace").conflicts("detailed"))
    .option("--detailed", "the deciding flow, rule or route of each step, and why it is there")
    .option(
      "--without <artefact:line>",
      "as if that line of the tree were gone; may be given again",
      (text: string, places: readonly ArtefactPlace[] | undefined) => [...(places ?? []), parsePlace(text)],
    )
    .option("--json", "print the trace as JSON")
    .action(async (topology: string, from: string, to: string, options: TraceOptions) =>
      finish(await trace(topology, { from, to }, probeOf(options, command), options, context)),
    );
  addExamples(command, context, [
    ["dvrc trace topology.ts VM1 VM2", "a ping from one server to another, and its way back"],
    ["dvrc trace topology.ts VM1 VM2 --proto tcp --dport 22 --detailed", "with the flow, rule or route that decides each step"],
    ["dvrc trace topology.ts VM2 8.8.8.8 --summary", "a line a hop"],
    ["dvrc trace topology.ts VM1 VM2 --without out/compute-2/br-tun.flows:7", "what if that flow were gone?"],
  ]);
}

async function trace(path: string, ends: Ends, probe: Probe, options: TraceOptions, context: Context): Promise<ExitCode> {
  const trouble = (diagnostics: readonly Diagnostic[]): ExitCode => printTrouble(diagnostics, options, context);
  const [compilation, diagnostics] = await openTopology(path, { release: options.release }, context);
  if (compilation === undefined) return trouble(diagnostics);
  const [left, unknownLine] = leaveOut(compilation, options.without ?? []);
  if (left === undefined) return trouble(unknownLine);
  const opened = openScene(compilation, { lazy: true, ...(options.without === undefined ? {} : { change: left.change }) });
  const [result, failures] = walkBetween(opened, compilation.resolution.topology, ends, probe);
  if (result === undefined) return trouble(failures);
  const because = reasons(compilation.loaded.document, context);
  if (options.json === true) {
    context.stdout.write(`${JSON.stringify(walkJson(result, because), undefined, 2)}\n`);
  } else {
    const detail = options.summary === true ? "summary" : options.detailed === true ? "detailed" : "plain";
    const gone = left.lines.length === 0 ? [] : [...left.lines.map((line) => `without: ${line.trim()}`), ""];
    context.stdout.write([...gone, ...walkLines(result, { detail, because }), ""].join("\n"));
  }
  return result.delivered ? exitCode.done : exitCode.differences;
}

/** What the simulation adds to the compiled state. */
const ownSentences: ReadonlyMap<string, string> = new Map([
  ["virtual/machine", "A machine sets itself up with its ports' addresses and gateways, as cloud-init would."],
]);

/** The rule that made an entry, and the first place in the topology that caused it. */
function reasons(document: SourceDocument, context: Context): (origin: Origin) => string | undefined {
  return ({ lowering, because: [first] }) => {
    const { span } = document.locate(first);
    const { line, column } = lineColumn(span.source, span.start);
    return `${lowering}: ${lowerings.get(lowering) ?? ownSentences.get(lowering) ?? ""} (${relative(context.cwd, span.source.path)}:${line}:${column})`;
  };
}
