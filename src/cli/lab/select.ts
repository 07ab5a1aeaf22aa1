import { existsSync, realpathSync } from "node:fs";
import { relative } from "node:path";
import type { Diagnostic, Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { visible } from "../../diagnostics/visible.js";
import type { LabName } from "../../lab/identity.js";
import { isClosed, recordsOf } from "../../lab/record.js";
import { labState, type LabState } from "../../lab/status.js";
import type { Context } from "../context.js";
import { locateTopology } from "../locate-topology.js";
import { shellWord } from "../shell-word.js";

/** Which lab a command line means. */
export interface LabSelection {
  readonly topology: string | undefined;
  readonly name?: string;
}

/** The lab that is meant. The topology must exist where nothing else says which it is. Errors: `lab-needs-root` for a lab of root's. */
export function selectLab({ topology, name }: LabSelection, context: Context): Result<LabName> {
  const [path, diagnostics] = locateTopology(topology, context);
  if (path === undefined) return [undefined, diagnostics];
  const lab = { topology: existsSync(path) ? realpathSync(path) : path, name };
  return isClosed(lab) ? [undefined, [report("lab-needs-root", {}, undefined)]] : [lab, []];
}

/** The running lab that is meant. Errors: those of {@link selectLab}, `lab-is-not-up`, `lab-is-half-up`. */
export function selectRunningLab(selection: LabSelection, context: Context): Result<LabState & { readonly kind: "up" }> {
  const [lab, diagnostics] = selectLab(selection, context);
  if (lab === undefined) return [undefined, diagnostics];
  const state = labState(lab);
  if (state.kind === "up") return [state, []];
  if (state.kind === "broken") return [undefined, [halfUp(lab, context)]];
  return [undefined, [report("lab-is-not-up", { topology: shownTopology(lab, context), words: labWords(lab, context) }, undefined)]];
}

/** Says that a lab is broken, and how to remove it. */
export function halfUp(lab: LabName, context: Context): Diagnostic {
  return report("lab-is-half-up", { topology: shownTopology(lab, context), words: labWords(lab, context) }, undefined);
}

/** What says on a command line which lab is meant. */
export function labWords(lab: LabName, context: Context): string {
  const topology = shellWord(shownTopology(lab, context));
  return lab.name === undefined ? topology : `${topology} --name ${shellWord(lab.name)}`;
}

/** A line for each other lab of the topology, which its name tells from this one. */
export function otherLabs({ topology, name }: LabName, context: Context): string {
  const others = recordsOf(topology).filter((record) => record.name !== name);
  return others.map((record) => `There is another: dvrc lab status ${visible(labWords(record, context))}\n`).join("");
}

/** The topology's path as the user would write it. */
export function shownTopology({ topology }: Pick<LabName, "topology">, context: Context): string {
  return relative(context.cwd, topology) || topology;
}
