import type { Command } from "commander";
import { report } from "../../diagnostics/report.js";
import { openScene } from "../../open-scene.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";

interface ExecOptions {
  readonly release?: string;
  readonly after: readonly string[];
}

/** `dvrc exec`: answers a command as a host or server of the topology would. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("<machine>", "a host or a server")
    .argument("<command...>", "after --: the command, as words or as one quoted argument; it may have pipes")
    .option("--release <release>", "answer as this Neutron release instead of the topology's own")
    .option(
      "--after <step>",
      'sets the scene first: "VM1 ping VM2", "wait 5s"; may be given again',
      (step: string, steps: string[]) => [...steps, step],
      [],
    )
    .action(async (topology: string, machine: string, words: string[], options: ExecOptions) =>
      finish(await exec({ topology, machine, words }, options, context)),
    );
  addExamples(command, context, [
    ["dvrc exec topology.ts compute-2 -- ip netns exec qrouter-R1 ip rule", "the routing policy of a router on a host"],
    ['dvrc exec topology.ts compute-2 -- "ovs-ofctl dump-flows br-tun | grep table=20"', "pipes are part of the quoted command"],
    ['dvrc exec topology.ts compute-2 --after "VM1 ping VM2" -- ovs-appctl fdb/show br-int', "MAC addresses learned from traffic"],
    ["dvrc exec topology.ts VM1 -- ping -c 3 10.0.1.4", "traffic between servers"],
  ]);
}

async function exec(
  what: { readonly topology: string; readonly machine: string; readonly words: readonly string[] },
  options: ExecOptions,
  context: Context,
): Promise<number> {
  const [compilation, diagnostics] = await openTopology(what.topology, { release: options.release }, context);
  if (compilation === undefined) {
    printDiagnostics(diagnostics, context);
    return exitCode.trouble;
  }
  const { scene, diagnostics: found } = openScene(compilation);
  const refuse = (answer: string): number => {
    printDiagnostics([...found(), report("console-refused", { answer }, undefined)], context);
    return exitCode.trouble;
  };
  for (const step of options.after) {
    const answer = scene.step(step);
    if (answer.kind === "refused") return refuse(answer.message);
  }
  const answer = scene.exec(what.machine, what.words);
  if (answer.kind === "refused") return refuse(answer.message);
  context.stdout.write(answer.text);
  return answer.status;
}
