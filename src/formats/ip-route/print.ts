import { byNumber, byText, type Comparator, inTurn } from "../../base/order.js";
import type { NextHop, Route, RouteTable } from "../../ir/namespace.js";
import { type Cidr, cidrAddress, cidrLength } from "../../net/cidr.js";
import { byIp, type IpVersion } from "../../net/ip.js";
import { canonicalIproute, endLine, type IprouteDialect, printPrefix } from "../iproute.js";
import { type LineSink, printedText } from "../printed.js";

/** What of a route is shown. */
export interface RouteView {
  /** `ip route show table all` names the table of every route outside of main; a table shown alone does not name itself. */
  readonly showTable: boolean;
}

const allTables: RouteView = { showTable: true };

/**
 * A route as `ip route` prints it; a multipath route has one more line for each hop.
 *
 * Source: iproute2 `print_route`, 3.10 and 6.1: the old one sets two blanks between its groups.
 */
export function printRoute(
  route: Route,
  version: IpVersion,
  dialect: IprouteDialect = canonicalIproute,
  view: RouteView = allTables,
): string[] {
  const old = dialect.version === "3.10";
  const gap = old ? " " : "";
  const [only, ...others] = route.nextHops;
  const multipath = others.length > 0;
  let text = `${route.destination === "default" ? "default" : printPrefix(route.destination)} `;
  if (!multipath) text += `${only.via === undefined ? "" : `via ${only.via} `}dev ${only.dev} `;
  if (view.showTable && route.table !== "main") text += `${gap}table ${route.table} `;
  if (route.protocol !== undefined) text += `${gap}proto ${route.protocol} `;
  if (route.scope !== undefined) text += `${gap}scope ${route.scope} `;
  if (route.src !== undefined) text += `${gap}src ${route.src} `;
  if (route.metric !== undefined) text += `${gap}metric ${route.metric} `;
  if (route.onlink === true) text += "onlink ";
  if (version === 6 && !old) text += "pref medium";
  const lines = [endLine(text, dialect)];
  if (multipath) for (const hop of route.nextHops) lines.push(endLine(printHop(hop, old), dialect));
  return lines;
}

function printHop(hop: NextHop, old: boolean): string {
  const gap = old ? " " : "";
  const via = hop.via === undefined ? "" : ` via ${hop.via}${gap}`;
  return `\tnexthop${via} dev ${hop.dev} weight ${hop.weight ?? 1}${old ? "" : " "}`;
}

/** Writes routes in the order given. */
export function writeRoutes(routes: readonly Route[], version: IpVersion, sink: LineSink): void {
  for (const route of routes) for (const line of printRoute(route, version)) sink(line, route.origin);
}

/** Text of `ip-route.txt` and `ip6-route.txt`: as {@link writeRoutes}. */
export function printRoutes(routes: readonly Route[], version: IpVersion): string {
  return printedText((sink) => writeRoutes(routes, version, sink));
}

/** Order of the artefact: main first, then by table, `default` first, then by address, length, metric, device. */
export const byRoute: Comparator<Route> = inTurn<Route>(
  (a, b) => tableRank(a.table) - tableRank(b.table),
  (a, b) => byDestination(a.destination, b.destination),
  (a, b) => byNumber(a.metric ?? 0, b.metric ?? 0),
  (a, b) => byText(a.nextHops[0].dev, b.nextHops[0].dev),
  (a, b) => byText(a.nextHops[0].via ?? "", b.nextHops[0].via ?? ""),
);

function tableRank(table: RouteTable): number {
  if (typeof table === "number") return table;
  return table === "main" ? -1 : table === "default" ? 253 : 255;
}

function byDestination(a: Cidr | "default", b: Cidr | "default"): number {
  if (a === "default" || b === "default") return Number(a !== "default") - Number(b !== "default");
  return byIp(cidrAddress(a), cidrAddress(b)) || cidrLength(a) - cidrLength(b);
}
