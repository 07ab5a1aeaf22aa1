import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { SecurityGroupDeclaration, SecurityGroupRuleDeclaration } from "../../model/topology.js";
import { cidrVersion } from "../../net/cidr.js";
import { ipProtocolNumber } from "../../net/ip-protocol.js";
import type { CheckContext } from "../context.js";
import { icmpProtocols, ipv6Protocols, portProtocols } from "../protocols.js";
import { describeRule, isDeclaredRule } from "../rules.js";

/** Rules say something that can be matched. Source: Neutron `_validate_base_security_group_rule_attributes`. */
export function* checkSecurityGroupRules(context: CheckContext): Iterable<Diagnostic> {
  for (const group of context.topology.securityGroups.values()) {
    for (const rule of group.rules) {
      if (isDeclaredRule(group, rule)) yield* checkRule(context, group, rule);
    }
  }
}

function* checkRule(context: CheckContext, group: SecurityGroupDeclaration, rule: SecurityGroupRuleDeclaration): Iterable<Diagnostic> {
  const { protocol, remoteIpPrefix: prefix, ethertype, pointer } = rule;
  const owner = describeRule(group, rule);
  const number = protocol === undefined ? undefined : ipProtocolNumber(protocol);
  if (prefix !== undefined && ethertype !== `IPv${cidrVersion(prefix)}`) {
    const holes = { owner, ethertype, attribute: "prefix", value: prefix, wanted: `IPv${cidrVersion(prefix)}` };
    yield report("wrong-ethertype", holes, context.at(`${pointer}/remote_ip_prefix`));
  }
  if (protocol !== undefined && number === undefined) {
    yield report("unknown-protocol", { owner, protocol }, context.at(`${pointer}/protocol`));
    return;
  }
  if (protocol !== undefined && number !== undefined && ethertype === "IPv4" && ipv6Protocols.has(number)) {
    const holes = { owner, ethertype, attribute: "protocol", value: protocol, wanted: "IPv6" };
    yield report("wrong-ethertype", holes, context.at(`${pointer}/protocol`));
  }
  if (rule.portRangeMin !== undefined || rule.portRangeMax !== undefined) yield* checkPorts(context, rule, owner, number);
}

function* checkPorts(
  { atMember }: CheckContext,
  rule: SecurityGroupRuleDeclaration,
  owner: string,
  number: number | undefined,
): Iterable<Diagnostic> {
  const { portRangeMin: first, portRangeMax: last, pointer, protocol } = rule;
  const place = atMember(pointer, "port", "port_range_min", "port_range_max");
  if (protocol === undefined || number === undefined) yield report("ports-without-protocol", { owner }, place);
  else if (icmpProtocols.has(number)) yield* checkIcmp(rule, owner, place);
  else if (!portProtocols.has(number)) yield report("protocol-without-ports", { owner, protocol }, place);
  else {
    const reason = rangeFlaw(first, last);
    if (reason !== undefined) yield report("bad-rule-ports", { owner, first: first ?? "none", last: last ?? "none", reason }, place);
  }
}

function rangeFlaw(first: number | undefined, last: number | undefined): string | undefined {
  if (first === undefined || last === undefined) return "both ends are needed";
  if (first === 0 || last === 0) return "port 0 does not exist";
  if (first > 65535 || last > 65535) return "ports end at 65535";
  return first > last ? "the first is above the last" : undefined;
}

function* checkIcmp(rule: SecurityGroupRuleDeclaration, owner: string, place: ReturnType<CheckContext["at"]>): Iterable<Diagnostic> {
  const { portRangeMin: type, portRangeMax: code } = rule;
  if (type !== undefined && type > 255) yield report("bad-icmp", { owner, field: "type", value: type, reason: "types end at 255" }, place);
  if (code === undefined) return;
  const reason = type === undefined ? "a code needs a type" : code > 255 ? "codes end at 255" : undefined;
  if (reason !== undefined) yield report("bad-icmp", { owner, field: "code", value: code, reason }, place);
}
