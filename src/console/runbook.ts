import { diffArrays } from "diff";
import type { Answer } from "./answer.js";
import { linesOf } from "./pipe.js";

/** A command of a runbook, what the page says it prints, and where that stands. */
export interface RunbookCommand {
  readonly machine: string;
  readonly command: string;
  /** Lines that are expected; one that is `...` stands for any lines. */
  readonly expected: readonly string[];
  /** Line of the command, counted from 1. */
  readonly line: number;
  /** First line after the command, and how many lines are its expected output. */
  readonly outputLine: number;
}

/** A fence that is not closed, or that names no machine. */
export interface RunbookProblem {
  readonly line: number;
  readonly reason: string;
}

/** A runbook: Markdown whose fenced blocks `console <machine>` are commands and what they print. */
export interface Runbook {
  readonly lines: readonly string[];
  readonly commands: readonly RunbookCommand[];
  readonly problems: readonly RunbookProblem[];
}

/** One line of a mismatch: common to both, only expected, or only printed. */
export interface DiffLine {
  readonly kind: " " | "-" | "+";
  readonly text: string;
}

/** A command that printed something else than the page says. */
export interface Mismatch {
  readonly command: RunbookCommand;
  readonly answer: Answer;
  readonly diff: readonly DiffLine[];
}

/** What became of a runbook. */
export interface ReplayResult {
  /** Commands that ran. */
  readonly count: number;
  readonly mismatches: readonly Mismatch[];
  /** The runbook with what was printed in place of what was expected; `...` stays where it still fits. Commands that were refused stay as they are. */
  readonly updated: string;
}

/**
 * Reads a runbook. A block begins with a fence that says `console` and a machine's name; its commands begin with `$ `, and a command that ends in a
 * backslash goes on in the next line.
 */
export function parseRunbook(text: string): Runbook {
  const lines = linesOf(text);
  const commands: RunbookCommand[] = [];
  const problems: RunbookProblem[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", fence, info = ""] = /^( *)(```+|~~~+)\s*(.*?)\s*$/.exec(lines[at] ?? "") ?? [];
    if (fence === undefined) continue;
    let end = at + 1;
    while (end < lines.length && !(lines[end]?.trim() === fence && lines[end]?.startsWith(indent))) end++;
    if (end === lines.length) {
      problems.push({ line: at + 1, reason: "the block is not closed" });
      break;
    }
    const [, machine] = /^console(?:\s+(.+))?$/.exec(info) ?? [info === "console" ? "" : undefined, undefined];
    if (/^console\b/.test(info)) {
      if (machine === undefined) problems.push({ line: at + 1, reason: "the console names no machine" });
      else commands.push(...readBlock(lines, at + 1, end, indent, machine, problems));
    }
    at = end;
  }
  if (commands.length === 0 && problems.length === 0) problems.push({ line: 1, reason: "the runbook has none, so that it proves nothing" });
  return { lines, commands, problems };
}

function readBlock(
  lines: readonly string[],
  from: number,
  to: number,
  indent: string,
  machine: string,
  problems: RunbookProblem[],
): readonly RunbookCommand[] {
  const commands: RunbookCommand[] = [];
  const textOf = (at: number): string => (lines[at] ?? "").slice((lines[at] ?? "").startsWith(indent) ? indent.length : 0);
  for (let at = from; at < to;) {
    if (!textOf(at).startsWith("$ ")) {
      problems.push({ line: at + 1, reason: "a console begins with a command after a dollar sign" });
      return commands;
    }
    const line = at + 1;
    let command = textOf(at++).slice(2);
    while (command.endsWith("\\") && at < to) command = `${command.slice(0, -1)}${textOf(at++)}`;
    const outputLine = at;
    const expected: string[] = [];
    while (at < to && !textOf(at).startsWith("$ ")) expected.push(textOf(at++));
    commands.push({ machine, command, expected, line, outputLine: outputLine + 1 });
  }
  return commands;
}

/**
 * Runs a runbook's commands in order and compares what they print.
 *
 * A tab compares as the blanks up to the next column of eight, blanks at the end of a line do not count, and neither do empty lines at the end.
 */
