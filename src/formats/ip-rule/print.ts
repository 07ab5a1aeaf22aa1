import type { IpRule } from "../../ir/namespace.js";
import { canonicalIproute, type IprouteDialect, printPrefix } from "../iproute.js";
import { type LineSink, printedText } from "../printed.js";
import { hex } from "../words.js";

/**
 * A rule as `ip rule` prints it: `32768:<TAB>from 192.0.2.5 lookup 16`.
 *
 * Source: iproute2 `print_rule`; 3.10 leaves a blank at the end.
 */
export function printIpRule(rule: IpRule, dialect: IprouteDialect = canonicalIproute): string {
  let text = `${rule.priority}:\tfrom ${rule.from === undefined ? "all" : printPrefix(rule.from)}`;
  if (rule.to !== undefined) text += ` to ${printPrefix(rule.to)}`;
  if (rule.fwmark !== undefined) {
    text += ` fwmark ${hex(rule.fwmark.value)}`;
    if (rule.fwmark.mask !== undefined) text += `/${hex(rule.fwmark.mask)}`;
  }
  if (rule.iif !== undefined) text += ` iif ${rule.iif}`;
  text += ` lookup ${rule.lookup}`;
  return dialect.version === "3.10" && dialect.trailingBlanks ? `${text} ` : text;
}

/** Writes rules in the order given. */
export function writeIpRules(rules: readonly IpRule[], sink: LineSink, dialect: IprouteDialect = canonicalIproute): void {
  for (const rule of rules) sink(printIpRule(rule, dialect), rule.origin);
}

/** Text of `ip-rule.txt`: as {@link writeIpRules}. */
export function printIpRules(rules: readonly IpRule[], dialect: IprouteDialect = canonicalIproute): string {
  return printedText((sink) => writeIpRules(rules, sink, dialect));
}
