import { rmSync } from "node:fs";
import { collectScript } from "../../audit/collect.js";
import { report } from "../../diagnostics/report.js";
import { takeDumps } from "../../lab/dumps.js";
import { withoutExceptions } from "../../lab/exceptions.js";
import { labId } from "../../lab/identity.js";
import { LabFailure } from "../../lab/inside.js";
import { type DiffFlags, runDiff } from "../commands/diff.js";
import type { Context } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { version } from "../program.js";
import { type LabSelection, selectRunningLab } from "./select.js";

/** `dvrc lab diff`: what `dvrc diff` says of the topology and of dumps that `dvrc collect` takes of the lab's hosts. */
export async function labDiff(request: LabSelection & Pick<DiffFlags, "json">, context: Context): Promise<number> {
  const [lab, diagnostics] = selectRunningLab(request, context);
  if (lab === undefined) return printTrouble(diagnostics, request, context);
  const { record } = lab;
  try {
    const folder = await takeDumps(record, collectScript(version));
    try {
      const flags = { release: record.release, host: [], effects: true, ...(request.json === true ? { json: true } : {}) };
      return await runDiff(record.topology, folder, flags, context, {
        name: `lab ${labId(record)}`,
        settle: withoutExceptions,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    return printTrouble([report("lab-step-failed", { step: error.step, reason: error.reason }, undefined)], request, context);
  }
}
