import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import type { Device, Route, RouteTable } from "../../ir/namespace.js";
import { type Cidr, cidrAddress, cidrCanonical, cidrLength, cidrRange, cidrVersion } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import type { Origin } from "../../source/origin.js";
import { because } from "./because.js";

/** Metric that the kernel gives to IPv6 routes that were added without one. Source: Linux `IP6_RT_PRIO_USER`. */
export const ipv6UserMetric = 1024;

const ipv6KernelMetric = 256;

/** Routes of both versions. */
export interface Routes {
  readonly routes: Route[];
  readonly routes6: Route[];
}

/** What an agent's route may lack: a gateway, or a table of its own. */
export interface AgentRoute {
  readonly table?: RouteTable;
  readonly destination: Cidr | "default";
  readonly via?: Ip;
  readonly dev: string;
  readonly origin: Origin;
}

/**
 * Connected routes, which the kernel adds with each address of a device.
 *
 * A host prefix has none. IPv6: the link-local network of each device.
 */
export function connectedRoutes(devices: readonly Device[]): Routes {
  const routes: Route[] = [];
  const routes6: Route[] = [];
  for (const device of devices) {
    if (device.type.kind === "loopback") continue;
    for (const { cidr, origin } of device.addresses) {
      const ipv4 = cidrVersion(cidr) === 4;
      if (cidrLength(cidr) === (ipv4 ? 32 : 128)) continue;
      const route = {
        table: "main",
        destination: cidrCanonical(cidr),
        nextHops: [{ dev: device.name }],
        protocol: "kernel",
        origin: because("l3/connected-route", ...origin.because),
      } as const;
      if (ipv4) routes.push({ ...route, scope: "link", src: cidrAddress(cidr) });
      else if (!routes6.some((other) => other.destination === route.destination && other.nextHops[0].dev === device.name)) {
        routes6.push({ ...route, metric: ipv6KernelMetric });
      }
    }
  }
  return { routes, routes6 };
}

/** A route as the agents add it: `proto static` where the release says so, link scope where there is no gateway. Source: Neutron `ip_lib.add_ip_route`. */
export function agentRoute(route: AgentRoute, release: Release): Route {
  const version = route.via === undefined ? cidrVersion(route.destination as Cidr) : route.via.includes(":") ? 6 : 4;
  return {
    table: route.table ?? "main",
    destination: route.destination,
    nextHops: [route.via === undefined ? { dev: route.dev } : { via: route.via, dev: route.dev }],
    ...(release.features.has("routes-proto-static") ? { protocol: "static" as const } : {}),
    ...(version === 6 ? { metric: ipv6UserMetric } : route.via === undefined ? { scope: "link" as const } : {}),
    origin: route.origin,
  };
}

/** Routes in printed order: main table first, then ascending table; inside a table ascending prefix, the default route first; then device. */
export function orderRoutes(routes: readonly Route[]): Route[] {
  const keyed = routes.map((route) => ({ route, table: tableKey(route.table), prefix: prefixKey(route.destination) }));
  const order = inTurn<(typeof keyed)[number]>(
    by((entry) => entry.table, byNumber),
    (a, b) => (a.prefix.first < b.prefix.first ? -1 : a.prefix.first > b.prefix.first ? 1 : a.prefix.length - b.prefix.length),
    by((entry) => entry.route.nextHops[0].dev, byText),
  );
  return sorted(keyed, order).map((entry) => entry.route);
}

function tableKey(table: RouteTable): number {
  return table === "main" ? -1 : table === "default" ? 253 : table === "local" ? 255 : table;
}

function prefixKey(destination: Cidr | "default"): { readonly first: bigint; readonly length: number } {
  if (destination === "default") return { first: -1n, length: 0 };
  return { first: cidrRange(destination)[0], length: cidrLength(destination) };
}
