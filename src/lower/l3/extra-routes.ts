import type { Device, NextHop, Route } from "../../ir/namespace.js";
import type { HostRouter } from "../../model/host-view.js";
import type { HostRoute } from "../../model/topology.js";
import { type Cidr, cidrCanonical, cidrContains, cidrLength, cidrVersion } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { ipv6UserMetric, type Routes } from "./routes.js";

/** A prefix that a namespace reaches without a gateway. */
export interface Reach {
  readonly prefix: Cidr;
  readonly dev: string;
}

/** Where extra routes go: `qrouter` follows multipath, `snat` does in some releases. */
export type ExtraRouteHome = "qrouter" | "snat";

/** What devices reach by their addresses; link-local networks aside, through which no next hop without a device is found. */
export function reachOf(devices: readonly Device[]): Reach[] {
  return devices.flatMap((device) =>
    device.type.kind === "loopback"
      ? []
      : device.addresses
          .filter(({ cidr, scope }) => scope === "global" && cidrLength(cidr) < (cidrVersion(cidr) === 4 ? 32 : 128))
          .map(({ cidr }) => ({ prefix: cidrCanonical(cidr), dev: device.name })),
  );
}

/**
 * A router's extra routes in one of its namespaces, main table.
 *
 * A next hop that the namespace does not reach makes the kernel refuse the route, silently. Next hops of one destination become one multipath route,
 * or each overwrites the one before: which is chance, and the view has the order.
 * Source: Neutron `RouterInfo.routes_updated`, `update_routing_table_ecmp`.
 */
export function extraRoutes(router: HostRouter, home: ExtraRouteHome, reach: readonly Reach[], release: Release): Routes {
  const result: Routes = { routes: [], routes6: [] };
  for (const [destination, hops] of byDestination(router)) {
    const chosen = isMultipath(home, release) ? whileReached(hops, reach) : onlyOne(router, destination, hops, home, reach, release);
    const route = toRoute(destination, chosen, "main", release.features.has("routes-proto-static") ? "static" : undefined);
    if (route !== undefined) (cidrVersion(destination) === 4 ? result.routes : result.routes6).push(route);
  }
  return result;
}

/**
 * Extra routes whose next hop lies in the agent gateway's subnets, for the router's table in the fip namespace.
 *
 * Only the first next hop of a destination gets there. The routes have no protocol.
 * Source: Neutron `DvrLocalRouter._update_fip_route_table_with_next_hop_routes`.
 */
export function fipExtraRoutes(router: HostRouter, table: number, reach: readonly Reach[], release: Release): Routes {
  const result: Routes = { routes: [], routes6: [] };
  if (!release.features.has("extra-routes-in-fip")) return result;
  for (const [destination, hops] of byDestination(router)) {
    const route = toRoute(destination, whileReached(hops.slice(0, 1), reach), table, undefined);
    if (route !== undefined) (cidrVersion(destination) === 4 ? result.routes : result.routes6).push(route);
  }
  return result;
}

interface Hop {
  readonly route: HostRoute;
  readonly dev: string | undefined;
}

function byDestination(router: HostRouter): Map<Cidr, HostRoute[]> {
  const found = new Map<Cidr, HostRoute[]>();
  for (const route of router.router.routes) {
    const destination = cidrCanonical(route.destination);
    found.set(destination, [...(found.get(destination) ?? []), route]);
  }
  for (const [destination, hops] of found) {
    const order = router.multipathOrder.get(destination);
    if (order === undefined || hops.length < 2) continue;
    const place = (hop: HostRoute): number => (order.includes(hop.nexthop) ? order.indexOf(hop.nexthop) : order.length);
    hops.sort((a, b) => place(a) - place(b));
  }
  return found;
}

function isMultipath(home: ExtraRouteHome, release: Release): boolean {
  return release.features.has(home === "qrouter" ? "extra-routes-multipath" : "snat-multipath");
}

/** A multipath route grows hop by hop, and stays as it is once one is refused. */
function whileReached(hops: readonly HostRoute[], reach: readonly Reach[]): Hop[] {
  const resolved = hops.map((route) => ({ route, dev: deviceTo(route.nexthop, reach) }));
  const refused = resolved.findIndex(({ dev }) => dev === undefined);
  return refused < 0 ? resolved : resolved.slice(0, refused);
}

function onlyOne(
  router: HostRouter,
  destination: Cidr,
  hops: readonly HostRoute[],
  home: ExtraRouteHome,
  reach: readonly Reach[],
  release: Release,
): Hop[] {
  const reached = hops.map((route) => ({ route, dev: deviceTo(route.nexthop, reach) })).filter(({ dev }) => dev !== undefined);
  const kept = home === "snat" ? (router.snatNextHop.get(destination) ?? hops[0]?.nexthop) : undefined;
  const named = reached.find(({ route }) => route.nexthop === kept);
  // Where qrouter has multipath routes, snat is told of one next hop only; else each that is reached overwrites the one before.
  const chosen = named ?? (home === "snat" && release.features.has("extra-routes-multipath") ? undefined : reached.at(-1));
  return chosen === undefined ? [] : [chosen];
}

function deviceTo(nexthop: Ip, reach: readonly Reach[]): string | undefined {
  let best: Reach | undefined;
  for (const candidate of reach) {
    if (!cidrContains(candidate.prefix, nexthop)) continue;
    if (best === undefined || cidrLength(candidate.prefix) > cidrLength(best.prefix)) best = candidate;
  }
  return best?.dev;
}

function toRoute(destination: Cidr, hops: readonly Hop[], table: Route["table"], protocol: "static" | undefined): Route | undefined {
  const several = hops.length > 1;
  const [first, ...rest] = hops.flatMap(({ route, dev }): NextHop[] =>
    dev === undefined ? [] : [{ via: route.nexthop, dev, ...(several ? { weight: 1 } : {}) }],
  );
  const [cause, ...causes] = hops.map(({ route }) => route.pointer);
  if (first === undefined || cause === undefined) return undefined;
  return {
    table,
    destination: cidrLength(destination) === 0 ? "default" : destination,
    nextHops: [first, ...rest],
    ...(protocol === undefined ? {} : { protocol }),
    ...(cidrVersion(destination) === 6 ? { metric: ipv6UserMetric } : {}),
    origin: because("l3/extra-route", cause, ...causes),
  };
}
