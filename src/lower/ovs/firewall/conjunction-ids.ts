import { defined } from "../../../base/invariant.js";
import type { Action } from "../../../ir/action.js";
import type { FirewallView } from "../../../model/host-view.js";
import { conjunctionOwner, type RemoteGroup } from "../../../model/remote.js";
import type { ResolvedSecurityGroup, ResolvedSecurityGroupRule } from "../../../model/resolved.js";

/** Every base id leaves room for four priorities with two ids each. Source: Neutron `ConjIdMap.CONJ_ID_BLOCK_SIZE`. */
const blockSize = 8;

/** The rule of a port, and the addresses of a group. */
const clauses = 2;

/**
 * The conjunction of a rule for connections that exist; one more is that for connections that begin.
 *
 * Shape: a multiple of 8, plus twice the offset of the rule's priority.
 * Source: Neutron `ConjIPFlowManager.add`.
 */
export function conjunctionOf(
  ids: FirewallView["conjunctionIds"],
  group: ResolvedSecurityGroup,
  rule: ResolvedSecurityGroupRule,
  remote: RemoteGroup,
  offset: number,
): number {
  const owner = conjunctionOwner(group, rule, remote);
  return defined(ids.get(owner), `conjunction id of ${owner}`) + 2 * offset;
}

/** The offset of the priority that an id stands for. Source: Neutron `_flow_priority_offset_from_conj_id`. */
export function offsetOfConjunction(id: number): number {
  return Math.floor((id % blockSize) / 2);
}

/** Says that one clause of each conjunction holds. */
export function conjunctionActions(ids: readonly number[], clause: 1 | 2): readonly Action[] {
  return ids.map((id) => ({ kind: "conjunction", id, clause, clauses }));
}
