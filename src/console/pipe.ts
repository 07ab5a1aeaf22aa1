import type { Answer } from "./answer.js";
import { printed, refusal } from "./answer.js";
import { readFlags } from "./command-line.js";

type Filter = (lines: readonly string[], words: readonly string[]) => Answer;

const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ["grep", grep],
  ["egrep", (lines, words) => grep(lines, ["-E", ...words])],
  ["head", (lines, words) => cut(lines, words, (list, count) => list.slice(0, count))],
  ["tail", (lines, words) => cut(lines, words, (list, count) => (count === 0 ? [] : list.slice(-count)))],
  ["sort", sort],
  ["wc", wc],
  ["cat", (lines) => printed(lines)],
  ["uniq", (lines) => printed(lines.filter((line, index) => line !== lines[index - 1]))],
]);

/** Names of the commands that output may be piped into. */
export const filterNames: readonly string[] = [...filters.keys()];

/** Sends text through a command after a pipe. Errors: a refusal where the command or its option is not known. */
export function pipeThrough(text: string, words: readonly string[]): Answer {
  const [name = "", ...rest] = words;
  const filter = filters.get(name);
  if (filter === undefined) return refusal(`Nothing can be piped into "${name}"; what can: ${filterNames.join(", ")}.`);
  return filter(linesOf(text), rest);
}

/** The lines of a text, without the empty one after its last line end. */
export function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function grep(lines: readonly string[], words: readonly string[]): Answer {
  const flags = readFlags(words, {
    alone: ["-E", "-F", "-i", "-v", "-o", "-c", "-n", "-w", "-q"],
    withValue: ["-e", "-A", "-B", "-C", "-m"],
  });
  if ("reason" in flags) return refusal(`grep: ${flags.reason}`);
  const patterns = flags.values.get("-e") ?? flags.words.slice(0, 1);
  const has = (flag: string): boolean => flags.values.has(flag);
  const number = (flag: string): number => Number(flags.values.get(flag)?.[0] ?? flags.values.get("-C")?.[0] ?? 0);
  if (patterns.length === 0) return refusal("grep needs a pattern.");
  const expression = regular(patterns, has("-F") ? "fixed" : has("-E") ? "extended" : "basic", has("-w"), has("-i"));
  if (expression === undefined) return refusal("grep: The pattern is not a regular expression that dvrc understands.");
  const hits = lines.flatMap((line, index) => (line.search(expression) >= 0 !== has("-v") ? [index] : []));
  const found = has("-m") ? hits.slice(0, number("-m")) : hits;
  const status = found.length > 0 ? 0 : 1;
  if (has("-q")) return printed([], status);
  if (has("-c")) return printed([String(found.length)], status);
  const prefix = (index: number): string => (has("-n") ? `${index + 1}:` : "");
  if (has("-o")) {
    const all = new RegExp(expression.source, `${expression.flags}g`);
    return printed(
      found.flatMap((index) => [...(lines[index] ?? "").matchAll(all)].map(([match]) => prefix(index) + match)),
      status,
    );
  }
  const shown = new Set(found.flatMap((index) => range(index - number("-B"), index + number("-A"))));
  return printed(
    [...shown]
      .filter((index) => index in lines)
      .sort((a, b) => a - b)
      .map((index) => prefix(index) + (lines[index] ?? "")),
    status,
  );
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A POSIX pattern as JavaScript has it. In basic ones `\|`, `\+`, `\(` are the operators and their bare forms are characters. */
function regular(
  patterns: readonly string[],
  kind: "fixed" | "basic" | "extended",
  whole: boolean,
  ignoreCase: boolean,
): RegExp | undefined {
  const sources = patterns
    .flatMap((pattern) => pattern.split("\n"))
    .map((pattern) => {
      const source = kind === "fixed" ? escaped(pattern) : classes(kind === "basic" ? basic(pattern) : pattern);
      return whole ? `(?<!\\w)(?:${source})(?!\\w)` : `(?:${source})`;
    });
  try {
    return new RegExp(sources.join("|"), ignoreCase ? "i" : "");
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function basic(pattern: string): string {
  return pattern.replace(
    /\\([|+?(){}])|([|+?(){}])/g,
    (_, operator: string | undefined, plain: string | undefined) => operator ?? `\\${plain ?? ""}`,
  );
}

function classes(pattern: string): string {
  return pattern
    .replaceAll("[:digit:]", "0-9")
    .replaceAll("[:space:]", "\\s")
    .replaceAll("[:alpha:]", "A-Za-z")
    .replaceAll("[:alnum:]", "A-Za-z0-9")
    .replaceAll("[:xdigit:]", "0-9A-Fa-f");
}

function cut(
  lines: readonly string[],
  words: readonly string[],
  take: (lines: readonly string[], count: number) => readonly string[],
): Answer {
  const [short] = words.flatMap((word) => /^-(\d+)$/.exec(word)?.[1] ?? []);
  const flags = readFlags(
    words.filter((word) => !/^-\d+$/.test(word)),
    { alone: [], withValue: ["-n", "--lines"] },
  );
  if ("reason" in flags) return refusal(flags.reason);
  const count = short ?? flags.values.get("-n")?.[0] ?? flags.values.get("--lines")?.[0] ?? "10";
  return /^\+?\d+$/.test(count) ? printed(takeFrom(lines, count, take)) : refusal(`"${count}" is not a number of lines.`);
}

function takeFrom(
  lines: readonly string[],
  count: string,
  take: (lines: readonly string[], count: number) => readonly string[],
): readonly string[] {
  return count.startsWith("+") ? lines.slice(Number(count.slice(1)) - 1) : take(lines, Number(count));
}

function sort(lines: readonly string[], words: readonly string[]): Answer {
  const flags = readFlags(words, { alone: ["-n", "-r", "-u"], withValue: ["-k", "-t"] });
  if ("reason" in flags) return refusal(`sort: ${flags.reason}`);
  const field = Number(/^\d+/.exec(flags.values.get("-k")?.[0] ?? "")?.[0] ?? 0);
  const keyOf = (line: string): string =>
    field === 0
      ? line
      : line
          .trim()
          .split(flags.values.get("-t")?.[0] ?? /\s+/)
          .slice(field - 1)
          .join(" ");
  const numeric = flags.values.has("-n");
  const ordered = [...lines].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    const byNumber = numeric ? Number.parseFloat(left) - Number.parseFloat(right) || 0 : 0;
    return byNumber || (left < right ? -1 : left > right ? 1 : 0);
  });
  if (flags.values.has("-r")) ordered.reverse();
  return printed(flags.values.has("-u") ? [...new Set(ordered)] : ordered);
}

function wc(lines: readonly string[], words: readonly string[]): Answer {
  const flags = readFlags(words, { alone: ["-l", "-w", "-c"], withValue: [] });
  if ("reason" in flags) return refusal(`wc: ${flags.reason}`);
  const counts: readonly (readonly [string, number])[] = [
    ["-l", lines.length],
    ["-w", lines.reduce((sum, line) => sum + line.split(/\s+/).filter((word) => word !== "").length, 0)],
    ["-c", lines.reduce((sum, line) => sum + line.length + 1, 0)],
  ];
  const chosen = counts.filter(([flag]) => flags.values.size === 0 || flags.values.has(flag)).map(([, count]) => count);
  return printed([chosen.length === 1 ? String(chosen[0]) : chosen.map((count) => String(count).padStart(7)).join(" ")]);
}
