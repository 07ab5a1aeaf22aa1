import type { IptablesMatch } from "../../ir/iptables.js";
import type { RemoteGroup } from "../../model/remote.js";
import { inOrderOf, ruleName } from "../../model/rule-name.js";
import type { ResolvedPort, ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "../../model/resolved.js";
import { cidrLength } from "../../net/cidr.js";
import type { IpVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { fromPrefix, toPrefix } from "../l3/iptables/rule.js";
import { setName } from "./ip-sets.js";
import { iptablesProtocol } from "./protocols.js";
import type { RootSlice } from "../slices.js";

/** A security group rule as matches of a port's chain. */
export interface GroupRule {
  readonly matches: readonly IptablesMatch[];
  readonly rule: ResolvedSecurityGroupRule;
}

/** Protocols whose ports a module of the same name matches. Source: neutron_lib `constants.IPTABLES_PROTOCOL_MAP`. */
const portModules = ["tcp", "udp", "sctp", "dccp"] as const;
type PortModule = (typeof portModules)[number];

/** Protocols whose ports releases before Rocky matched. */
const firstPortModules: ReadonlySet<string> = new Set<PortModule>(["tcp", "udp"]);

/**
 * Rules of a port's security groups in one direction and version, each once.
 *
 * Order: group by group as the view has it, in a group as the agent has heard of them.
 * Source: Neutron `IptablesFirewallDriver._select_sg_rules_for_port`, `_convert_sgr_to_iptables_rules`.
 */
export function groupRules(
  view: RootSlice,
  port: ResolvedPort,
  direction: "ingress" | "egress",
  version: IpVersion,
  release: Release,
): GroupRule[] {
  const seen = new Set<string>();
  return orderedGroups(view, port).flatMap((group) =>
    inOrderOf(group.rules, view.firewall.ruleOrder?.get(group.key), ruleName)
      .filter((rule) => rule.direction === direction && rule.ethertype === `IPv${version}`)
      .map((rule) => ({ rule, matches: ruleMatches(rule, release) }))
      .filter(({ matches }) => {
        const key = JSON.stringify(matches);
        return !seen.has(key) && seen.add(key);
      }),
  );
}

/** A port's security groups as they came to the agent. */
export function orderedGroups(view: RootSlice, port: ResolvedPort): ResolvedSecurityGroup[] {
  const order = view.firewall.groupOrder.get(port.key) ?? [];
  const byKey = new Map(port.securityGroups.map((group) => [group.key, group]));
  const named = order.flatMap((key) => byKey.get(key) ?? []);
  return [...named, ...port.securityGroups.filter((group) => !order.includes(group.key))];
}

/** The group whose set a rule matches. Source: Neutron `IptablesFirewallDriver._get_any_remote_group_id_in_rule`, and what was there before it. */
function matchedGroup({ remoteGroup, remoteAddressGroup }: ResolvedSecurityGroupRule, release: Release): RemoteGroup | undefined {
  return remoteGroup ?? (release.features.has("hybrid-matches-address-groups") ? remoteAddressGroup : undefined);
}

function ruleMatches(rule: ResolvedSecurityGroupRule, release: Release): IptablesMatch[] {
  const incoming = rule.direction === "ingress";
  const group = matchedGroup(rule, release);
  const prefix = group === undefined ? rule.remoteIpPrefix : undefined;
  const matches: IptablesMatch[] = [];
  if (prefix !== undefined && cidrLength(prefix) > 0) matches.push(incoming ? fromPrefix(prefix) : toPrefix(prefix));
  matches.push(...protocolMatches(rule, release));
  if (group !== undefined) matches.push({ kind: "match-set", set: setName(group, rule.ethertype), flags: incoming ? "src" : "dst" });
  return matches;
}

/** Source: Neutron `IptablesFirewallDriver._generate_protocol_and_port_args`. */
function protocolMatches(rule: ResolvedSecurityGroupRule, release: Release): IptablesMatch[] {
  const protocol = iptablesProtocol(rule.protocol, rule.ethertype, release);
  if (protocol === undefined) return [];
  const matches: IptablesMatch[] = [{ kind: "protocol", protocol }];
  const { portRangeMin: first, portRangeMax: last } = rule;
  if (first === undefined) return matches;
  if (protocol === "icmp" || protocol === "ipv6-icmp") {
    const hasType = release.features.has("hybrid-port-protocols") || rule.protocol !== "icmpv6";
    const type = last === undefined ? String(first) : `${first}/${last}`;
    return hasType ? [...matches, { kind: "icmp", module: protocol === "icmp" ? "icmp" : "icmp6", type }] : matches;
  }
  return [...matches, ...portMatches(protocol, first, last ?? first, release)];
}

function portMatches(protocol: string, first: number, last: number, release: Release): IptablesMatch[] {
  const all = release.features.has("hybrid-port-protocols");
  const module = portModules.find((name) => name === protocol && (all || firstPortModules.has(name)));
  if (module === undefined) {
    if (!all || protocol !== "udplite") return [];
    return [{ kind: "multiport", direction: "dports", ports: first === last ? String(first) : `${first}:${last}` }];
  }
  if (first === last) return [{ kind: "ports", module, dport: String(first) }];
  return [
    { kind: "ports", module },
    { kind: "multiport", direction: "dports", ports: `${first}:${last}` },
  ];
}
