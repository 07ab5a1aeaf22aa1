import { extname, relative } from "node:path";
import type { Command } from "commander";
import type { Compilation } from "../../compile.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { visible } from "../../diagnostics/visible.js";
import { progressOf } from "../build/progress.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { counted, diagnosticsJson, printDiagnostics, tally } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";

interface CheckOptions {
  readonly release?: string;
  readonly json?: boolean;
  readonly hosts?: boolean;
}

/** `dvrc check`: reads, type-checks and validates a topology. Hosts are compiled on demand only: a large cloud has many. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("[topology]", "a .ts, .yaml or .json file; a .ts topology is type-checked, then run: it is trusted code")
    .addOption(releaseOption("check for this Neutron release instead of the topology's own"))
    .option("--hosts", "compile every host, too, as a build does: pools and locked choices of hosts, flows that overwrite one another")
    .option("--json", "print the diagnostics as JSON")
    .action(async (topology: string | undefined, options: CheckOptions) => {
      const [opened, found] = await openTopology(topology, options, context);
      const diagnostics = opened === undefined || options.hosts !== true ? found : [...found, ...ofHosts(opened, context)];
      const compilation = hasErrors(diagnostics) ? undefined : opened;
      if (options.json === true) {
        context.stdout.write(diagnosticsJson(diagnostics, context));
      } else {
        printDiagnostics(diagnostics, context);
        const colours = coloursOf(context.stderr, context.env);
        if (compilation === undefined) context.stderr.write(`${colours.red(tally(diagnostics))}\n`);
        else context.stdout.write(`${verdict(compilation, context)}${diagnostics.length === 0 ? "" : `; ${tally(diagnostics)}`}\n`);
      }
      finish(compilation === undefined ? exitCode.trouble : exitCode.done);
    });
  addExamples(command, context, [
    ["dvrc check", "the topology in this folder"],
    ["dvrc check topology.yaml --release RELEASE", "for another release"],
    ["dvrc check topology.ts --json", "for an editor or a pipeline"],
    ["dvrc check --hosts", "all that a build would say"],
  ]);
}

/** What only compiling the hosts tells: DVRC4xxx of what they choose themselves, DVRC5xxx. */
function ofHosts(compilation: Compilation, context: Context): readonly Diagnostic[] {
  const progress = progressOf(context, compilation.hosts.length);
  const found = compilation.hosts.flatMap((name, index) => {
    progress.at(index, name);
    return compilation.host(name)[1];
  });
  progress.end();
  return found;
}

function verdict({ loaded, release, resolution }: Compilation, context: Context): string {
  const { path } = loaded.document.source;
  const { hosts, networks, routers, servers } = resolution.topology;
  const what = [
    counted(hosts.length, "host"),
    counted(networks.length, "network"),
    counted(routers.length, "router"),
    counted(servers.length, "server"),
  ];
  const trusted = extname(path) === ".ts" ? " (run as trusted code)" : "";
  return `${visible(relative(context.cwd, path))}${trusted} is sound for ${release.name}: ${what.join(", ")}`;
}
