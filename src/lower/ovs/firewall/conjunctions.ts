import type { FirewallView } from "../../../model/host-view.js";
import { remoteOf } from "../../../model/remote.js";
import type { ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "../../../model/resolved.js";
import type { Pointer } from "../../../source/pointer.js";
import { setNumber } from "../actions.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { conjunctionActions, conjunctionOf, offsetOfConjunction } from "./conjunction-ids.js";
import { ConjunctionMembers } from "./conjunction-members.js";
import { connection } from "./connection.js";
import type { FilteredPort } from "./filtered-port.js";
import { type ConjunctionRange, mergeEqualRanges, mergePortRanges } from "./port-ranges.js";
import { hasPorts, type PortRange, priorityOffset, protocolMatches, protocolNumber } from "./protocols.js";
import { etherTypeOf, lowestRulePriority, type RuleTable } from "./rules.js";

/** Rules of a port that differ in nothing but ports and remote group. */
interface RuleBundle {
  readonly direction: "ingress" | "egress";
  readonly ethertype: "IPv4" | "IPv6";
  readonly protocol: number | undefined;
  readonly ranges: ConjunctionRange[];
  /** The rules of each id. */
  readonly rules: Map<number, Pointer[]>;
}

/**
 * Rules with a remote group: conjunctions of what a port allows with the addresses that the group has.
 *
 * Source: Neutron `OVSFirewallDriver._add_non_ip_conj_flows`.
 */
export class Conjunctions {
  private readonly members = new ConjunctionMembers();

  constructor(
    private readonly tables: Readonly<Record<"ingress" | "egress", RuleTable>>,
    private readonly ids: FirewallView["conjunctionIds"],
  ) {}

  /** The halves that belong to a port. */
  *portFlows(filtered: FilteredPort, groups: readonly ResolvedSecurityGroup[]): Generator<FlowDraft> {
    for (const bundle of this.bundles(filtered.localVlan, groups)) {
      yield* this.ruleHalves(filtered, bundle);
      yield* this.acceptedWhole(filtered, bundle);
    }
  }

  /** The halves that belong to addresses. To be called after the last port. */
  memberFlows(): Iterable<FlowDraft> {
    return this.members.flows(this.tables);
  }

  private bundles(localVlan: number, groups: readonly ResolvedSecurityGroup[]): Iterable<RuleBundle> {
    const bundles = new Map<string, RuleBundle>();
    for (const group of groups) {
      for (const rule of group.rules) {
        const { direction, ethertype } = rule;
        const remote = remoteOf(rule);
        if (remote === undefined) continue;
        const protocol = protocolNumber(rule);
        const id = conjunctionOf(this.ids, group, rule, remote, priorityOffset(protocol, rule));
        this.members.demand(localVlan, rule, remote, id);
        const key = `${direction} ${ethertype} ${protocol}`;
        const bundle = bundles.get(key) ?? { direction, ethertype, protocol, ranges: [], rules: new Map<number, Pointer[]>() };
        bundles.set(key, bundle);
        bundle.ranges.push({ ...portsOf(rule), id });
        bundle.rules.set(id, [...(bundle.rules.get(id) ?? []), rule.pointer]);
      }
    }
    return bundles.values();
  }

  private *ruleHalves(filtered: FilteredPort, { direction, ethertype, protocol, ranges, rules }: RuleBundle): Generator<FlowDraft> {
    const { table } = this.tables[direction];
    for (const { ids, ...range } of hasPorts(protocol) ? mergePortRanges(ranges) : mergeEqualRanges(ranges)) {
      const priority = lowestRulePriority + priorityOffset(protocol, range);
      const causes = ids.flatMap((id) => rules.get(id) ?? []);
      const origin = cause("firewall/remote-group-rule", causes[0] ?? filtered.port.pointer, ...causes.slice(1), filtered.port.pointer);
      for (const part of protocolMatches(protocol, range)) {
        const match = { reg5: filtered.ofport, ethType: etherTypeOf(ethertype), ...part };
        yield { table, priority, match: { ...match, ctState: connection.original }, actions: conjunctionActions(ids, 2), origin };
        const begun = ids.map((id) => id + 1);
        yield { table, priority, match: { ...match, ctState: connection.fresh }, actions: conjunctionActions(begun, 2), origin };
      }
    }
  }

  private *acceptedWhole(filtered: FilteredPort, { direction, ethertype, rules }: RuleBundle): Generator<FlowDraft> {
    const { table, acceptEstablished, acceptNew } = this.tables[direction];
    for (const [id, [first = filtered.port.pointer, ...more]] of rules) {
      const priority = lowestRulePriority + offsetOfConjunction(id);
      const match = { reg5: filtered.ofport, ethType: etherTypeOf(ethertype) };
      const origin = cause("firewall/remote-group-accept", first, ...more, filtered.port.pointer);
      const established = [setNumber("reg7", id), ...acceptEstablished(filtered)];
      yield { table, priority, match: { ...match, conjId: id, ctState: connection.original }, actions: established, origin };
      const begun = [setNumber("reg7", id + 1), ...acceptNew(filtered)];
      yield { table, priority, match: { ...match, conjId: id + 1, ctState: connection.fresh }, actions: begun, origin };
    }
  }
}

function portsOf({ portRangeMin, portRangeMax }: ResolvedSecurityGroupRule): PortRange {
  return {
    ...(portRangeMin === undefined ? {} : { portRangeMin }),
    ...(portRangeMax === undefined ? {} : { portRangeMax }),
  };
}
