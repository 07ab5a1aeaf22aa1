import { defined } from "../../base/invariant.js";
import type { WiredPort } from "../../model/host-view.js";
import type { ResolvedRouter } from "../../model/resolved.js";
import type { Ip } from "../../net/ip.js";
import { escapeName } from "../keys.js";
import { readNumber } from "../ledger.js";
import { lowestFree } from "../settle.js";
import type { HostChoices } from "./choices.js";

/** First mark of an address scope of a router: 1024 is that of networks without one. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_ID_MIN`. */
const firstScopeMark = 1025;
/** Last mark. Source: Neutron `router_info.ADDRESS_SCOPE_MARK_ID_MAX`. */
const lastScopeMark = 2047;

/** Marks in the order in which the router's ports first name a scope. Source: Neutron `RouterInfo.get_address_scope_mark_mask`. */
export function scopeMarks(choices: HostChoices, router: ResolvedRouter): Map<string, number> {
  const networks = [
    ...router.interfaces.map(({ port }) => port.network),
    ...(router.gateway === undefined ? [] : [router.gateway.network]),
  ];
  const scopes = new Set(
    networks.flatMap(({ ipv4AddressScope: v4, ipv6AddressScope: v6 }) => [v4, v6]).filter((scope) => scope !== undefined),
  );
  const marks = new Map<string, number>();
  if (scopes.size === 0) return marks;
  choices.settle<number>(
    "scope_mark",
    [...scopes].map((scope) => ({
      owner: `${router.key}/${escapeName(scope)}`,
      pointer: router.pointer,
      assign: (mark) => void marks.set(scope, mark),
    })),
    {
      what: "address scope mark",
      name: "the router's marks",
      read: readNumber,
      expected: "a mark",
      fits: (_, value) => value >= firstScopeMark && value <= lastScopeMark,
      propose: lowestFree(firstScopeMark, lastScopeMark),
    },
  );
  return marks;
}

/**
 * Devices whose order in the float-snat chain is that of a Python set of names, which is chance: dvrc takes the outer one first, rfp- or qg-.
 *
 * There is something to order where a floating IP may cross between the external network's scope, or none, and another.
 */
export function scopeDeviceOrder(
  choices: HostChoices,
  router: ResolvedRouter,
  interfaces: readonly WiredPort[],
  outer: string | undefined,
): readonly string[] {
  const external = router.gateway?.network;
  if (external === undefined) return [];
  const scope = external.ipv4AddressScope;
  if (scope === undefined && !router.floatingIps.some(({ target }) => target?.port.network.ipv4AddressScope !== undefined)) return [];
  const inside = interfaces.filter(
    ({ port }) => port.network.ipv4AddressScope === scope && port.fixedIps.some(({ subnet }) => subnet.version === 4),
  );
  const names = [...(outer === undefined ? [] : [outer]), ...inside.map(({ device }) => device)];
  return names.length < 2 ? [] : choices.chooseOrder("scope_device_order", router.key, names);
}

/**
 * Order of several next hops of one destination, and which one snat keeps: both come from Python sets.
 *
 * The default is the order of declaration, and of it the one that snat `keeps`: the first, since the others only join the multipath route of qrouter, or
 * the last, where each replaces the one before. Source: Neutron `RouterInfo.check_and_add_ecmp_route`.
 */
export function extraRouteOrders(
  choices: HostChoices,
  router: ResolvedRouter,
  keeps: "first" | "last" | undefined,
): { multipathOrder: Map<string, readonly Ip[]>; snatNextHop: Map<string, Ip> } {
  const hops = new Map<string, Ip[]>();
  for (const { destination, nexthop } of router.routes) hops.set(destination, [...(hops.get(destination) ?? []), nexthop]);
  const multipathOrder = new Map<string, readonly Ip[]>();
  const snatNextHop = new Map<string, Ip>();
  for (const [destination, nextHops] of hops) {
    if (nextHops.length < 2) continue;
    const owner = `${router.key}/${escapeName(destination)}`;
    const order = choices.chooseOrder("multipath_order", owner, nextHops);
    multipathOrder.set(
      destination,
      order.flatMap((text) => nextHops.find((hop) => hop === text) ?? []),
    );
    if (keeps === undefined) continue;
    const byDefault = defined(order.at(keeps === "first" ? 0 : -1), "next hop");
    const kept = choices.chooseName("snat_next_hop", owner, nextHops, byDefault);
    snatNextHop.set(destination, defined(nextHops.find((hop) => hop === kept) ?? nextHops[0], "next hop"));
  }
  return { multipathOrder, snatNextHop };
}
