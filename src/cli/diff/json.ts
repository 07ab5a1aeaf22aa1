import { relative, resolve } from "node:path";
import { probeText } from "../../audit/effect/probe.js";
import type { Finding, Side } from "../../audit/finding.js";
import { shownPath } from "../../diagnostics/format.js";
import { diagnosticsToJson } from "../../diagnostics/json.js";
import { lineColumn } from "../../source/span.js";
import type { Context } from "../context.js";
import { placeOf } from "../explain/print.js";
import { countFindings, type DiffReport, type ReportedFinding } from "./report.js";

/** A comparison for machines. */
export function reportJson(report: DiffReport, context: Context): string {
  const { expected, live, release, audit, findings, effects, diagnostics } = report;
  const facts = {
    expected,
    live,
    release,
    hosts: audit.hosts.map(({ host, compared, findings: own }) => ({ host, compared, findings: own.length })),
    counts: countFindings(findings),
    findings: findings.map((finding) => findingJson(finding, report, context)),
    renumberings: audit.hosts.flatMap(({ host, renumberings }) => renumberings.map((one) => ({ host, ...one }))),
    not_compared: [...audit.omissions, ...audit.hosts.flatMap(({ omissions }) => omissions)],
    probes: effects?.probes ?? 0,
    diagnostics: diagnosticsToJson(diagnostics, context.cwd),
  };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

function findingJson({ finding, reason, effects, hint }: ReportedFinding, report: DiffReport, context: Context): object {
  const { host, artefact, kind, nature, about, expected, live } = finding;
  const line = liveLine(finding);
  const { document } = report;
  return {
    host,
    artefact,
    kind,
    nature,
    ...(about === "" ? {} : { about }),
    ...(expected === undefined ? {} : { expected: expected.text }),
    ...(live === undefined ? {} : { live: live.text }),
    ...(line === undefined ? {} : { line }),
    ...(reason === undefined ? {} : { rule: reason.rule, sentence: reason.sentence, nearest: reason.nearest }),
    ...(reason === undefined || document === undefined
      ? {}
      : {
          because: reason.because.map((pointer) => {
            const at = placeOf(pointer, document);
            return { pointer, file: shownPath(at.source, context.cwd), ...lineColumn(at.source, at.start) };
          }),
        }),
    effects: effects.map(({ probe, change, end }) => ({ change, probe: probeText(probe), ...probe, ...(end === "" ? {} : { end }) })),
    hint: nature === "chance" ? { agent: undefined, commands: [] } : hint,
  };
}

/** The line of a dump that a finding is about, counted from 1. */
export function liveLine({ live, line }: Finding): number | undefined {
  return live === undefined ? line : lineOf(live);
}

/** The line of the dump, counted from 1; undefined for a compiled side. */
function lineOf({ origin }: Side): number | undefined {
  const [, line] = origin.lowering === "dump" ? (/\/(\d+)$/.exec(origin.because[0]) ?? []) : [];
  return line === undefined ? undefined : Number(line);
}

/** Where a finding's artefact is on disk, relative to the working folder. */
export function artefactUri(report: DiffReport, { finding }: ReportedFinding, context: Context): string {
  const path = resolve(
    context.cwd,
    report.live.path,
    report.live.folders.get(finding.host) ?? finding.host,
    finding.artefact.replace(/\/$/, ""),
  );
  return encodeURI(relative(context.cwd, path));
}
