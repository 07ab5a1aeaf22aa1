import { type Command, Option } from "commander";
import type { Context } from "../context.js";
import { addExamples } from "../examples.js";
import { labDiff } from "../lab/diff.js";
import { labDown } from "../lab/down.js";
import { labExec } from "../lab/exec.js";
import { labStatus } from "../lab/status.js";
import { labUpCommand } from "../lab/up.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";

const topologyArgument = "a .ts, .yaml or .json file; a .ts topology is type-checked, then run: it is trusted code";

/** `dvrc lab`: hosts and servers of a topology as namespaces of this machine, programmed by their own artefacts. */
export function define(command: Command, context: Context, finish: Finish): void {
  const nameOption = (): Option => new Option("--name <name>", "which lab of the topology, where it has several");
  const up = command
    .command("up")
    .summary("start the lab of a topology, or program its hosts again")
    .argument("[topology]", topologyArgument)
    .addOption(releaseOption())
    .addOption(nameOption())
    .action(async (topology: string | undefined, flags: { readonly release?: string; readonly name?: string }) =>
      finish(await labUpCommand({ topology, ...flags }, context)),
    );
  addExamples(up, context, [
    ["dvrc lab up", "the topology in this folder; needs root"],
    ["dvrc lab up --name other --release RELEASE", "another lab of the same topology, beside the first"],
  ]);
  const exec = command
    .command("exec")
    .summary("run a command on a host, a server or an upstream router")
    .usage("[options] [topology] <machine> [-- <command>...]")
    .argument("<words...>", "a machine of the lab, and what it is to run; a shell where nothing is said")
    .addOption(nameOption())
    .action(async (words: string[], flags: { readonly name?: string }) => finish(await labExec(words, flags, context)));
  addExamples(exec, context, [
    ["dvrc lab exec VM1 -- ping -c 1 10.0.0.1", "on a server"],
    ["dvrc lab exec topology.ts compute-2 -- ovs-ofctl dump-flows br-int", "on a host of a topology that is named"],
    ["dvrc lab exec compute-2 -- tcpdump -ni lab0 udp port 4789", "what goes from host to host"],
    ["dvrc lab exec compute-2", "a shell there"],
  ]);
  const status = command
    .command("status")
    .summary("say what runs")
    .argument("[topology]", topologyArgument)
    .addOption(nameOption())
    .option("--json", "print it as JSON")
    .action((topology: string | undefined, flags: { readonly name?: string; readonly json?: boolean }) =>
      finish(labStatus({ topology, ...flags }, context)),
    );
  addExamples(status, context, [["dvrc lab status", "exit code 0: all of it runs; 1: it is down, or a part has ended"]]);
  const diff = command
    .command("diff")
    .summary("compare what the lab's hosts have with what the topology compiles to, as dvrc diff does")
    .argument("[topology]", topologyArgument)
    .addOption(nameOption())
    .option("--json", "print the comparison as JSON")
    .action(async (topology: string | undefined, flags: { readonly name?: string; readonly json?: boolean }) =>
      finish(await labDiff({ topology, ...flags }, context)),
    );
  addExamples(diff, context, [["dvrc lab diff", "is the lab still as the topology says, and who loses what?"]]);
  const down = command
    .command("down")
    .summary("end the lab; nothing of it stays")
    .argument("[topology]", topologyArgument)
    .addOption(nameOption())
    .action((topology: string | undefined, flags: { readonly name?: string }) => finish(labDown({ topology, ...flags }, context)));
  addExamples(down, context, [["dvrc lab down --name other", "one of several"]]);
  addExamples(command, context, [
    ["dvrc lab up", "the topology in this folder; needs root"],
    ["dvrc lab exec VM1 -- ping -c 1 10.0.0.1", "on a server"],
    ["dvrc lab exec compute-2 -- ovs-ofctl dump-flows br-int", "on a host"],
    ["dvrc lab exec compute-2 -- tcpdump -ni lab0 udp port 4789", "what goes from host to host"],
    ["dvrc lab diff", "is the lab still as the topology says, and who loses what?"],
    ["dvrc lab up --name other --release RELEASE", "another lab of the same topology, beside the first"],
    ["dvrc lab down", "ends it all"],
  ]);
}
