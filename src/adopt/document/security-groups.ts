import type { AddressGroupDocument, SecurityGroupDocument, SecurityGroupRuleDocument } from "../../dsl/types.generated.js";
import { report } from "../../diagnostics/report.js";
import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import { cidrCanonical, cidrLength, parseCidr } from "../../net/cidr.js";
import { ipProtocolNumber } from "../../net/ip-protocol.js";
import type { ApiSecurityGroup, ApiSecurityGroupRule } from "../answers.js";
import { named, ownProject, section } from "./attributes.js";
import type { Cloud } from "./cloud.js";

/** The `security_groups` section: every group, used or not, with the rules that it has beside those it began with. */
export function securityGroupSection(cloud: Cloud): Readonly<Record<string, SecurityGroupDocument>> {
  const groups = section<SecurityGroupDocument>();
  const rules = new Map<string, ApiSecurityGroupRule[]>();
  const order = inTurn(
    by((rule: ApiSecurityGroupRule) => rule.createdAt, byText),
    by((rule) => rule.standardAttrId, byNumber),
    by((rule) => rule.id, byText),
  );
  for (const rule of sorted(cloud.answers.securityGroupRules, order)) {
    const own = rules.get(rule.securityGroupId);
    if (own === undefined) rules.set(rule.securityGroupId, [rule]);
    else own.push(rule);
  }
  for (const group of cloud.groups.values()) {
    const key = defined(cloud.handles.securityGroup.get(group.id), "key of a security group");
    const own = group.name === "default" ? {} : { ...named(key, group.name), ...ownProject(cloud, group.projectId) };
    groups.set(key, { ...own, ...groupDocument(cloud, group, rules.get(group.id) ?? []) });
  }
  return groups.sorted();
}

/** The `address_groups` section: every group, used or not. */
export function addressGroupSection(cloud: Cloud): Readonly<Record<string, AddressGroupDocument>> {
  const groups = section<AddressGroupDocument>();
  for (const { id, name, projectId, addresses } of cloud.answers.addressGroups) {
    const key = defined(cloud.handles.addressGroup.get(id), "key of an address group");
    groups.set(key, { ...named(key, name), ...ownProject(cloud, projectId), addresses: sorted(addresses, byText) });
  }
  return groups.sorted();
}

/** The rules of a new group, and of a new `default` group. */
function initialRules(group: ApiSecurityGroup): readonly ((rule: ApiSecurityGroupRule) => boolean)[] {
  const ethertypes = ["IPv4", "IPv6"];
  const egress = ethertypes.map((ethertype) => (rule: ApiSecurityGroupRule) => isPlain(rule, "egress", ethertype, undefined));
  if (group.name !== "default") return egress;
  return [...egress, ...ethertypes.map((ethertype) => (rule: ApiSecurityGroupRule) => isPlain(rule, "ingress", ethertype, group.id))];
}

function isPlain(rule: ApiSecurityGroupRule, direction: string, ethertype: string, remoteGroup: string | undefined): boolean {
  return (
    rule.direction === direction &&
    rule.ethertype === ethertype &&
    rule.remoteGroupId === remoteGroup &&
    [rule.protocol, rule.portRangeMin, rule.portRangeMax, rule.remoteIpPrefix, rule.remoteAddressGroupId].every(
      (field) => field === undefined,
    )
  );
}

/** How somebody of a project refers to a group: a project's own `default` by that word, another's with the project before it. */
export function groupReference(cloud: Cloud, id: string, projectId: string): string | undefined {
  const group = cloud.groups.get(id);
  if (group?.name !== "default") return cloud.handles.securityGroup.get(id);
  return group.projectId === projectId ? "default" : `${group.projectId}/default`;
}

