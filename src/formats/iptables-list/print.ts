import type { IptablesChain, IptablesMatch, IptablesRule, IptablesTable } from "../../ir/iptables.js";
import { cidrAddress, type Cidr } from "../../net/cidr.js";
import { printPrefix } from "../iproute.js";
import { printRule } from "../iptables-save/print-rule.js";
import { type ListDialect, plainList } from "./dialect.js";
import { protocolNumber } from "./names.js";
import { listMatch, listTarget, targetName } from "./print-match.js";

/**
 * A table, or one chain of it, as `iptables -t <table> -L [chain]` shows it.
 *
 * Source: iptables 1.8.9, read from its output; 1.4 prints protocol names with `-n` too.
 */
export function listTable(table: IptablesTable, dialect: ListDialect = plainList, chainName?: string): string[] {
  const references = countReferences(table);
  const lines: string[] = [];
  for (const chain of table.chains) {
    if (chainName !== undefined && chain.name !== chainName) continue;
    if (lines.length > 0) lines.push("");
    lines.push(chainTitle(chain, references.get(chain.name) ?? 0, dialect), columnTitles(dialect));
    chain.rules.forEach((rule, index) => lines.push(listRule(rule, index + 1, dialect)));
  }
  return lines;
}

/** A table, or one chain of it, as `iptables -t <table> -S [chain]` shows it: the commands that would make it. */
export function listCommands(table: IptablesTable, chainName?: string): string[] {
  const chains = chainName === undefined ? table.chains : table.chains.filter((chain) => chain.name === chainName);
  return [
    ...chains.map((chain) => (chain.policy === undefined ? `-N ${chain.name}` : `-P ${chain.name} ${chain.policy}`)),
    ...chains.flatMap((chain) => chain.rules.map((rule) => `-A ${chain.name}${printRule(rule)}`)),
  ];
}

function countReferences(table: IptablesTable): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const chain of table.chains) {
    for (const { target } of chain.rules) {
      if (target?.kind === "jump" || target?.kind === "goto") counts.set(target.chain, (counts.get(target.chain) ?? 0) + 1);
    }
  }
  return counts;
}

function chainTitle(chain: IptablesChain, references: number, dialect: ListDialect): string {
  if (chain.policy === undefined) return `Chain ${chain.name} (${references} references)`;
  return `Chain ${chain.name} (policy ${chain.policy}${dialect.verbose ? " 0 packets, 0 bytes" : ""})`;
}

function columnTitles(dialect: ListDialect): string {
  const interfaces = dialect.verbose ? "in     out     " : "";
  return `${dialect.lineNumbers ? "num  " : ""}${dialect.verbose ? " pkts bytes " : ""}target     prot opt ${interfaces}source               destination         `;
}

function listRule(rule: IptablesRule, number: number, dialect: ListDialect): string {
  const columns = columnsOf(rule.matches);
  const protocol = dialect.numeric && dialect.version === "1.8" ? protocolNumber(columns.protocol) : columns.protocol;
  const fragments = dialect.version === "1.4" && dialect.ipVersion === 6 ? "  " : "--";
  let text = dialect.lineNumbers ? `${String(number).padEnd(4)} ` : "";
  if (dialect.verbose) text += "    0     0 ";
  text += `${targetName(rule.target).padEnd(9)} ${columns.notProtocol}${protocol.padEnd(4)} ${fragments} `;
  if (dialect.verbose) text += ` ${columns.in.padEnd(6)} ${columns.out.padEnd(6)} `;
  text += addressColumn(columns.source, dialect) + addressColumn(columns.destination, dialect);
  if (rule.target?.kind === "goto") text += "[goto] ";
  for (const match of rule.matches) text += listMatch(match, dialect);
  return text + listTarget(rule.target);
}

/** What of a rule has a column. */
interface Columns {
  protocol: string;
  notProtocol: string;
  in: string;
  out: string;
  source: { readonly prefix: Cidr; readonly not?: true } | undefined;
  destination: { readonly prefix: Cidr; readonly not?: true } | undefined;
}

function columnsOf(matches: readonly IptablesMatch[]): Columns {
  const columns: Columns = { protocol: "all", notProtocol: " ", in: "*", out: "*", source: undefined, destination: undefined };
  for (const match of matches) {
    if (match.kind === "source") columns.source = match;
    else if (match.kind === "destination") columns.destination = match;
    else if (match.kind === "in-interface") columns.in = `${match.not === true ? "!" : ""}${match.name}`;
    else if (match.kind === "out-interface") columns.out = `${match.not === true ? "!" : ""}${match.name}`;
    else if (match.kind === "protocol") {
      columns.protocol = match.protocol;
      columns.notProtocol = match.not === true ? "!" : " ";
    }
  }
  return columns;
}

function addressColumn(column: Columns["source"], dialect: ListDialect): string {
  const sign = column?.not === true ? "!" : " ";
  return `${sign}${addressText(column?.prefix, dialect).padEnd(19)} `;
}

function addressText(prefix: Cidr | undefined, dialect: ListDialect): string {
  if (prefix === undefined) return dialect.numeric ? (dialect.ipVersion === 4 ? "0.0.0.0/0" : "::/0") : "anywhere";
  const text = printPrefix(prefix);
  if (dialect.numeric) return text;
  if (cidrAddress(prefix) === "::") return "anywhere";
  return text === "127.0.0.1" ? "localhost" : text;
}
