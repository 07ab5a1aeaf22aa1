import { probeText } from "../../audit/effect/probe.js";
import type { Side } from "../../audit/finding.js";
import { codeFrame } from "../../diagnostics/frame.js";
import { shownPath } from "../../diagnostics/format.js";
import { visible } from "../../diagnostics/visible.js";
import type { Pointer } from "../../source/pointer.js";
import { lineColumn } from "../../source/span.js";
import { type Colours, coloursOf } from "../colours.js";
import type { Context } from "../context.js";
import { counted } from "../diagnostics.js";
import { placeOf } from "../explain/print.js";
import { shellWord } from "../shell-word.js";
import { countFindings, countRenumberings, type DiffReport, type ReportedFinding } from "./report.js";

/** Lines of one rule, effects of one group and places of one cause that are shown; of more only the number is. */
const shownLines = 8;
const shownEffects = 6;
const shownCauses = 3;

/** A comparison for people. */
export function printReport(report: DiffReport, context: Context): string {
  return new Printer(report, context, coloursOf(context.stdout, context.env)).print();
}

class Printer {
  readonly #lines: string[] = [];

  constructor(
    readonly report: DiffReport,
    readonly context: Context,
    readonly colours: Colours,
  ) {}

  print(): string {
    for (const { host } of this.report.audit.hosts) this.#host(host);
    this.#omissions();
    this.#renumberings();
    this.#summary();
    return `${this.#lines.join("\n")}\n`;
  }

