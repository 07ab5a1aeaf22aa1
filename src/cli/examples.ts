import type { Command } from "commander";
import { coloursOf } from "./colours.js";
import type { Context } from "./context.js";

/** Adds an "Examples" section to a command's help: each command line and what it does. */
export function addExamples(command: Command, context: Context, examples: readonly (readonly [line: string, what: string])[]): void {
  const width = Math.max(...examples.map(([line]) => line.length));
  const colours = coloursOf(context.stdout, context.env);
  const lines = examples.map(([line, what]) => `  $ ${line.padEnd(width)}  ${colours.dim(what)}`);
  command.addHelpText("after", `\n${colours.bold("Examples:")}\n${lines.join("\n")}`);
}
