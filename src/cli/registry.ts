import type { Command } from "commander";
import type { Context } from "./context.js";

/** How a command's action hands back how it ended: an `ExitCode`, or the status of a command that it ran for the user. */
export type Finish = (status: number) => void;

/** What a file of `commands/` exports. */
export interface CommandModule {
  /** Gives the command its arguments, options, examples and action. */
  define(command: Command, context: Context, finish: Finish): void;
}

/** A command of dvrc. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Loads the command's own file; a command that is not run is never loaded. */
  load(): Promise<CommandModule>;
}

/** Every command, in the order in which help lists them. A new one is a file in `commands/` and a line here. */
export const registry: readonly CommandEntry[] = [
  { name: "build", summary: "compile a topology and write every host's artefacts", load: () => import("./commands/build.js") },
  { name: "check", summary: "read, type-check and validate a topology", load: () => import("./commands/check.js") },
  { name: "explain", summary: "say why a line of an artefact is there", load: () => import("./commands/explain.js") },
  { name: "exec", summary: "answer a command as a host or server would", load: () => import("./commands/exec.js") },
  {
    name: "trace",
    summary: "follow a packet from a server to another or to an address, and back",
    load: () => import("./commands/trace.js"),
  },
  { name: "graph", summary: "draw hosts, bridges and namespaces, and a packet's way", load: () => import("./commands/graph.js") },
  { name: "replay", summary: "run a runbook on the virtual hosts and compare what they print", load: () => import("./commands/replay.js") },
  { name: "import", summary: "make a topology and its lock from a live cloud", load: () => import("./commands/import.js") },
  { name: "diff", summary: "compare by value: live hosts, trees, releases, revisions", load: () => import("./commands/diff.js") },
  { name: "collect", summary: "print the shell script that dumps a host", load: () => import("./commands/collect.js") },
  {
    name: "lab",
    summary: "run the artefacts for real: hosts and servers as namespaces of this machine",
    load: () => import("./commands/lab.js"),
  },
  { name: "schema", summary: "print the topology language: sections, properties, defaults", load: () => import("./commands/schema.js") },
  { name: "init", summary: "write a small commented topology to start from", load: () => import("./commands/init.js") },
  { name: "completion", summary: "print the completion script of a shell", load: () => import("./commands/completion.js") },
];
