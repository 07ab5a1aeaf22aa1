import { relative } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../../base/did-you-mean.js";
import { listed } from "../../console/answer.js";
import { calledBy } from "../../console/called.js";
import { walkJson, walkLines } from "../../console/walk-text.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { lowerings } from "../../lower/lowerings.js";
import { parseIp } from "../../net/ip.js";
import { openScene } from "../../open-scene.js";
import type { SourceDocument } from "../../source/document.js";
import type { Origin } from "../../source/origin.js";
import { lineColumn } from "../../source/span.js";
import { type Probe, walk } from "../../virtual/walk.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { type ArtefactPlace, parsePlace } from "../explain/find-line.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { destinationOf, isOfOne } from "../trace/ends.js";
import { leaveOut } from "../trace/leave-out.js";

interface TraceOptions {
  readonly release?: string;
  readonly proto?: "icmp" | "tcp" | "udp";
  readonly dport?: number;
  readonly summary?: boolean;
  readonly detailed?: boolean;
  readonly json?: boolean;
  readonly without?: readonly ArtefactPlace[];
}

/** `dvrc trace`: the way of a packet from a server to another or to an address, and back. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("<from>", "a server, or upstream-<network> for the world outside")
    .argument("<to>", "a server, upstream-<network>, or an address")
    .addOption(releaseOption("trace as this Neutron release instead of the topology's own"))
    .addOption(
      new Option("--proto <protocol>", "what to send; without it icmp, or tcp where a port is given").choices(["icmp", "tcp", "udp"]),
    )
    .option("--dport <port>", "destination port of TCP and UDP", parsePort)
    .addOption(new Option("--summary", "one line for each bridge and namespace").conflicts("detailed"))
    .option("--detailed", "the deciding flow, rule or route of each step, and why it is there")
    .option(
      "--without <artefact:line>",
      "as if that line of the tree were gone; may be given again",
      (text: string, places: readonly ArtefactPlace[] | undefined) => [...(places ?? []), parsePlace(text)],
    )
    .option("--json", "print the trace as JSON")
    .action(async (topology: string, from: string, to: string, options: TraceOptions) => {
      if (options.proto === "icmp" && options.dport !== undefined)
        command.error("error: option '--dport' is for tcp and udp; icmp has no ports.");
      finish(await trace({ topology, from, to }, options, context));
    });
  addExamples(command, context, [
    ["dvrc trace topology.ts VM1 VM2", "a ping from one server to another, and its way back"],
    ["dvrc trace topology.ts VM1 VM2 --proto tcp --dport 22 --detailed", "with the flow, rule or route that decides each step"],
    ["dvrc trace topology.ts VM2 8.8.8.8 --summary", "a line a hop"],
    ["dvrc trace topology.ts VM1 VM2 --without out/compute-2/br-tun.flows:7", "what if that flow were gone?"],
  ]);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return port;
}

async function trace(
  ends: { readonly topology: string; readonly from: string; readonly to: string },
  options: TraceOptions,
  context: Context,
): Promise<ExitCode> {
  const trouble = (diagnostics: readonly Diagnostic[]): ExitCode => printTrouble(diagnostics, options, context);
  const [compilation, diagnostics] = await openTopology(ends.topology, { release: options.release }, context);
  if (compilation === undefined) return trouble(diagnostics);
  const [left, unknownLine] = leaveOut(compilation, options.without ?? []);
  if (left === undefined) return trouble(unknownLine);
  const { scene, diagnostics: found } = openScene(compilation, {
    lazy: true,
    ...(options.without === undefined ? {} : { change: left.change }),
  });
  const { topology } = compilation.resolution;
  const { machines } = scene.names;
  const unknown = (verb: string, name: string): ExitCode => {
    const guess = didYouMean(name, machines);
    const help = guess === undefined ? undefined : `Did you mean ${JSON.stringify(guess)}?`;
    return trouble([report("unknown-trace-end", { verb, name, machines: listed(machines) }, undefined, { help })]);
  };
  const station = machines.includes(ends.from) ? scene.world.machine(ends.from) : undefined;
  if (station === undefined) return unknown("begin at", ends.from);
  const written = parseIp(ends.to);
  if (written === undefined ? !machines.includes(ends.to) : !isOfOne(written)) return unknown("go to", ends.to);
  const start = calledBy(topology.servers).get(ends.from);
  const destination = destinationOf(topology, ends.to, start, scene.world);
  if (destination === undefined) return trouble([report("no-trace-address", { from: ends.from, to: ends.to }, undefined)]);
  const result = walk(scene.world, station, destination, probeOf(options));
  if (found().some(({ severity }) => severity === "error")) return trouble(found());
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

function probeOf({ dport, proto = dport === undefined ? "icmp" : "tcp" }: TraceOptions): Probe {
  if (proto === "icmp") return { protocol: "icmp" };
  return { protocol: proto, port: dport ?? (proto === "tcp" ? 22 : 53) };
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
