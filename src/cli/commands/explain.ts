import type { Command } from "commander";
import type { Context } from "../context.js";
import type { Finish } from "../registry.js";

/** To come. */
export function define(command: Command, context: Context, finish: Finish): void {
  command.action(() => finish(context.cwd === "" ? 1 : 0));
}
