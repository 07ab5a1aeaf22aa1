import { visible } from "../../diagnostics/visible.js";
import { labId, type LabName } from "../../lab/identity.js";
import { labState, type LabState, type MachineState } from "../../lab/status.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { type LabSelection, labWords, otherLabs, selectLab, shownTopology } from "./select.js";

/** `dvrc lab status`: exit status 0 where the lab is up, 1 where it is down or broken. */
export function labStatus(request: LabSelection & { readonly json?: boolean }, context: Context): number {
  const [lab, diagnostics] = selectLab(request, context);
  if (lab === undefined) return printTrouble(diagnostics, request, context);
  const state = labState(lab);
  const topology = visible(shownTopology(lab, context));
  context.stdout.write(request.json === true ? statusJson(labId(lab), topology, state) : statusText(lab, state, context));
  return state.kind === "up" && state.machines.every(({ isRunning }) => isRunning) ? exitCode.done : exitCode.differences;
}

function statusText(lab: LabName, state: LabState, context: Context): string {
  const { bold, dim } = coloursOf(context.stdout, context.env);
  const topology = visible(shownTopology(lab, context));
  const others = otherLabs(lab, context);
  if (state.kind === "down") return `The lab of ${topology} is down.\n${others}`;
  if (state.kind === "broken")
    return `The lab of ${topology} is broken; this removes it: dvrc lab down ${visible(labWords(lab, context))}\n${others}`;
  const title = `The lab of ${bold(topology)} is up for ${state.record.release} ${dim(`(${labId(lab)})`)}\n`;
  return title + machineLines(state.machines, context) + others;
}

function machineLines(machines: readonly MachineState[], context: Context): string {
  const { red } = coloursOf(context.stdout, context.env);
  const width = Math.max(...machines.map(({ machine }) => visible(machine.name).length));
  const lines = machines.map(({ machine: { kind, name, addresses }, isRunning }) => {
    const about = kind === "fabric" ? "the switches between hosts" : addresses.join(", ");
    return `  ${kind.padEnd(8)}  ${visible(name).padEnd(width)}  ${isRunning ? about : red("has ended")}`;
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function statusJson(id: string, topology: string, state: LabState): string {
  const machines =
    state.kind === "up"
      ? state.machines.map(({ machine: { kind, name, addresses }, isRunning }) => ({ kind, name, addresses, isRunning }))
      : [];
  const release = state.kind === "up" ? state.record.release : null;
  return `${JSON.stringify({ id, topology, state: state.kind, release, machines }, undefined, 2)}\n`;
}
