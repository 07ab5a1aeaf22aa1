import type { Command } from "commander";
import { collectScript } from "../../audit/collect.js";
import { exitCode, type Context } from "../context.js";
import { addExamples } from "../examples.js";
import { version } from "../program.js";
import type { Finish } from "../registry.js";

/** `dvrc collect`: prints the shell script that dumps a host. */
export function define(command: Command, context: Context, finish: Finish): void {
  command.action(() => {
    context.stdout.write(collectScript(version));
    finish(exitCode.done);
  });
  addExamples(command, context, [
    ["dvrc collect > collect.sh", "then, as root on each host: sh collect.sh, which writes dumps/<host>/"],
    ["dvrc collect | ssh root@compute-1 sh -s -- /var/tmp/dumps", "on a host without copying the script there"],
  ]);
}
