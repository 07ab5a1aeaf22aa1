import { defined } from "../../base/invariant.js";
import type { Compilation } from "../../compile.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { type AllocationRow, printAllocations } from "../../emit/allocations.js";
import { printArtefactLines } from "../../emit/layout.js";
import { manifestName } from "../../emit/manifest.js";
import { allocationsName } from "../../emit/write.js";
import { lowerings } from "../../lower/lowerings.js";
import type { Pointer } from "../../source/pointer.js";
import { allocationRows } from "../build/allocation-rows.js";
import { ownerPointer } from "./owner.js";

/** Why a line is there. */
export interface Reason {
  /** Id of the lowering, or what else makes such lines. */
  readonly rule: string;
  readonly sentence: string;
  /** Places in the topology that caused it, first cause first. */
  readonly because: readonly Pointer[];
}

/** The lines of an artefact as the topology compiles now, each with its reason. */
export interface ExplainedArtefact {
  /** Undefined where any text may be right: a build alone can tell. */
  readonly lines: readonly string[] | undefined;
  readonly reason: (index: number) => Reason;
}

const howSentences: Readonly<Record<string, string>> = {
  pinned: "The topology says this value itself.",
  derived: "The value follows from what is declared, by Neutron's rule where there is one; the lock keeps it.",
  allocated: "The value was chosen when its owner first came about, by Neutron's rule where there is one; the lock keeps it.",
};

/**
 * Compiles what an artefact is made of, and keeps why each of its lines is there.
 *
 * Errors: `no-such-artefact`, and those of compiling the host.
 */
export function explainArtefact(compilation: Compilation, artefact: string): Result<ExplainedArtefact> {
  if (artefact === allocationsName) return explainAllocations(compilation);
  const host = compilation.hosts.find((name) => artefact.startsWith(`${name}/`));
  if (artefact === manifestName || artefact === `${host ?? ""}/${manifestName}`) return [explainManifest(host), []];
  const [compiled, diagnostics] = host === undefined ? [undefined, []] : compilation.host(host);
  const lines = compiled === undefined ? undefined : printArtefactLines(compiled.state, artefact);
  if (lines === undefined) return [undefined, diagnostics.length > 0 ? diagnostics : [report("no-such-artefact", { artefact }, undefined)]];
  const reason = (index: number): Reason => {
    const origin = defined(lines[index]?.origin, `the origin of line ${index + 1} of ${artefact}`);
    return { rule: origin.lowering, sentence: lowerings.get(origin.lowering) ?? "", because: origin.because };
  };
  return [{ lines: lines.map(({ text }) => text), reason }, []];
}

function explainAllocations(compilation: Compilation): Result<ExplainedArtefact> {
  const diagnostics = compilation.hosts.flatMap((name) => compilation.host(name)[1]);
  const rows = [...allocationRows(compilation)];
  const lines = rows.map((row) => printAllocations([row]).trimEnd());
  const reason = (index: number): Reason => {
    const row: AllocationRow | undefined = rows[index];
    return {
      rule: `allocation/${row?.how ?? ""}`,
      sentence: howSentences[row?.how ?? ""] ?? "",
      because: [row === undefined ? "" : ownerPointer(row.owner, compilation)],
    };
  };
  return [{ lines, reason }, diagnostics];
}

/** Lines of a manifest are dvrc's own. */
function explainManifest(host: string | undefined): ExplainedArtefact {
  const sentence =
    host === undefined
      ? "dvrc keeps here which topology the tree was built from, for which release and by which version."
      : "dvrc keeps here which files of the host it wrote, so that it removes no others, with their SHA-256.";
  return { lines: undefined, reason: () => ({ rule: "manifest", sentence, because: [""] }) };
}
