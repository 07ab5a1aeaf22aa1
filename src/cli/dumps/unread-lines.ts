import type { DumpProblem } from "../../audit/load-dumps.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";

/** Lines of one file that are told one by one; of more only the number is. */
const toldLines = 5;

/** Warnings about lines of a host's dumps that were not understood. */
export function unreadLines(host: string, problems: readonly DumpProblem[]): Diagnostic[] {
  const counts = new Map<string, number>();
  const diagnostics: Diagnostic[] = [];
  for (const { path, line, reason } of problems) {
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    if (count <= toldLines) diagnostics.push(report("dump-unreadable", { line, file: `${host}/${path}`, reason }, undefined));
  }
  for (const [path, count] of counts) {
    if (count > toldLines)
      diagnostics.push(report("dump-more-unreadable", { count: count - toldLines, file: `${host}/${path}` }, undefined));
  }
  return diagnostics;
}
