import { visible } from "../../diagnostics/visible.js";
import { labId } from "../../lab/identity.js";
import { labState, type LabState } from "../../lab/status.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { type LabSelection, selectLab, shownTopology } from "./select.js";

/** `dvrc lab status`: exit status 0 where the lab is up, 1 where it is down or broken. */
export function labStatus(request: LabSelection & { readonly json?: boolean }, context: Context): number {
  const [lab, diagnostics] = selectLab(request, context);
  printDiagnostics(diagnostics, context);
  if (lab === undefined) return exitCode.trouble;
  const state = labState(lab);
  const topology = visible(shownTopology(lab, context));
  context.stdout.write(request.json === true ? statusJson(labId(lab), topology, state) : statusText(topology, state, context));
  return state.kind === "up" && state.machines.every(({ isRunning }) => isRunning) ? exitCode.done : exitCode.differences;
}

function statusText(topology: string, state: LabState, context: Context): string {
  const { bold, dim, red } = coloursOf(context.stdout, context.env);
  if (state.kind === "down") return `The lab of ${topology} is down.\n`;
  if (state.kind === "broken") return `The lab of ${topology} is broken: dvrc lab down ${topology} removes it.\n`;
  const lines = state.machines.map(
    ({ machine, isRunning }) => `  ${machine.kind.padEnd(8)} ${visible(machine.name)}${isRunning ? "" : red(" has ended")}\n`,
  );
  return `The lab of ${bold(topology)} is up for ${state.record.release} ${dim(`(${labId(state.record)})`)}\n${lines.join("")}`;
}

function statusJson(id: string, topology: string, state: LabState): string {
  const machines = state.kind === "up" ? state.machines.map(({ machine: { kind, name }, isRunning }) => ({ kind, name, isRunning })) : [];
  const release = state.kind === "up" ? state.record.release : null;
  return `${JSON.stringify({ id, topology, state: state.kind, release, machines }, undefined, 2)}\n`;
}
