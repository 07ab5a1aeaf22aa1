import type { DumpProblem } from "../../audit/load-dumps.js";
import { defined } from "../../base/invariant.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { lineStarts, type SourceSpan, type SourceText } from "../../source/span.js";
import type { ReadHost } from "./read-dumps.js";

/** Lines of one file that are told one by one; of more only the number is. */
const toldLines = 5;

/** Warnings about lines of a host's dumps that were not understood. */
export function unreadLines({ problems, misunderstood }: ReadHost): Diagnostic[] {
  const byFile = new Map<string, DumpProblem[]>();
  for (const problem of problems) {
    const known = byFile.get(problem.path);
    if (known === undefined) byFile.set(problem.path, [problem]);
    else known.push(problem);
  }
  return [...byFile].flatMap(([path, all]) => {
    const source = defined(misunderstood.get(path), "text of a dump");
    const told = all.slice(0, toldLines).map(({ line, reason }) => report("dump-unreadable", { reason }, lineSpan(source, line)));
    const [next] = all.slice(toldLines);
    if (next === undefined) return told;
    return [...told, report("dump-more-unreadable", { count: all.length - toldLines }, lineSpan(source, next.line))];
  });
}

/** A whole line, counted from 1. */
function lineSpan(source: SourceText, line: number): SourceSpan {
  const starts = lineStarts(source);
  return { source, start: starts[line - 1] ?? source.text.length, end: (starts[line] ?? source.text.length + 1) - 1 };
}