  #host(host: string): void {
    const findings = this.report.findings.filter(({ finding }) => finding.host === host);
    if (findings.length === 0) return;
    this.#lines.push(this.colours.bold(visible(host)));
    let artefact: string | undefined;
    for (const group of groups(findings)) {
      const [first] = group;
      if (first === undefined) continue;
      if (first.finding.artefact !== artefact) this.#lines.push(`  ${this.colours.bold(visible(first.finding.artefact))}`);
      ({ artefact } = first.finding);
      this.#group(first, group);
    }
    this.#lines.push("");
  }

  #group(first: ReportedFinding, group: readonly ReportedFinding[]): void {
    for (const { finding } of group.slice(0, shownLines)) {
      const about = finding.about === "" ? finding.kind : `${finding.kind}: ${finding.about}`;
      const chance = finding.nature === "chance" ? " (chance)" : "";
      this.#lines.push(`    ${this.colours.dim(`${about}${chance}`)}`);
      if (finding.expected !== undefined) this.#lines.push(`      ${this.colours.red(`- ${visible(finding.expected.text)}`)}`);
      if (finding.live !== undefined)
        this.#lines.push(`      ${this.colours.green(`+ ${visible(finding.live.text)}`)}${this.#lineOf(finding.live)}`);
    }
    if (group.length > shownLines) this.#lines.push(`    ${this.colours.dim(`and ${group.length - shownLines} more of the same rule`)}`);
    this.#cause(first, group);
    this.#effects(group);
    this.#hint(first, group);
  }

  /** The line of the dump, where the side is one. */
  #lineOf({ origin }: Side): string {
    const [pointer] = origin.because;
    const line = origin.lowering === "dump" ? /\/(\d+)$/.exec(pointer)?.[1] : undefined;
    return line === undefined ? "" : this.colours.dim(`  line ${line}`);
  }

  #cause({ reason }: ReportedFinding, group: readonly ReportedFinding[]): void {
    if (reason === undefined) return;
    const rule = this.colours.cyan(reason.rule);
    const intro = reason.nearest ? `nothing in the topology makes it; ${rule} makes its like` : `because ${rule}`;
    this.#lines.push(`      ${intro}: ${reason.sentence}`);
    const [main, ...others] = group.length === 1 ? [reason.because] : group.map((one) => one.reason?.because.slice(0, 1) ?? []);
    const causes = [...new Set([...main, ...others.flat()])];
    for (const pointer of causes.slice(0, shownCauses)) this.#excerpt(pointer);
    if (causes.length > shownCauses) this.#lines.push(`        ${this.colours.dim(`and ${causes.length - shownCauses} more places`)}`);
  }

  #excerpt(pointer: Pointer): void {
    const { document } = this.report;
    if (document === undefined) return;
    const at = placeOf(pointer, document);
    const { line, text } = codeFrame(at);
    const { column } = lineColumn(at.source, at.start);
    const place = `${visible(shownPath(at.source, this.context.cwd))}:${line}:${column}`;
    this.#lines.push(`        ${this.colours.dim(place)} ${text.trim()}`);
  }

  #effects(group: readonly ReportedFinding[]): void {
    const texts = new Set(
      group.flatMap(({ effects }) =>
        effects.map(({ probe, change, end }) => {
          const what = visible(probeText(probe));
          return change === "lost" ? `${this.colours.red("lost")} ${what}: ${visible(end)}` : `${this.colours.yellow("gained")} ${what}`;
        }),
      ),
    );
    if (texts.size === 0) {
      const { effects } = this.report;
      const isDrift = group.some(({ finding }) => finding.nature === "drift");
      if (effects !== undefined && isDrift)
        this.#lines.push(`      effect ${this.colours.dim("none: what was probed comes through as it should")}`);
      return;
    }
    this.#lines.push("      effect");
    for (const text of [...texts].slice(0, shownEffects)) this.#lines.push(`        ${text}`);
    if (texts.size > shownEffects) this.#lines.push(`        ${this.colours.dim(`and ${texts.size - shownEffects} more`)}`);
  }

  #hint({ finding, hint }: ReportedFinding, group: readonly ReportedFinding[]): void {
    if (finding.nature === "chance") return void this.#lines.push("      nothing is wrong: dvrc import --hosts takes the choice over");
    this.#lines.push(`      restart ${hint.agent} on ${visible(finding.host)}${hint.commands.length > 0 ? ", or meanwhile:" : ""}`);
    const commands = group.slice(0, shownLines).flatMap((one) => one.hint.commands);
    for (const command of commands) this.#lines.push(`        ${visible(command.map(shellWord).join(" "))}`);
  }

  #omissions(): void {
    const all = [...this.report.audit.omissions, ...this.report.audit.hosts.flatMap(({ omissions }) => omissions)];
    if (all.length === 0) return;
    const byReason = new Map<string, string[]>();
    for (const { host, artefact, reason } of all) {
      const what = artefact === "" ? host : `${host}/${artefact}`;
      byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
    }
    this.#lines.push(this.colours.bold("not compared"));
    for (const [reason, places] of byReason) {
      const more = places.length > shownCauses ? ` and ${places.length - shownCauses} more` : "";
      this.#lines.push(`  ${visible(places.slice(0, shownCauses).join(", "))}${more}: ${visible(reason)}`);
    }
    this.#lines.push("");
  }

  #renumberings(): void {
    const all = this.report.audit.hosts.flatMap(({ host, renumberings }) => renumberings.map((one) => ({ host, ...one })));
    if (all.length === 0) return;
    this.#lines.push(this.colours.bold("renumbered"));
    for (const { host, what, owner, expected, live } of all.slice(0, shownLines)) {
      this.#lines.push(`  ${visible(`${host}: ${what} of ${owner}: ${live} for ${expected}`)}`);
    }
    if (all.length > shownLines) this.#lines.push(`  ${this.colours.dim(`and ${all.length - shownLines} more; --json has all`)}`);
    this.#lines.push("");
  }

  #summary(): void {
    const { audit, findings, effects, withoutEffects, expected, live, release } = this.report;
    const { drift, chance } = countFindings(findings);
    const compared = audit.hosts.reduce((sum, host) => sum + host.compared, 0);
    const verdict = drift > 0 ? this.colours.red(counted(drift, "difference")) : this.colours.green("no difference");
    const parts = [verdict];
    if (chance > 0) parts.push(`${chance} by chance or history`);
    const renumbered = [...countRenumberings(audit.hosts)].map(([what, count]) => plural(count, what));
    if (renumbered.length > 0) parts.push(`renumbered: ${renumbered.join(", ")}`);
    this.#lines.push(
      `${visible(expected.path)} (${expected.kind}) and ${visible(live.path)} (${live.kind}), ${release}: ${counted(audit.hosts.length, "host")}, ${plural(compared, "entry")}`,
    );
    this.#lines.push(parts.join("; "));
    if (drift === 0) return;
    if (effects === undefined) this.#lines.push(this.colours.dim(`effects unknown: ${withoutEffects}`));
    else
      this.#lines.push(
        this.colours.dim(
          `effects by ${counted(effects.probes, "probe")} in both worlds${effects.incomplete ? "; not all differences were probed" : ""}`,
        ),
      );
  }
}

/** Neighbouring findings of one artefact and rule. */
function groups(findings: readonly ReportedFinding[]): ReportedFinding[][] {
  const found: ReportedFinding[][] = [];
  let last = "";
  for (const one of findings) {
    const { finding, reason } = one;
    const key = `${finding.artefact} ${finding.kind} ${finding.nature} ${reason?.rule ?? ""} ${finding.about}`;
    if (key === last) found.at(-1)?.push(one);
    else found.push([one]);
    last = key;
  }
  return found;
}

function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.replace(/ss$/, "sse").replace(/y$/, "ie")}s`;
}
