import { existsSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { lockPathOf } from "../../compile.js";
import { makeFolders } from "../../emit/tree/make-folder.js";
import { importCloud, type Imported } from "../../import-cloud.js";
import type { AgentDocument } from "../../dsl/types.generated.js";
import type { HostState } from "../../ir/host-state.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printDiagnostics, tally } from "../diagnostics.js";
import { openDumps } from "../dumps/read-dumps.js";
import { unreadLines } from "../dumps/unread-lines.js";
import { addExamples } from "../examples.js";
import { readAnswerFiles } from "../import/read-answers.js";
import { importJson, type ImportOutcome, importSummary } from "../import/summary.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { replaceFiles } from "../replace-file.js";

interface ImportFlags {
  readonly hosts?: string;
  readonly release?: string;
  readonly out: string;
  readonly name?: string;
  readonly firewallDriver?: AgentDocument["firewall_driver"];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `dvrc import`: makes a topology and its lock from a live cloud. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .addArgument(new Argument("<source>", "where the cloud's description comes from").choices(["neutron"]))
    .argument(
      "<folder>",
      "the Networking API's answers, one file for each resource: networks.json, subnets.json, ports.json, routers.json, agents.json ...",
    )
    .option("--hosts <folder>", "dumps of the hosts, of which what only they know is taken over: see dvrc collect")
    .addOption(releaseOption("the Neutron release that the cloud runs; told by the hosts' flow tables where dumps are given"))
    .option("-o, --out <file>", "the topology to write; its lock is written beside it", parseTopologyName, "topology.yaml")
    .option("--name <name>", "name of the topology; that of the folder unless given")
    .addOption(
      new Option("--firewall-driver <driver>", "the agents' firewall driver, which the API does not tell; host dumps do").choices([
        "openvswitch",
        "iptables_hybrid",
        "noop",
      ]),
    )
    .option("--force", "overwrite the topology and its lock")
    .option("--json", "print what was imported as JSON")
    .action((_source: string, folder: string, flags: ImportFlags) => finish(run(folder, flags, context)));
  addExamples(command, context, [
    ["dvrc import neutron api --hosts dumps -o cloud.yaml", "a cloud with all that only its hosts know"],
    ["dvrc import neutron api --release RELEASE", "without dumps: numbers and chance follow dvrc's own rules"],
  ]);
}

/** The name of a file that other commands will take for YAML. Errors: commander's `InvalidArgumentError`. */
function parseTopologyName(text: string): string {
  if (!/[^/]\.ya?ml$/.test(text)) throw new InvalidArgumentError("The topology is written in YAML: its name ends in .yaml or .yml.");
  return text;
}

function run(folder: string, flags: ImportFlags, context: Context): ExitCode {
  const diagnostics: Diagnostic[] = [];
  const outcome = importFolder(folder, flags, context, diagnostics);
  if (flags.json === true) context.stdout.write(importJson(outcome, diagnostics, context));
  else {
    printDiagnostics(diagnostics, context);
    if (outcome === undefined) context.stderr.write(`${tally(diagnostics)}; nothing was written\n`);
    else context.stdout.write(importSummary(outcome, diagnostics, context));
  }
  return outcome === undefined ? exitCode.trouble : exitCode.done;
}

function importFolder(folder: string, flags: ImportFlags, context: Context, diagnostics: Diagnostic[]): ImportOutcome | undefined {
  const topologyPath = resolve(context.cwd, flags.out);
  const lockPath = lockPathOf(topologyPath);
  for (const path of [topologyPath, lockPath]) {
    if (flags.force !== true && existsSync(path))
      diagnostics.push(report("answers-overwritten", { file: relative(context.cwd, path) }, undefined));
  }
  if (hasErrors(diagnostics)) return undefined;
  const root = resolve(context.cwd, folder);
  const [files, unread] = readAnswerFiles(root);
  diagnostics.push(...unread);
  const dumps = readHosts(flags.hosts, context, diagnostics);
  if (files === undefined || hasErrors(diagnostics)) return undefined;
  const [imported, found] = importCloud(files, dumps, {
    name: flags.name ?? nameOf(root),
    path: topologyPath,
    release: flags.release,
    ...(flags.firewallDriver === undefined ? {} : { agent: { firewall_driver: flags.firewallDriver } }),
  });
  diagnostics.push(...found);
  if (imported === undefined) return undefined;
  write(topologyPath, lockPath, imported);
  return { imported, topologyPath, lockPath, dumped: imported.dumped, releaseTold: flags.release !== undefined };
}

function readHosts(folder: string | undefined, context: Context, diagnostics: Diagnostic[]): Map<string, HostState> {
  const states = new Map<string, HostState>();
  if (folder === undefined) return states;
  const [dumps, missing] = openDumps(resolve(context.cwd, folder));
  if (dumps === undefined) {
    diagnostics.push(...missing);
    return states;
  }
  for (const name of dumps.hosts) {
    const loaded = dumps.host(name);
    if (loaded === undefined) continue;
    states.set(name, loaded.state);
    diagnostics.push(...unreadLines(loaded));
  }
  diagnostics.push(...dumps.diagnostics);
  return states;
}

/** A topology is called as the folder that its answers are in, or the one around it where that is only called after them. */
function nameOf(folder: string): string {
  const name = basename(folder);
  return (/^(?:api|json|neutron|answers)$/i.test(name) ? basename(dirname(folder)) : name) || "cloud";
}

function write(topologyPath: string, lockPath: string, { topologyText, lockText }: Imported): void {
  makeFolders(dirname(topologyPath));
  replaceFiles([
    [topologyPath, topologyText],
    [lockPath, lockText],
  ]);
}
