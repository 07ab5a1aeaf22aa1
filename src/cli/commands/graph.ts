import { extname, resolve } from "node:path";
import { type Command, Option } from "commander";
import { hasErrors } from "../../diagnostics/diagnostic.js";
import { openScene } from "../../open-scene.js";
import type { Probe } from "../../virtual/walk.js";
import { selectHosts } from "../build/hosts.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { dotOf, hostsOnTheWay } from "../graph/dot-of.js";
import { hostOption } from "../host-option.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { replaceFile } from "../replace-file.js";
import { addProbeOptions, probeOf, type ProbeOptions } from "../trace/probe.js";
import { type Ends, walkBetween } from "../trace/walk-between.js";

type Format = "svg" | "dot";

interface GraphOptions extends ProbeOptions {
  readonly release?: string;
  readonly host: readonly string[];
  readonly format?: Format;
  readonly output?: string;
}

/** Hosts that are laid out in some seconds. */
const hostsAtOnce = 60;

function patience(hosts: number): string {
  return `To lay out ${hosts} hosts may take minutes; --host, or the two ends of a packet's way, draw fewer.\n`;
}

/** Whose way is drawn. */
interface Sent {
  readonly ends: Ends;
  readonly probe: Probe;
}

/** `dvrc graph`: a picture of hosts, bridges, namespaces and ports, with a packet's way through them. */
export function define(command: Command, context: Context, finish: Finish): void {
  addProbeOptions(command)
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("[from]", "a server, or upstream-<network> for the world outside")
    .argument("[to]", "a server, upstream-<network>, or an address: only hosts on the way are drawn")
    .addOption(releaseOption("draw as this Neutron release instead of the topology's own"))
    .addOption(hostOption("draw"))
    .addOption(new Option("--format <format>", "what to write; without it by the file's name, else svg").choices(["svg", "dot"]))
    .option("-o, --output <file>", "where to write the picture instead of to standard output")
    .action(async (topology: string, from: string | undefined, to: string | undefined, options: GraphOptions) => {
      const isSent = from !== undefined || options.proto !== undefined || options.dport !== undefined;
      if (isSent && to === undefined) command.error("error: a packet's way has two ends: say where it begins and where it goes.");
      const format = options.format ?? formatOf(options.output);
      if (format === undefined) return command.error("error: dvrc draws .svg and .dot files; for others: --format dot, then dot(1).");
      const sent = from === undefined || to === undefined ? undefined : { ends: { from, to }, probe: probeOf(options, command) };
      return finish(await graph(topology, sent, format, options, context));
    });
  addExamples(command, context, [
    ["dvrc graph topology.ts -o cloud.svg", "every host"],
    ["dvrc graph topology.ts VM1 VM2 -o way.svg", "the way of a ping between two servers, and of its answer"],
    ["dvrc graph topology.ts VM2 8.8.8.8 --proto tcp --dport 443 -o way.svg", "out of the cloud"],
    ["dvrc graph topology.ts --host compute-2 --format dot | dot -Tpng > host.png", "one host, laid out by Graphviz itself"],
  ]);
}

function formatOf(output: string | undefined): Format | undefined {
  const extension = output === undefined ? ".svg" : extname(output).toLowerCase();
  if (extension === ".svg") return "svg";
  return extension === ".dot" || extension === ".gv" ? "dot" : undefined;
}

async function graph(path: string, sent: Sent | undefined, format: Format, options: GraphOptions, context: Context): Promise<ExitCode> {
  const [compilation, diagnostics] = await openTopology(path, { release: options.release }, context);
  if (compilation === undefined) return printTrouble(diagnostics, {}, context);
  const { selected, diagnostics: unknown } = selectHosts(compilation.hosts, options.host, undefined);
  if (hasErrors(unknown)) return printTrouble(unknown, {}, context);
  const opened = openScene(compilation, { lazy: true });
  const [walk, lost] = sent === undefined ? [undefined, []] : walkBetween(opened, compilation.resolution.topology, sent.ends, sent.probe);
  if (lost.length > 0) return printTrouble(lost, {}, context);
  const drawn = walk && sent && { walk, ends: sent.ends };
  const hosts = drawn === undefined || options.host.length > 0 ? selected : hostsOnTheWay(drawn, opened, compilation.hosts);
  const [dot, failures] = dotOf(compilation, opened, hosts, drawn);
  if (dot === undefined) return printTrouble(failures, {}, context);
  if (format === "svg" && hosts.length > hostsAtOnce) context.stderr.write(patience(hosts.length));
  // Graphviz is large: it is loaded for what it lays out only.
  const picture = format === "dot" ? dot : await (await import("../graph/lay-out.js")).layOut(dot);
  if (options.output === undefined) context.stdout.write(picture);
  else replaceFile(resolve(context.cwd, options.output), picture);
  return walk?.delivered === false ? exitCode.differences : exitCode.done;
}
