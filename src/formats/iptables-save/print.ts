import type { IptablesTable } from "../../ir/iptables.js";
import { type LineSink, printedText } from "../printed.js";
import { printRule } from "./print-rule.js";

/**
 * Writes tables as iptables-save(8) does, counters zero, without its comment lines: what iptables-restore(8) takes.
 *
 * Source: iptables 1.8.9, nf_tables back end.
 */
export function writeIptables(tables: readonly IptablesTable[], sink: LineSink): void {
  if (tables.length === 0) return;
  if (sink.textOnly === true) sink(linesOf(tables), undefined);
  else writeLines(tables, sink);
}

/** Texts of tables that were printed before: many hosts may have the same of a router. */
const known = new WeakMap<readonly IptablesTable[], string>();

function linesOf(tables: readonly IptablesTable[]): string {
  let text = known.get(tables);
  if (text === undefined) {
    const lines: string[] = [];
    writeLines(tables, (line) => lines.push(line));
    known.set(tables, (text = lines.join("\n")));
  }
  return text;
}

function writeLines(tables: readonly IptablesTable[], sink: LineSink): void {
  for (const table of tables) {
    sink(`*${table.name}`, table.chains[0]?.origin);
    for (const chain of table.chains) sink(`:${chain.name} ${chain.policy ?? "-"} [0:0]`, chain.origin);
    for (const chain of table.chains) for (const rule of chain.rules) sink(`-A ${chain.name}${printRule(rule)}`, rule.origin);
    sink("COMMIT", undefined);
  }
}

/** Text of `iptables-save.txt` and `ip6tables-save.txt`: as {@link writeIptables}. */
export function printIptables(tables: readonly IptablesTable[]): string {
  return printedText((sink) => writeIptables(tables, sink));
}
