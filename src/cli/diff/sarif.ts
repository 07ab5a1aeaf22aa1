import { probeText } from "../../audit/effect/probe.js";
import { shownPath } from "../../diagnostics/format.js";
import { lineColumn } from "../../source/span.js";
import type { Context } from "../context.js";
import { placeOf } from "../explain/print.js";
import { version } from "../program.js";
import { shellWord } from "../shell-word.js";
import { artefactUri, liveLine } from "./json.js";
import type { DiffReport, ReportedFinding } from "./report.js";

/** Rule of what no rule of Neutron makes. */
const noRule = "unexpected-state";

/**
 * A comparison as SARIF 2.1.0, for code review and security tools.
 *
 * Shape: one run; a result for each finding, at its line of the dump, related to the places in the topology that caused it.
 * Source: OASIS SARIF 2.1.0.
 */
export function reportSarif(report: DiffReport, context: Context): string {
  const rules = new Map<string, string>();
  for (const { reason } of report.findings)
    rules.set(reason?.rule ?? noRule, reason?.sentence ?? "No rule of Neutron makes such state from the topology.");
  const ids = [...rules.keys()].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "dvrc",
            semanticVersion: version,
            rules: ids.map((id) => ({ id, shortDescription: { text: rules.get(id) ?? "" } })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: report.findings.map((finding) => result(finding, ids, report, context)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function result(reported: ReportedFinding, ids: readonly string[], report: DiffReport, context: Context): object {
  const { finding, reason } = reported;
  const id = reason?.rule ?? noRule;
  const line = liveLine(finding);
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    kind: "fail",
    level: finding.nature === "chance" ? "note" : finding.kind === "unexpected" ? "warning" : "error",
    message: { text: messageOf(reported) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: artefactUri(report, reported, context) },
          ...(line === undefined ? {} : { region: { startLine: line } }),
        },
        logicalLocations: [{ fullyQualifiedName: `${finding.host}/${finding.artefact}`, kind: "resource" }],
      },
    ],
    relatedLocations: relatedLocations(reported, report, context),
    partialFingerprints: {
      "dvrc/v1": `${finding.host}/${finding.artefact}/${finding.kind}/${(finding.expected ?? finding.live)?.text ?? finding.about}`,
    },
    properties: { host: finding.host, artefact: finding.artefact, kind: finding.kind, nature: finding.nature },
  };
}

function messageOf({ finding, effects, hint }: ReportedFinding): string {
  const { kind, about, expected, live, host } = finding;
  const what = [
    `${kind}${about === "" ? "" : ` (${about})`} on ${host}.`,
    ...(expected === undefined ? [] : [`Expected: ${expected.text}`]),
    ...(live === undefined ? [] : [`Live: ${live.text}`]),
    ...effects.map(
      ({ probe, change, end }) => `${change === "lost" ? "Lost" : "Gained"}: ${probeText(probe)}${end === "" ? "" : `, ${end}`}`,
    ),
    ...(finding.nature === "chance" ? [] : [`Restart ${hint.agent}.`]),
    ...hint.commands.map((command) => command.map(shellWord).join(" ")),
  ];
  return what.join("\n");
}

function relatedLocations({ reason }: ReportedFinding, { document }: DiffReport, context: Context): object[] {
  if (reason === undefined || document === undefined) return [];
  return reason.because.map((pointer, id) => {
    const at = placeOf(pointer, document);
    const { line, column } = lineColumn(at.source, at.start);
    return {
      id,
      message: { text: pointer === "" ? "the topology" : pointer.slice(1) },
      physicalLocation: {
        artifactLocation: { uri: encodeURI(shownPath(at.source, context.cwd)) },
        region: { startLine: line, startColumn: column },
      },
    };
  });
}