function groupDocument(cloud: Cloud, group: ApiSecurityGroup, rules: readonly ApiSecurityGroupRule[]): SecurityGroupDocument {
  // Rules that were deleted and made again come after others; where filters have an order, that shows.
  const earliest = rules.slice(0, initialRules(group).length);
  const initial = initialRules(group).map((matches) => earliest.find(matches));
  const complete = initial.every((rule) => rule !== undefined);
  const known = new Map(complete ? initial.map((rule) => [ruleKey(rule), rule] as const) : []);
  const own = complete ? rules.filter((rule) => !initial.includes(rule)) : rules;
  const documents = own.flatMap((rule) => {
    const same = known.get(ruleKey(rule));
    if (same !== undefined) return leaveOutTwin(cloud, rule, same);
    known.set(ruleKey(rule), rule);
    return ruleDocument(cloud, group, rule);
  });
  return {
    ...(group.stateful ? {} : { stateful: false }),
    ...(complete ? {} : { default_rules: false }),
    ...(documents.length === 0 ? {} : { rules: documents }),
  };
}

/**
 * What agents make of a rule: a prefix without its host bits, one of every address is none, and neither are all ports.
 *
 * The server takes prefixes for different that agents do not, and took more before it wrote rules down in one way. Source: Neutron
 * `SecurityGroupDbMixin._rule_to_key`; `normalized_cidr`.
 */
function ruleKey(rule: ApiSecurityGroupRule): string {
  const { direction, ethertype, protocol, portRangeMin, portRangeMax, remoteIpPrefix, remoteGroupId, remoteAddressGroupId } = rule;
  const number = protocol === undefined ? undefined : (ipProtocolNumber(protocol) ?? protocol);
  const prefix = remoteIpPrefix === undefined ? undefined : parseCidr(remoteIpPrefix);
  const remote = prefix === undefined || cidrLength(prefix) === 0 ? undefined : cidrCanonical(prefix);
  const ports = portRangeMin === 1 && portRangeMax === 65535 ? [] : [portRangeMin, portRangeMax];
  return JSON.stringify([direction, ethertype, number, ports, remote, remoteGroupId, remoteAddressGroupId]);
}

/** Says that a rule is not needed. */
function leaveOutTwin(cloud: Cloud, rule: ApiSecurityGroupRule, same: ApiSecurityGroupRule): [] {
  const reason = `rule ${same.id} of its group is the same to the agents`;
  cloud.diagnostics.push(report("left-out", { what: "security group rule", id: rule.id, reason }, rule.record.span()));
  return [];
}

function ruleDocument(cloud: Cloud, group: ApiSecurityGroup, rule: ApiSecurityGroupRule): SecurityGroupRuleDocument[] {
  const remoteGroup = rule.remoteGroupId === undefined ? undefined : groupReference(cloud, rule.remoteGroupId, group.projectId);
  const addressGroup = cloud.handles.addressGroup.get(rule.remoteAddressGroupId);
  if (rule.remoteAddressGroupId !== undefined && addressGroup === undefined) {
    const reason = `address group ${rule.remoteAddressGroupId} is not among the answers`;
    cloud.diagnostics.push(report("left-out", { what: "security group rule", id: rule.id, reason }, rule.record.span()));
    return [];
  }
  return [
    {
      direction: rule.direction === "egress" ? "egress" : "ingress",
      ...(rule.ethertype === "IPv6" ? { ethertype: "IPv6" } : {}),
      ...(rule.protocol === undefined ? {} : { protocol: rule.protocol }),
      ...ports(rule),
      ...(rule.remoteIpPrefix === undefined ? {} : { remote_ip_prefix: rule.remoteIpPrefix }),
      ...(remoteGroup === undefined ? {} : { remote_group: remoteGroup }),
      ...(addressGroup === undefined ? {} : { remote_address_group: addressGroup }),
    },
  ];
}

function ports(rule: ApiSecurityGroupRule): Pick<SecurityGroupRuleDocument, "port" | "port_range_min" | "port_range_max"> {
  const { portRangeMin: min, portRangeMax: max } = rule;
  const isIcmp = rule.protocol === undefined || rule.protocol.includes("icmp") || rule.protocol === "1" || rule.protocol === "58";
  if (!isIcmp && min !== undefined && max !== undefined) return { port: min === max ? min : `${min}:${max}` };
  return { ...(min === undefined ? {} : { port_range_min: min }), ...(max === undefined ? {} : { port_range_max: max }) };
}
