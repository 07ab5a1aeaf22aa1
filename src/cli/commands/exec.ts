import type { Command } from "commander";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { openScene } from "../../open-scene.js";
import type { Context } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import { openTopology } from "../open-topology.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";

interface ExecOptions {
  readonly release?: string;
  readonly after?: readonly string[];
  readonly json?: boolean;
}

/** `dvrc exec`: answers a command as a host or server of the topology would. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<topology>", "a .ts, .yaml or .json file")
    .argument("<machine>", "a host or a server")
    .argument("<command...>", "after --: the command, as words or as one quoted argument; it may have pipes")
    .addOption(releaseOption("answer as this Neutron release instead of the topology's own"))
    .option(
      "--after <step>",
      'sets the scene first: "VM1 ping VM2", "wait 5s"; may be given again',
      (step: string, steps: readonly string[] | undefined) => [...(steps ?? []), step],
    )
    .option("--json", "print the answer and its exit status as JSON")
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
  const trouble = (problems: readonly Diagnostic[]): number => printTrouble(problems, options, context);
  if (compilation === undefined) return trouble(diagnostics);
  const { scene, diagnostics: found } = openScene(compilation);
  const refuse = (answer: string): number => trouble([...found(), report("console-refused", { answer }, undefined)]);
  for (const step of options.after ?? []) {
    const answer = scene.step(step);
    if (answer.kind === "refused") return refuse(answer.message);
  }
  const { machine, words } = what;
  const answer = scene.exec(machine, words);
  if (answer.kind === "refused") return refuse(answer.message);
  // A host that does not compile is as if it were switched off: the answer may be wrong.
  if (hasErrors(found())) return trouble(found());
  const { text, status } = answer;
  context.stdout.write(
    options.json === true ? `${JSON.stringify({ machine, command: words.join(" "), output: text, status }, undefined, 2)}\n` : text,
  );
  return status;
}
