import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { RouterDeclaration, SubnetDeclaration } from "../../model/topology.js";
import type { Pointer } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";
import { prefixOverlaps } from "../overlaps.js";

/** A subnet that a router joins, and where. */
interface Joined {
  readonly subnet: SubnetDeclaration;
  readonly pointer: Pointer;
}

/** A router joins each subnet once, and none that overlap. Source: Neutron `_check_for_dup_router_subnets`, `_raise_on_subnets_overlap`. */
export function* checkRouterSubnets(context: CheckContext): Iterable<Diagnostic> {
  for (const router of context.topology.routers.values()) {
    const joined: Joined[] = [];
    const seen = new Map<string, Pointer>();
    for (const one of joinedBy(context, router)) {
      const first = seen.get(one.subnet.key);
      if (first === undefined) {
        seen.set(one.subnet.key, one.pointer);
        joined.push(one);
        continue;
      }
      const related = [{ at: context.at(first), message: `Subnet "${one.subnet.key}" is joined first here.` }];
      yield report("subnet-joined-twice", { router: router.key, subnet: `"${one.subnet.key}"` }, context.at(one.pointer), { related });
    }
    yield* checkOverlaps(context, router, joined);
  }
}

function* checkOverlaps(context: CheckContext, router: RouterDeclaration, joined: readonly Joined[]): Iterable<Diagnostic> {
  for (const { first, second } of prefixOverlaps(joined, ({ subnet }) => subnet.cidr)) {
    if (first.subnet.network === second.subnet.network) continue;
    const text = ({ subnet }: Joined): string => `"${subnet.key}" (${subnet.cidr})`;
    const related = [{ at: context.at(first.pointer), message: `"${first.subnet.key}" is joined here.` }];
    const holes = { router: router.key, first: text(first), second: text(second) };
    yield report("overlapping-router-subnets", holes, context.at(second.pointer), { related });
  }
}

/** Subnets of the interfaces, then those of the external network, on which the gateway may be. */
function joinedBy({ topology, facts }: CheckContext, router: RouterDeclaration): readonly Joined[] {
  const inside = (facts.attachmentsOfRouter.get(router.key) ?? []).map(({ subnet, pointer }) => ({ subnet, pointer }));
  const { gateway } = router;
  const outside = gateway === undefined ? undefined : topology.networks.get(gateway.network.key);
  return [...inside, ...(outside?.subnets ?? []).map((subnet) => ({ subnet, pointer: gateway?.network.pointer ?? router.pointer }))];
}
