import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labFolder, labId, type LabName } from "./identity.js";
import type { LabMachine } from "./plan/machines.js";
import { type Outcome, type ProcessMark, run, type RunOptions } from "./processes.js";

/** A step of the lab that failed, with what the program said. */
export class LabFailure extends Error {
  constructor(
    readonly step: string,
    readonly reason: string,
  ) {
    super(`${step}: ${reason}`);
  }
}

/** A command line. */
export type CommandLine = readonly [program: string, ...args: string[]];

/** A running lab, to run commands in. */
export class Inside {
  constructor(
    readonly name: LabName,
    readonly init: ProcessMark,
  ) {}

  /** What runs a command among the lab's processes, where every machine can be reached. */
  rootCommand(command: CommandLine): CommandLine {
    return ["nsenter", "--target", String(this.init.pid), "--mount", "--pid", "--", ...command];
  }

  /** What runs a command in a machine. */
  machineCommand(machine: LabMachine, command: CommandLine): CommandLine {
    const path = join(labFolder(labId(this.name)), "machines", String(machine.number));
    const holder = readFileSync(path, "utf8").trim();
    return this.rootCommand(["nsenter", "--target", holder, "--net", "--mount", "--uts", "--", ...command]);
  }

  /** Runs a command among the lab's processes. Errors: throws {@link LabFailure} where it fails. */
  async root(step: string, command: CommandLine, options?: RunOptions): Promise<string> {
    return succeeded(step, await runCommand(this.rootCommand(command), options));
  }

  /** Runs a command in a machine. Errors: throws {@link LabFailure} where it fails. */
  async machine(step: string, machine: LabMachine, command: CommandLine, options?: RunOptions): Promise<string> {
    return succeeded(step, await runCommand(this.machineCommand(machine, command), options));
  }
}

/** Runs a command line. */
export function runCommand([program, ...args]: CommandLine, options?: RunOptions): Promise<Outcome> {
  return run(program, args, options);
}

/** A constant script as a command line; what differs are its arguments. */
export function script(text: string, ...args: readonly string[]): CommandLine {
  return ["bash", "-c", text, "dvrc-lab", ...args];
}

function succeeded(step: string, { status, stdout, stderr }: Outcome): string {
  if (status === 0) return stdout;
  const said = (stderr.trim() === "" ? stdout : stderr).trim();
  throw new LabFailure(step, said === "" ? `exit status ${status}` : said.split("\n").slice(-8).join("\n"));
}
