import type { Command } from "commander";
import { type Audit, audit } from "../../audit/audit.js";
import { coldState, type EffectWorlds, findEffects } from "../../audit/effect/effects.js";
import { withUndumped } from "../../audit/effect/undumped.js";
import { withoutLeftOut } from "../../audit/left-out/without-left-out.js";
import { planCloud } from "../../console/cloud.js";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.js";
import type { HostState } from "../../ir/host-state.js";
import { defaultRelease, findRelease } from "../../releases/index.js";
import { progressOf } from "../build/progress.js";
import { selectHosts } from "../build/hosts.js";
import { exitCode, type Context, type ExitCode } from "../context.js";
import { printDiagnostics, printTrouble, tally } from "../diagnostics.js";
import { readLeftOut } from "../diff/left-out.js";
import { reportJson } from "../diff/json.js";
import { printReport } from "../diff/print.js";
import { Reasons } from "../diff/reasons.js";
import { countFindings, type DiffReport, reportFindings } from "../diff/report.js";
import { reportSarif } from "../diff/sarif.js";
import { type OpenedSide, namedAs, openSide } from "../diff/sides.js";
import { addExamples } from "../examples.js";
import { hostOption } from "../host-option.js";
import type { Finish } from "../registry.js";
import { releaseOption } from "../release-option.js";
import { keepHeapsSmall } from "../thrift.js";

/** What `dvrc diff` was asked for. */
export interface DiffFlags {
  readonly release?: string;
  readonly host: readonly string[];
  readonly effects: boolean;
  readonly ignoreChance?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly api?: string;
}

/** `dvrc diff`: compares by value what should be with what is. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("<expected>", "a topology, an artefact tree, or a folder of dumps")
    .argument("<live>", "what to compare it with: dumps of live hosts, another tree, another topology")
    .addOption(releaseOption())
    .addOption(hostOption("compare"))
    .option("--no-effects", "do not simulate which servers lose what")
    .option("--ignore-chance", "exit with 0 where nothing differs but what Neutron leaves to chance and history")
    .option("--api <folder>", "the Networking API's answers: what belongs to resources that the topology leaves out is no difference")
    .option("--json", "print the comparison as JSON")
    .option("--sarif", "print the comparison as SARIF 2.1.0")
    .action(async (expected: string, live: string, flags: DiffFlags) => finish(await runDiff(expected, live, flags, context)));
  addExamples(command, context, [
    ["dvrc diff topology.yaml dumps", "live hosts against what Neutron should have programmed"],
    ["dvrc diff cloud.yaml dumps --api api", "of a cloud with resources that an import left out"],
    ["dvrc diff out dumps --host compute-1", "one host, against a tree that was built"],
    ["dvrc diff out-zed out-2025", "two releases, or two revisions"],
    ["dvrc diff topology.yaml dumps --sarif > drift.sarif", "for a code review tool"],
  ]);
}

/** What is known of the live side where dvrc took the dumps itself. */
export interface KnownLive {
  /** What to call it. */
  readonly name: string;
  /** Tells what is known to differ from drift. */
  readonly settle: (outcome: Audit) => Audit;
}

/** Compares two sides, each a topology, a tree or dumps, and prints the outcome. */
export async function runDiff(
  expectedArgument: string,
  liveArgument: string,
  flags: DiffFlags,
  context: Context,
  known?: KnownLive,
): Promise<ExitCode> {
  const [expected, unopened] = await openSide(expectedArgument, flags.release, context);
  const [opened, alsoUnopened] = await openSide(liveArgument, flags.release, context);
  if (expected === undefined || opened === undefined) return failed([...unopened, ...alsoUnopened], flags, context);
  const live = namedAs(opened, expected.hosts);
  const { diagnostics: unknown } = selectHosts(expected.hosts, flags.host, undefined);
  if (hasErrors(unknown)) return failed(unknown, flags, context);
  const [leftOut, unread] = readLeftOut(flags.api);
  if (leftOut === undefined) return failed(unread, flags, context);
  const settle = (outcome: Audit): Audit => withoutLeftOut(known?.settle(outcome) ?? outcome, leftOut, (host) => live.host(host)?.state);
  const report = compare(expected, live, flags, context, { name: known?.name ?? live.path, settle });
  const trouble = hasErrors(report.diagnostics) || report.audit.hosts.length === 0;
  if (flags.sarif === true) context.stdout.write(reportSarif(report, context));
  else if (flags.json === true) context.stdout.write(reportJson(report, context));
  else context.stdout.write(printReport(report, context));
  if (flags.json !== true) printDiagnostics(report.diagnostics, context);
  if (trouble) return exitCode.trouble;
  const { drift, chance } = countFindings(report.findings);
  return drift > 0 || (chance > 0 && flags.ignoreChance !== true) ? exitCode.differences : exitCode.done;
}

function compare(expected: OpenedSide, live: OpenedSide, flags: DiffFlags, context: Context, known: KnownLive): DiffReport {
  const release = findRelease(flags.release ?? "") ?? expected.compilation?.release ?? live.compilation?.release ?? defaultRelease;
  keepHeapsSmall((expected.compilation ?? live.compilation)?.resolution.topology.servers.length ?? 0);
  const progress = progressOf(context, expected.hosts.length);
  const everything = audit(expected, live, release, {
    ...(flags.host.length === 0 ? {} : { hosts: flags.host }),
    onHost: (index, host) => progress.at(index, host),
  });
  const outcome = known.settle(everything);
  progress.end();
  const findings = outcome.hosts.flatMap((host) => host.findings);
  const worlds = flags.effects ? worldsOf(expected, live) : undefined;
  const effects = worlds === undefined || findings.length === 0 ? undefined : findEffects(findings, worlds);
  const reasons = new Reasons(expected.compilation);
  return {
    expected: { kind: expected.kind, path: expected.path },
    live: { kind: live.kind, path: known.name, folders: live.folders ?? new Map() },
    release: release.name,
    audit: outcome,
    findings: reportFindings(outcome, (finding) => reasons.of(finding), effects),
    effects,
    withoutEffects: flags.effects ? "the servers are not known without a topology" : "they were not asked for",
    document: expected.compilation?.loaded.document,
    diagnostics: [...expected.diagnostics.filter(({ severity }) => severity === "error"), ...live.diagnostics],
  };
}

/** Both worlds: servers and the outside of the topology, around the hosts of either side. A host without dumps runs as expected. */
function worldsOf(expected: OpenedSide, live: OpenedSide): EffectWorlds | undefined {
  const topology = (expected.compilation ?? live.compilation)?.resolution.topology;
  if (topology === undefined) return undefined;
  const side = (one: OpenedSide, other: OpenedSide, host: string): HostState | undefined => {
    const found = one.host(host);
    const others = other.host(host)?.state;
    return found === undefined || others === undefined ? found?.state : withUndumped(found, others);
  };
  const expectedState = (host: string): HostState | undefined => side(expected, live, host);
  const liveState = (host: string): HostState | undefined => {
    const state = side(live, expected, host);
    return state === undefined ? expectedState(host) : coldState(state);
  };
  return { topology, expected: planCloud(topology, expectedState).plan, live: planCloud(topology, liveState).plan };
}

function failed(diagnostics: readonly Diagnostic[], flags: DiffFlags, context: Context): ExitCode {
  const code = printTrouble(diagnostics, flags, context);
  if (flags.json !== true) context.stderr.write(`${tally(diagnostics)}; nothing was compared\n`);
  return code;
}
