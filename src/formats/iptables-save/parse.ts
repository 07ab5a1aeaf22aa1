import type { IptablesChain, IptablesRule, IptablesTable } from "../../ir/iptables.js";
import type { Origin } from "../../source/origin.js";
import { dumpOrigin, eachLine, type Parsed, type ParseOptions, type Problem, problem } from "../parsed.js";
import { parseRule } from "./parse-rule.js";

type Chain = IptablesChain & { readonly rules: IptablesRule[] };

/** A table while it is read. */
interface Draft {
  readonly table: IptablesTable & { readonly chains: Chain[] };
  readonly chains: Map<string, Chain>;
}

const tableNames: ReadonlySet<string> = new Set<IptablesTable["name"]>(["mangle", "raw", "filter", "nat", "security"]);

/**
 * Reads the output of iptables-save(8) or ip6tables-save(8), of any version, counters and comment lines passed over.
 *
 * Errors: a problem for each unknown line, rule of an undeclared chain, unknown table, and for a table without its `COMMIT`, which a cut dump lacks.
 */
export function parseIptables(text: string, options: ParseOptions = {}): Parsed<IptablesTable[]> {
  const value: IptablesTable[] = [];
  const problems: Problem[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  let draft: Draft | undefined;
  let lastLine = 0;
  eachLine(text, problems, (line, number) => {
    lastLine = number;
    if (line === "" || line.startsWith("#")) return;
    if (line.startsWith("*")) {
      if (draft !== undefined) problems.push(problem(number, line, `table "${draft.table.name}" has no COMMIT`));
      draft = startTable(line.slice(1));
      if (draft === undefined) problems.push(problem(number, line, "unknown table"));
      else value.push(draft.table);
    } else if (line === "COMMIT") draft = undefined;
    else {
      const reason = draft === undefined ? "a line belongs to no table" : readLine(draft, line, originOf(number));
      if (reason !== undefined) problems.push(problem(number, line, reason));
    }
  });
  if (draft !== undefined) problems.push(problem(lastLine, "", `table "${draft.table.name}" has no COMMIT`));
  return { value, problems };
}

function startTable(name: string): Draft | undefined {
  return isTableName(name) ? { table: { name, chains: [] }, chains: new Map() } : undefined;
}

function isTableName(name: string): name is IptablesTable["name"] {
  return tableNames.has(name);
}

/** Answers why a line inside a table is not understood. */
function readLine(draft: Draft, line: string, origin: Origin): string | undefined {
  if (line.startsWith(":")) return readChain(draft, line, origin);
  const [, name = "", rest] = /^(?:\[\d+:\d+\] )?-A (\S+)(.*)$/s.exec(line) ?? [];
  if (rest === undefined) return "unknown line";
  const chain = draft.chains.get(name);
  if (chain === undefined) return "a rule of a chain that is not declared";
  const rule = parseRule(rest, origin);
  if (!rule.ok) return rule.reason;
  chain.rules.push(rule.value);
  return undefined;
}

function readChain(draft: Draft, line: string, origin: Origin): string | undefined {
  const [, name = "", policy] = /^:(\S+) (ACCEPT|DROP|-)(?: \[\d+:\d+\])?$/.exec(line) ?? [];
  if (policy === undefined) return "wrong chain";
  if (draft.chains.has(name)) return "a chain is declared twice";
  const chain: Chain = policy === "ACCEPT" || policy === "DROP" ? { name, policy, rules: [], origin } : { name, rules: [], origin };
  draft.chains.set(name, chain);
  draft.table.chains.push(chain);
  return undefined;
}
