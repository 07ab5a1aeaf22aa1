import type { Action } from "../../../ir/action.js";
import { etherType, type Match, type MatchAddress } from "../../../ir/match.js";
import { remoteOf } from "../../../model/remote.js";
import type { ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "../../../model/resolved.js";
import type { IntegrationPipeline, Release } from "../../../releases/release.js";
import { output, resubmit } from "../actions.js";
import { ipDestination, ipSource, matchAddress } from "../addresses.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { commit, connection } from "./connection.js";
import type { FilteredPort } from "./filtered-port.js";
import { priorityOffset, protocolMatches, protocolNumber } from "./protocols.js";

/** Where the rules of a direction stand and what they do with what they allow. */
export interface RuleTable {
  readonly table: number;
  readonly direction: "ingress" | "egress";
  /** Of connections that exist. */
  readonly acceptEstablished: (filtered: FilteredPort) => readonly Action[];
  /** Of connections that begin. */
  readonly acceptNew: (filtered: FilteredPort) => readonly Action[];
}

/** Priority of rules with a remote group and no protocol; others stand above it. Source: Neutron `openvswitch_firewall.rules`. */
export const lowestRulePriority = 70;

/** What rules without a remote group stand above those with one. Source: Neutron `flow_priority_offset`. */
const withoutRemoteGroup = 4;

/** The tables of security group rules. Source: Neutron `rules.populate_flow_common`, `create_accept_flows`. */
export function ruleTables(release: Release, pipeline: IntegrationPipeline): Readonly<Record<"ingress" | "egress", RuleTable>> {
  const { rulesEgress, rulesIngress, acceptOrIngress } = release.flowTables.brInt;
  const leave = [resubmit(acceptOrIngress)];
  return {
    egress: { table: rulesEgress, direction: "egress", acceptEstablished: () => leave, acceptNew: () => leave },
    ingress: {
      table: rulesIngress,
      direction: "ingress",
      acceptEstablished: ({ ofport }) => [output(ofport)],
      acceptNew: ({ ofport }) => [commit, output(ofport), resubmit(pipeline.acceptedIngress)],
    },
  };
}

/** The EtherType of a rule's IP version. */
export function etherTypeOf(ethertype: "IPv4" | "IPv6"): number {
  return ethertype === "IPv4" ? etherType.ipv4 : etherType.ipv6;
}

/** The other end of a rule's connections: source of what comes in, destination of what goes out. */
export function remoteEnd(direction: "ingress" | "egress", address: MatchAddress | undefined): Match {
  if (address === undefined) return {};
  return direction === "ingress" ? ipSource(address) : ipDestination(address);
}

/** Both flows of an allowed match: for connections that exist and for those that begin. */
export function* acceptFlows(
  { table, acceptEstablished, acceptNew }: RuleTable,
  filtered: FilteredPort,
  priority: number,
  match: Match,
  origin: FlowDraft["origin"],
): Generator<FlowDraft> {
  yield { table, priority, match: { ...match, ctState: connection.original }, actions: acceptEstablished(filtered), origin };
  yield { table, priority, match: { ...match, ctState: connection.fresh }, actions: acceptNew(filtered), origin };
}

/**
 * The flows of a group's rules without a remote group.
 *
 * Source: Neutron `openvswitch_firewall.rules.create_flows_from_rule_and_port`, `create_accept_flows`.
 */
export function* ruleFlows(
  tables: Readonly<Record<"ingress" | "egress", RuleTable>>,
  group: ResolvedSecurityGroup,
  filtered: FilteredPort,
): Generator<FlowDraft> {
  for (const rule of group.rules) {
    if (remoteOf(rule) !== undefined) continue;
    const protocol = protocolNumber(rule);
    const priority = lowestRulePriority + withoutRemoteGroup + priorityOffset(protocol, rule);
    const origin = cause("firewall/rule", rule.pointer, filtered.port.pointer);
    const end = { reg5: filtered.ofport, ethType: etherTypeOf(rule.ethertype), ...remoteEnd(rule.direction, remotePrefix(rule)) };
    for (const match of protocolMatches(protocol, rule)) {
      yield* acceptFlows(tables[rule.direction], filtered, priority, { ...end, ...match }, origin);
    }
  }
}

/** The prefix of a rule as a match; undefined is any address. */
export function remotePrefix({ remoteIpPrefix }: ResolvedSecurityGroupRule): MatchAddress | undefined {
  return remoteIpPrefix === undefined ? undefined : matchAddress(remoteIpPrefix);
}
