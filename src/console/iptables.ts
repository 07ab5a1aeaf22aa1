import { listCommands, listTable } from "../formats/iptables-list/print.js";
import { printIptables } from "../formats/iptables-save/print.js";
import type { IptablesChain, IptablesTable } from "../ir/iptables.js";
import type { Namespace } from "../ir/namespace.js";
import { type Answer, listed, printed, refusal, type Tool, type Where } from "./answer.js";
import { type Flags, readFlags } from "./command-line.js";
import { namespaceOf } from "./ip-selector.js";
import { linesOf } from "./pipe.js";

/** iptables(8): tables as they are listed. */
export const iptables: Tool = { name: "iptables", on: "everywhere", run: (words, where) => list(words, where, 4) };
/** ip6tables(8). */
export const ip6tables: Tool = { name: "ip6tables", on: "everywhere", run: (words, where) => list(words, where, 6) };
/** iptables-save(8). */
export const iptablesSave: Tool = { name: "iptables-save", on: "everywhere", run: (words, where) => save(words, where, 4) };
/** ip6tables-save(8). */
export const ip6tablesSave: Tool = { name: "ip6tables-save", on: "everywhere", run: (words, where) => save(words, where, 6) };

/** The chains that each table is born with, in hook order. */
const builtIn: Readonly<Record<IptablesTable["name"], readonly string[]>> = {
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

const tableFlags = ["-t", "--table"];

function list(words: readonly string[], where: Where, version: 4 | 6): Answer {
  const flags = readFlags(words, {
    withValue: tableFlags,
    alone: ["-L", "--list", "-S", "--list-rules", "-n", "--numeric", "-v", "--verbose", "--line-numbers", "-w", "-x"],
  });
  if ("reason" in flags) return refusal(`iptables: ${flags.reason}`);
  const commands = has(flags, "-S", "--list-rules");
  if (!commands && !has(flags, "-L", "--list"))
    return refusal("iptables can only list here: -L or -S, with -t, -n, -v and --line-numbers.");
  const table = tableOf(flags, where, version);
  if (!("chains" in table)) return table;
  const [chain] = flags.words;
  if (chain !== undefined && !table.chains.some((each) => each.name === chain)) {
    return refusal(
      `iptables: No chain ${JSON.stringify(chain)} in table ${table.name}; it has ${listed(table.chains.map((each) => each.name))}.`,
    );
  }
  if (commands) return printed(listCommands(table, chain));
  const dialect = {
    version: where.dialects.iptables,
    ipVersion: version,
    numeric: has(flags, "-n", "--numeric"),
    verbose: has(flags, "-v", "--verbose"),
    lineNumbers: has(flags, "--line-numbers"),
  };
  return printed(listTable(table, dialect, chain));
}

function save(words: readonly string[], where: Where, version: 4 | 6): Answer {
  const flags = readFlags(words, { withValue: tableFlags, alone: ["-c", "--counters"] });
  if ("reason" in flags) return refusal(`iptables-save: ${flags.reason}`);
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const lines = (tables: readonly IptablesTable[]): Answer => {
    const plain = linesOf(printIptables(tables));
    return printed(has(flags, "-c", "--counters") ? plain.map((line) => line.replace(/^-A /, "[0:0] -A ")) : plain);
  };
  if (!has(flags, ...tableFlags)) return lines(tablesOf(namespace, version));
  const table = tableOf(flags, where, version);
  return "chains" in table ? lines([table]) : table;
}

function tableOf(flags: Flags, where: Where, version: 4 | 6): IptablesTable | Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const name = flags.values.get("-t")?.[0] ?? flags.values.get("--table")?.[0] ?? "filter";
  if (!Object.hasOwn(builtIn, name))
    return refusal(`iptables has no table ${JSON.stringify(name)}; it has ${listed(Object.keys(builtIn))}.`);
  const known = name as IptablesTable["name"];
  return tablesOf(namespace, version).find((table) => table.name === known) ?? emptyTable(known, namespace);
}

function tablesOf(namespace: Namespace, version: 4 | 6): readonly IptablesTable[] {
  return version === 4 ? namespace.iptables : namespace.ip6tables;
}

function emptyTable(name: IptablesTable["name"], { origin }: Namespace): IptablesTable {
  return { name, chains: builtIn[name].map((chain): IptablesChain => ({ name: chain, policy: "ACCEPT", rules: [], origin })) };
}

function has(flags: Flags, ...names: readonly string[]): boolean {
  return names.some((name) => flags.values.has(name));
}
