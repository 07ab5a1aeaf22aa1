import type { SecurityGroupDeclaration, SecurityGroupRuleDeclaration } from "../model/topology.js";
import { pointerKeys } from "../source/pointer.js";

/** True for rules that the topology declares; false for those that the group has by itself. */
export function isDeclaredRule(group: SecurityGroupDeclaration, rule: SecurityGroupRuleDeclaration): boolean {
  return rule.pointer.startsWith(`${group.pointer}/rules/`);
}

/** A rule in words, for the beginning of a sentence: rules are counted from 0, as in JSON pointers. */
export function describeRule(group: SecurityGroupDeclaration, rule: SecurityGroupRuleDeclaration): string {
  return `Rule ${pointerKeys(rule.pointer).at(-1) ?? ""} of security group "${group.key}"`;
}
