import { printIpRule } from "../formats/ip-rule/print.js";
import { type Answer, printed, refusal, type Where } from "./answer.js";
import { abbreviates } from "./command-line.js";
import type { IpOptions } from "./ip.js";
import { namespaceOf, readSelector } from "./ip-selector.js";

/** `ip rule [show]`: ip-rule(8). */
export function showRules(words: readonly string[], options: IpOptions, where: Where): Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const [first, ...rest] = words;
  const verb = first !== undefined && ["show", "list", "lst"].some((word) => abbreviates(first, word));
  const selector = readSelector(verb ? rest : words, ["priority", "pref", "from", "table", "lookup", "iif"]);
  if ("kind" in selector) return selector;
  if (selector.alone.length > 0) return refusal(`ip rule has no command ${JSON.stringify(selector.alone[0])} here; it has show.`);
  const version = options.version ?? 4;
  const rules = where.station?.stack.fib.rules(version) ?? (version === 4 ? namespace.ipRules : namespace.ip6Rules);
  const { pairs } = selector;
  const priority = pairs.get("priority") ?? pairs.get("pref");
  const table = pairs.get("table") ?? pairs.get("lookup");
  const chosen = rules.filter(
    (rule) =>
      (priority === undefined || String(rule.priority) === priority) &&
      (table === undefined || String(rule.lookup) === table) &&
      (pairs.get("iif") === undefined || rule.iif === pairs.get("iif")) &&
      (pairs.get("from") === undefined || rule.from === pairs.get("from") || rule.from === `${pairs.get("from") ?? ""}/32`),
  );
  return printed(chosen.map((rule) => printIpRule(rule, { version: where.dialects.iproute, trailingBlanks: true })));
}