export function replayRunbook(runbook: Runbook, exec: (machine: string, command: string) => Answer): ReplayResult {
  const mismatches: Mismatch[] = [];
  const lines: string[] = [...runbook.lines];
  let shift = 0;
  for (const command of runbook.commands) {
    const answer = exec(command.machine, command.command);
    const actual = answerLines(answer);
    if (matchesExpected(command.expected, actual)) continue;
    mismatches.push({ command, answer, diff: diffLines(command.expected, actual) });
    // What was refused is no output that a page should show.
    if (answer.kind === "refused") continue;
    const indent = /^ */.exec(runbook.lines[command.line - 1] ?? "")?.[0] ?? "";
    const kept = keepDots(command.expected, actual).map((line) => indent + line);
    lines.splice(command.outputLine - 1 + shift, command.expected.length, ...kept);
    shift += kept.length - command.expected.length;
  }
  return { count: runbook.commands.length, mismatches, updated: lines.map((line) => `${line}\n`).join("") };
}

/** What a console shows of an answer. */
export function answerLines(answer: Answer): readonly string[] {
  return answer.kind === "refused" ? [answer.message] : trimmed(linesOf(answer.text).map(expandTabs));
}

/** True where printed lines are as expected; a line `...` stands for any number of lines. */
export function matchesExpected(expected: readonly string[], actual: readonly string[]): boolean {
  const wanted = trimmed(expected.map(expandTabs));
  const got = trimmed(actual.map(expandTabs));
  // reachable[j]: the expected lines so far can match the first j printed ones.
  let reachable = new Set([0]);
  for (const line of wanted) {
    const next = new Set<number>();
    if (line === "...") {
      const first = Math.min(...reachable);
      for (let at = first; at <= got.length; at++) next.add(at);
    } else {
      for (const at of reachable) if (got[at] === line) next.add(at + 1);
    }
    if (next.size === 0) return false;
    reachable = next;
  }
  return reachable.has(got.length);
}

/** The printed lines, with `...` where the page has it and nothing else differs there. */
function keepDots(expected: readonly string[], actual: readonly string[]): readonly string[] {
  return changes(expected, actual).flatMap(({ lines, removed, added }) =>
    added === undefined ? lines : isDots(removed) ? ["..."] : added,
  );
}

function trimmed(lines: readonly string[]): readonly string[] {
  const cut = lines.map((line) => line.trimEnd());
  let end = cut.length;
  while (end > 0 && cut[end - 1] === "") end--;
  return cut.slice(0, end);
}

/** The line with each tab as the blanks that it stands for. */
export function expandTabs(line: string): string {
  let text = "";
  for (const character of line) text += character === "\t" ? " ".repeat(8 - (text.length % 8)) : character;
  return text;
}

/** A line by line difference: what is expected and what was printed. A line `...` that stands for printed lines differs from nothing. */
export function diffLines(expected: readonly string[], actual: readonly string[]): readonly DiffLine[] {
  const diff: DiffLine[] = [];
  for (const { removed, added, lines } of changes(expected, actual)) {
    if (added === undefined) diff.push(...lines.map((text) => ({ kind: " " as const, text })));
    else if (isDots(removed)) diff.push({ kind: " ", text: "..." });
    else diff.push(...removed.map((text) => ({ kind: "-" as const, text })), ...added.map((text) => ({ kind: "+" as const, text })));
  }
  return diff;
}

interface Change {
  readonly lines: readonly string[];
  readonly removed: readonly string[];
  /** Undefined where both have the lines. */
  readonly added: readonly string[] | undefined;
}

function changes(expected: readonly string[], actual: readonly string[]): readonly Change[] {
  const parts = diffArrays([...trimmed(expected.map(expandTabs))], [...trimmed(actual.map(expandTabs))]);
  const found: { lines: readonly string[]; removed: string[]; added: string[] | undefined }[] = [];
  for (const { value, removed, added } of parts) {
    const last = found.at(-1);
    if (!removed && !added) found.push({ lines: value, removed: [], added: undefined });
    else if (last?.added !== undefined) (removed ? last.removed : last.added).push(...value);
    else found.push({ lines: [], removed: removed ? [...value] : [], added: removed ? [] : [...value] });
  }
  return found;
}

function isDots(lines: readonly string[]): boolean {
  return lines.length > 0 && lines.every((line) => line === "...");
}
