import { existsSync, realpathSync } from "node:fs";
import { relative } from "node:path";
import type { Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { LabName } from "../../lab/identity.js";
import { labState, type LabState } from "../../lab/status.js";
import type { Context } from "../context.js";
import { locateTopology } from "../locate-topology.js";

/** Which lab a command line means. */
export interface LabSelection {
  readonly topology: string | undefined;
  readonly name?: string;
}

/** The lab that is meant. The topology must exist where nothing else says which it is. */
export function selectLab({ topology, name }: LabSelection, context: Context): Result<LabName> {
  const [path, diagnostics] = locateTopology(topology, context);
  if (path === undefined) return [undefined, diagnostics];
  return [{ topology: existsSync(path) ? realpathSync(path) : path, name }, []];
}

/** The running lab that is meant. Errors: those of {@link selectLab}, `lab-is-not-up`, `lab-is-half-up`. */
export function selectRunningLab(selection: LabSelection, context: Context): Result<LabState & { readonly kind: "up" }> {
  const [lab, diagnostics] = selectLab(selection, context);
  if (lab === undefined) return [undefined, diagnostics];
  const state = labState(lab);
  if (state.kind === "up") return [state, []];
  const topology = shownTopology(lab, context);
  return [undefined, [report(state.kind === "down" ? "lab-is-not-up" : "lab-is-half-up", { topology }, undefined)]];
}

/** The topology's path as the user would write it. */
export function shownTopology({ topology }: Pick<LabName, "topology">, context: Context): string {
  return relative(context.cwd, topology) || topology;
}
