import type { IpRule } from "../../ir/namespace.js";
import type { IpVersion } from "../../net/ip.js";
import type { Origin } from "../../source/origin.js";
import { parsePrefix, parseRouteTable } from "../iproute.js";
import { type Attempt, type Parsed, parseEachLine, type ParseOptions, refused, understood } from "../parsed.js";
import { parseCount, wordsOf } from "../words.js";

/** Reads the output of `ip rule` or `ip -6 rule`, of any iproute2. Errors: a problem for each line with a selector or action that dvrc does not model. */
export function parseIpRules(text: string, version: IpVersion, options: ParseOptions = {}): Parsed<IpRule[]> {
  return parseEachLine(text, options, (line, origin) => parseIpRule(line, version, origin));
}

function parseIpRule(line: string, version: IpVersion, origin: Origin): Attempt<IpRule> {
  const [label = "", ...words] = wordsOf(line);
  const priority = label.endsWith(":") ? parseCount(label.slice(0, -1), 0xffffffff) : undefined;
  if (priority === undefined) return refused("a rule starts with its priority");
  let rule: Omit<IpRule, "lookup"> = { priority, origin };
  let lookup: IpRule["lookup"] | undefined;
  for (let at = 0; at < words.length; at += 2) {
    const key = words[at] ?? "";
    const value = words[at + 1] ?? "";
    if (key === "lookup" || key === "table") lookup = parseRouteTable(value);
    else if (key === "[detached]") at--;
    else {
      const read = readSelector(rule, key, value, version);
      if (read === undefined) return refused(`unknown selector "${`${key} ${value}`.slice(0, 60)}"`);
      rule = read;
    }
  }
  return lookup === undefined ? refused("a rule has no table to look up") : understood({ ...rule, lookup });
}

function readSelector(rule: Omit<IpRule, "lookup">, key: string, value: string, version: IpVersion): Omit<IpRule, "lookup"> | undefined {
  switch (key) {
    case "from": {
      if (value === "all") return rule;
      const from = parsePrefix(value, version);
      return from === undefined ? undefined : { ...rule, from };
    }
    case "to": {
      const to = parsePrefix(value, version);
      return to === undefined ? undefined : { ...rule, to };
    }
    case "iif":
      return value === "" ? undefined : { ...rule, iif: value };
    case "fwmark": {
      const slash = value.indexOf("/");
      const mark = parseCount(slash < 0 ? value : value.slice(0, slash), 0xffffffff);
      const mask = slash < 0 ? 0xffffffff : parseCount(value.slice(slash + 1), 0xffffffff);
      if (mark === undefined || mask === undefined) return undefined;
      return { ...rule, fwmark: mask === 0xffffffff ? { value: mark } : { value: mark, mask } };
    }
    default:
      return undefined;
  }
}
