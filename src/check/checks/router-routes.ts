import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { RouterDeclaration } from "../../model/topology.js";
import { type Cidr, cidrContains } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import type { CheckContext } from "../context.js";

/** Next hops of extra routes are neighbours of the router, not the router itself. Source: Neutron `ExtraRoute_dbonly_mixin._validate_routes_nexthop`. */
export function* checkRouterRoutes(context: CheckContext): Iterable<Diagnostic> {
  for (const router of context.topology.routers.values()) {
    if (router.routes.length === 0) continue;
    const { prefixes, addresses } = surroundingsOf(context, router);
    for (const { nexthop: address, pointer } of router.routes) {
      const place = context.at(`${pointer}/nexthop`);
      if (addresses.has(address)) yield report("next-hop-is-router", { address, router: router.key }, place);
      else if (context.sound("networks", "routers") && !prefixes.some((prefix) => cidrContains(prefix, address))) {
        yield report("next-hop-unreachable", { address, router: router.key }, place);
      }
    }
  }
}

function surroundingsOf(
  { topology, facts }: CheckContext,
  router: RouterDeclaration,
): { readonly prefixes: readonly Cidr[]; readonly addresses: ReadonlySet<Ip> } {
  const inside = facts.attachmentsOfRouter.get(router.key) ?? [];
  const outside = topology.networks.get(router.gateway?.network.key ?? "")?.subnets ?? [];
  const own = [...inside.map(({ address }) => address), ...(router.gateway?.externalFixedIps ?? []).map(({ ipAddress }) => ipAddress)];
  return {
    prefixes: [...inside.map(({ subnet }) => subnet.cidr), ...outside.map(({ cidr }) => cidr)],
    addresses: new Set(own.filter((address) => address !== undefined)),
  };
}
