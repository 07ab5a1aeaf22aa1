import { visible } from "../../diagnostics/visible.js";
import { hasTraces, removeLab } from "../../lab/record.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { type LabSelection, otherLabs, selectLab, shownTopology } from "./select.js";

/** `dvrc lab down`: also of a lab that crashed or never came up whole. */
export function labDown(request: LabSelection, context: Context): number {
  const [lab, diagnostics] = selectLab(request, context);
  printDiagnostics(diagnostics, context);
  if (lab === undefined) return exitCode.trouble;
  const topology = visible(shownTopology(lab, context));
  const was = hasTraces(lab);
  removeLab(lab);
  context.stdout.write(
    was ? `The lab of ${topology} is down; nothing of it is left.\n` : `No lab of ${topology} was up.\n${otherLabs(lab, context)}`,
  );
  return exitCode.done;
}
