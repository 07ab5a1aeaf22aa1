import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import type { Device, Route, RouteTable } from "../../ir/namespace.js";
import { byCidr, type Cidr, cidrAddress, cidrCanonical, cidrLength, cidrVersion } from "../../net/cidr.js";
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
 * Connected routes, which the kernel adds with each address of a device on a subnet of its own.
 *
 * An IPv4 host prefix has none; an IPv6 one has. IPv6: the link-local network of each device, too.
 */
export function connectedRoutes(devices: readonly Device[]): Routes {
  const routes: Route[] = [];
  const routes6: Route[] = [];
  for (const device of devices) {
    if (device.type.kind === "loopback") continue;
    const seen = new Set<Cidr>();
    for (const { cidr, origin } of device.addresses) {
      const ipv4 = cidrVersion(cidr) === 4;
      if (ipv4 && cidrLength(cidr) === 32) continue;
      const destination = cidrCanonical(cidr);
      const nextHops = [{ dev: device.name }] as const;
      const connected = because("l3/connected-route", ...origin.because);
      if (seen.has(destination)) continue;
      seen.add(destination);
      if (ipv4) {
        const src = cidrAddress(cidr);
        routes.push({ table: "main", destination, nextHops, protocol: "kernel", scope: "link", src, origin: connected });
      } else {
        routes6.push({ table: "main", destination, nextHops, protocol: "kernel", metric: ipv6KernelMetric, origin: connected });
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

/**
 * Routes after others were put in their place: of one table, destination and metric there is one.
 *
 * A router's extra route to everywhere takes the place of its gateway's default route. Source: Neutron `privileged.ip_lib.add_ip_route`, which replaces.
 */
export function replaced(routes: Routes, by: Routes): Routes {
  const put = (before: readonly Route[], after: readonly Route[]): Route[] => {
    const taken = new Set(after.map(placeOf));
    return [...before.filter((route) => !taken.has(placeOf(route))), ...after];
  };
  return { routes: put(routes.routes, by.routes), routes6: put(routes.routes6, by.routes6) };
}

function placeOf({ table, destination, metric }: Route): string {
  return `${table} ${destination} ${metric ?? 0}`;
}

/** Routes in printed order: main table first, then ascending table; inside a table ascending prefix, the default route first; then device. */
export function orderRoutes(routes: readonly Route[]): Route[] {
  return sorted(routes, byPlace);
}

const byPlace = inTurn<Route>(
  by((route) => tableKey(route.table), byNumber),
  by((route) => route.destination, byDestination),
  by((route) => route.nextHops[0].dev, byText),
);

function tableKey(table: RouteTable): number {
  return table === "main" ? -1 : table === "default" ? 253 : table === "local" ? 255 : table;
}

function byDestination(a: Cidr | "default", b: Cidr | "default"): number {
  if (a === "default" || b === "default") return Number(a !== "default") - Number(b !== "default");
  return byCidr(a, b);
}
