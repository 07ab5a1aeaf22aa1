import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { report } from "../../diagnostics/report.js";
import { Inside } from "../../lab/inside.js";
import { findMachine } from "../../lab/plan/machines.js";
import { labEnvironment } from "../../lab/processes.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { hasTopologyName, isTopology, locateTopology } from "../locate-topology.js";
import { selectRunningLab } from "./select.js";

/** `dvrc lab exec [topology] <machine> -- <command>`: the exit status is the command's. */
export async function labExec(words: readonly string[], flags: { readonly name?: string }, context: Context): Promise<number> {
  const [first = "", ...others] = words;
  // A topology that is not there is not taken for a machine, unless the one of this folder may have such a machine.
  const [own] = locateTopology(undefined, context);
  const isNamed = isTopology(first, context) || (own === undefined && hasTopologyName(first));
  const [machineName = first, program, ...args] = isNamed ? others : words;
  const [lab, diagnostics] = selectRunningLab({ topology: isNamed ? first : undefined, ...flags }, context);
  printDiagnostics(diagnostics, context);
  if (lab === undefined) return exitCode.trouble;
  const { record } = lab;
  const machine = findMachine(record.machines, machineName);
  if (machine === undefined) {
    const known = record.machines.map(({ name }) => name).join(", ");
    printDiagnostics([report("unknown-lab-machine", { machine: machineName, known }, undefined)], context);
    return exitCode.trouble;
  }
  const command = new Inside(record, record.init).machineCommand(machine, program === undefined ? ["bash"] : [program, ...args]);
  return inForeground(command);
}

/** Runs a command with this process's own terminal. Signals from the keyboard reach it as they reach any. */
function inForeground([program, ...args]: readonly [string, ...string[]]): Promise<number> {
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: "/", env: labEnvironment(), stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
