import { ipProtocol, type Match } from "../../../ir/match.js";
import type { ResolvedSecurityGroupRule } from "../../../model/resolved.js";
import type { Release } from "../../../releases/release.js";
import type { Pointer } from "../../../source/pointer.js";
import { output, popVlan, resubmit } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { commit, connection } from "./connection.js";
import type { FilteredPort } from "./filtered-port.js";
import type { GroupMembers } from "./members.js";
import { portMasks } from "./port-masks.js";
import { etherTypeOf, lowestRulePriority, remoteEnd, remotePrefix } from "./rules.js";

/** The protocols that the driver knew; it lets any other pass as if the rule had named none. Source: Neutron 9.0.0 `protocol_to_nw_proto`. */
const knownProtocols: ReadonlyMap<string, number> = new Map([
  ["icmp", ipProtocol.icmp],
  ["tcp", ipProtocol.tcp],
  ["udp", ipProtocol.udp],
]);

/**
 * Security group rules before conjunctions: a remote group is one pair of flows for every address of it but the port's own.
 *
 * ICMP types are not matched. All rules have one priority.
 * Source: Neutron 9.0.0 `openvswitch_firewall.rules`, `create_rules_generator_for_port`.
 */
export function* earlyRuleFlows(release: Release, filtered: FilteredPort, members: GroupMembers): Generator<FlowDraft> {
  const own = new Set<string>(filtered.port.fixedIps.map(({ ip }) => ip));
  for (const group of filtered.port.securityGroups) {
    for (const rule of group.rules) {
      if (rule.remoteGroup === undefined) {
        yield* acceptFlows(release, filtered, rule, remoteEnd(rule.direction, remotePrefix(rule)), []);
        continue;
      }
      for (const { address, pointer } of members.addresses(rule.remoteGroup, rule.ethertype)) {
        if (address !== undefined && own.has(address)) continue;
        yield* acceptFlows(release, filtered, rule, remoteEnd(rule.direction, address), [pointer]);
      }
    }
  }
}

function* acceptFlows(
  release: Release,
  { port, ofport, mac }: FilteredPort,
  rule: ResolvedSecurityGroupRule,
  remote: Match,
  members: readonly Pointer[],
): Generator<FlowDraft> {
  const { rulesEgress, rulesIngress, acceptOrIngress } = release.flowTables.brInt;
  const ingress = rule.direction === "ingress";
  const table = ingress ? rulesIngress : rulesEgress;
  const established = ingress ? [popVlan, output(ofport)] : [resubmit(acceptOrIngress)];
  const begun = ingress ? [commit, ...established] : established;
  const lowering = members.length === 0 ? "firewall/rule" : "firewall/remote-group-address";
  const origin = cause(lowering, rule.pointer, ...members, port.pointer);
  const end = { reg5: ofport, ethType: etherTypeOf(rule.ethertype), ...(ingress ? { ethDst: mac } : { ethSrc: mac }), ...remote };
  for (const part of protocolMatches(rule)) {
    const match = { ...end, ...part };
    yield { table, priority: lowestRulePriority, match: { ...match, ctState: connection.original }, actions: established, origin };
    yield { table, priority: lowestRulePriority, match: { ...match, ctState: connection.fresh }, actions: begun, origin };
  }
}

function protocolMatches({ protocol, ethertype, portRangeMin, portRangeMax }: ResolvedSecurityGroupRule): readonly Match[] {
  const known = protocol === undefined ? undefined : knownProtocols.get(protocol);
  if (known === undefined) return [{}];
  if (known === ipProtocol.icmp) return [{ ipProto: ethertype === "IPv6" ? ipProtocol.icmpv6 : known }];
  if (!portRangeMin || !portRangeMax) return [{ ipProto: known }];
  return portMasks(portRangeMin, portRangeMax).map((tpDst) => ({ ipProto: known, tpDst }));
}
