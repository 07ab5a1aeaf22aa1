import { byNumber, sorted } from "../../../base/order.js";
import { present } from "../../../base/present.js";
import type { MatchAddress } from "../../../ir/match.js";
import type { RemoteGroup } from "../../../model/remote.js";
import type { ResolvedSecurityGroupRule } from "../../../model/resolved.js";
import type { Pointer } from "../../../source/pointer.js";
import { cause } from "../cause.js";
import type { FlowDraft } from "../flow-set.js";
import { conjunctionActions, offsetOfConjunction } from "./conjunction-ids.js";
import { connection } from "./connection.js";
import { GroupMembers, type MemberAddress } from "./members.js";
import { etherTypeOf, lowestRulePriority, remoteEnd, type RuleTable } from "./rules.js";

/** What the ports of a network ask of the remote groups in one direction and IP version. */
interface NetworkDemand {
  readonly localVlan: number;
  readonly direction: "ingress" | "egress";
  readonly ethertype: "IPv4" | "IPv6";
  readonly remotes: Map<RemoteGroup, RemoteDemand>;
}

/** The conjunctions that one remote group takes part in, and the rules that name it. */
interface RemoteDemand {
  readonly ids: Set<number>;
  readonly rules: Set<Pointer>;
}

/**
 * The halves of conjunctions that are the addresses of remote groups: all ports of a network on the host share them.
 *
 * Source: Neutron `ConjIPFlowManager`.
 */
export class ConjunctionMembers {
  private readonly demands = new Map<string, NetworkDemand>();
  private readonly members = new GroupMembers();

  /** Notes that a rule of a port of the network needs a conjunction. */
  demand(localVlan: number, { direction, ethertype, pointer }: ResolvedSecurityGroupRule, group: RemoteGroup, id: number): void {
    const key = `${localVlan} ${direction} ${ethertype}`;
    const demand = this.demands.get(key) ?? { localVlan, direction, ethertype, remotes: new Map<RemoteGroup, RemoteDemand>() };
    this.demands.set(key, demand);
    const remote = demand.remotes.get(group) ?? { ids: new Set<number>(), rules: new Set<Pointer>() };
    demand.remotes.set(group, remote);
    remote.ids.add(id);
    remote.rules.add(pointer);
  }

  /** The flows of all that was demanded. */
  *flows(tables: Readonly<Record<"ingress" | "egress", RuleTable>>): Generator<FlowDraft> {
    for (const demand of this.demands.values()) {
      for (const address of this.demandedAddresses(demand)) yield* addressFlows(tables[demand.direction].table, demand, address);
    }
  }

  /** Each match once, with the conjunctions of every group that has its address: a MAC tells those that stand for every address apart, no more. */
  private demandedAddresses({ ethertype, remotes }: NetworkDemand): Iterable<DemandedAddress> {
    const demands = new Map<MatchAddress | undefined, Pick<DemandedAddress, "ids" | "causes">>();
    const demanded = new Map<string, DemandedAddress>();
    for (const [group, { ids, rules }] of remotes) {
      for (const member of this.members.addresses(group, ethertype)) {
        const demand = demands.get(member.address) ?? { ids: new Set<number>(), causes: new Set<Pointer>() };
        demands.set(member.address, demand);
        for (const id of ids) demand.ids.add(id);
        demand.causes.add(member.pointer);
        for (const rule of rules) demand.causes.add(rule);
        const key = member.address ?? member.mac ?? "";
        if (!demanded.has(key)) demanded.set(key, { member, ...demand });
      }
    }
    return demanded.values();
  }
}

interface DemandedAddress {
  readonly member: MemberAddress;
  readonly ids: Set<number>;
  readonly causes: Set<Pointer>;
}

/** One pair of flows for each priority among the ids. */
function* addressFlows(
  table: number,
  { localVlan, direction, ethertype }: NetworkDemand,
  { member, ids, causes }: DemandedAddress,
): Generator<FlowDraft> {
  const end = member.address === undefined ? present({ ethSrc: member.mac }) : remoteEnd(direction, member.address);
  const match = { reg6: localVlan, ethType: etherTypeOf(ethertype), ...end };
  const origin = cause("firewall/remote-group-member", member.pointer, ...[...causes].filter((pointer) => pointer !== member.pointer));
  for (const [offset, group] of byOffset(ids)) {
    const priority = lowestRulePriority + offset;
    yield { table, priority, match: { ...match, ctState: connection.original }, actions: conjunctionActions(group, 1), origin };
    const begun = group.map((id) => id + 1);
    yield { table, priority, match: { ...match, ctState: connection.fresh }, actions: conjunctionActions(begun, 1), origin };
  }
}

/** Ids ascending, by the offset of their priority. */
function byOffset(ids: Iterable<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const id of sorted(ids, byNumber)) {
    const offset = offsetOfConjunction(id);
    const group = groups.get(offset);
    if (group === undefined) groups.set(offset, [id]);
    else group.push(id);
  }
  return groups;
}
