import type { Audit } from "../../audit/audit.js";
import type { Effects } from "../../audit/effect/effects.js";
import type { Finding, HostComparison } from "../../audit/finding.js";
import { type Hint, hintOf } from "../../audit/hint.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SourceDocument } from "../../source/document.js";
import type { FindingReason } from "./reasons.js";

/** A finding with all that is known about it. */
export interface ReportedFinding {
  readonly finding: Finding;
  readonly reason: FindingReason | undefined;
  readonly effects: NonNullable<ReturnType<Effects["byFinding"]["get"]>>;
  readonly hint: Hint;
}

/** All that a comparison has to tell: text, JSON and SARIF are made of it. */
export interface DiffReport {
  readonly expected: { readonly kind: string; readonly path: string };
  /** `folders`: those of hosts whose dumps go by another name. */
  readonly live: { readonly kind: string; readonly path: string; readonly folders: ReadonlyMap<string, string> };
  readonly release: string;
  readonly audit: Audit;
  /** In order of hosts and artefacts. */
  readonly findings: readonly ReportedFinding[];
  /** Undefined where effects were not looked for: `why` says. */
  readonly effects: Effects | undefined;
  readonly withoutEffects: string;
  /** Where causes point into. */
  readonly document: SourceDocument | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Joins findings with their causes, effects and hints. */
export function reportFindings(
  audit: Audit,
  reasonOf: (finding: Finding) => FindingReason | undefined,
  effects: Effects | undefined,
): ReportedFinding[] {
  return audit.hosts.flatMap(({ findings }) =>
    findings.map((finding) => ({
      finding,
      reason: reasonOf(finding),
      effects: effects?.byFinding.get(finding) ?? [],
      hint: hintOf(finding),
    })),
  );
}

/** How many findings there are of each nature. */
export function countFindings(findings: readonly ReportedFinding[]): { readonly drift: number; readonly chance: number } {
  const chance = findings.filter(({ finding }) => finding.nature === "chance").length;
  return { drift: findings.length - chance, chance };
}

/** How many renumberings of each kind there are, over all hosts. */
export function countRenumberings(hosts: readonly HostComparison[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { what } of hosts.flatMap(({ renumberings }) => renumberings)) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}
