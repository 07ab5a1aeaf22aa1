import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { SecurityGroupDeclaration, SecurityGroupRuleDeclaration } from "../../model/topology.js";
import { ipProtocolNumber } from "../../net/ip-protocol.js";
import type { CheckContext } from "../context.js";
import { clause } from "../describe.js";
import { describeRule, isDeclaredRule } from "../rules.js";

/** A group has each rule once. Source: Neutron `SecurityGroupDbMixin._rule_to_key`, `SecurityGroupRuleExists`. */
export function* checkDuplicateRules(context: CheckContext): Iterable<Diagnostic> {
  for (const group of context.topology.securityGroups.values()) {
    const first = new Map<string, SecurityGroupRuleDeclaration>();
    for (const rule of group.rules) {
      const key = keyOf(rule);
      const other = first.get(key);
      if (other === undefined) first.set(key, rule);
      else yield diagnosticOf(context, group, rule, other);
    }
  }
}

function diagnosticOf(
  { at }: CheckContext,
  group: SecurityGroupDeclaration,
  rule: SecurityGroupRuleDeclaration,
  other: SecurityGroupRuleDeclaration,
): Diagnostic {
  const declared = isDeclaredRule(group, other);
  const text = declared
    ? clause(describeRule(group, other))
    : `the ${other.direction} rule for ${other.ethertype} that the group starts with`;
  const related = declared ? [{ at: at(other.pointer), message: "The other rule is here." }] : [];
  return report("duplicate-rule", { owner: describeRule(group, rule), other: text }, at(rule.pointer), { related });
}

/** Rules with equal keys match the same packets: a prefix of length 0 is none, a keyword is its number. */
function keyOf(rule: SecurityGroupRuleDeclaration): string {
  const { direction, ethertype, protocol, portRangeMin, portRangeMax, remoteIpPrefix: prefix, remoteGroup, remoteAddressGroup } = rule;
  const number = protocol === undefined ? undefined : (ipProtocolNumber(protocol) ?? protocol);
  const remote = prefix?.endsWith("/0") === true ? undefined : prefix;
  return [direction, ethertype, number, portRangeMin, portRangeMax, remote, remoteGroup?.key, remoteAddressGroup?.key]
    .map((part) => part ?? "+")
    .join(" ");
}
