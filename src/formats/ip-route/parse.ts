import type { NextHop, Route } from "../../ir/namespace.js";
import { type IpVersion, ipVersion, parseIp } from "../../net/ip.js";
import type { Origin } from "../../source/origin.js";
import { parsePrefix, parseRouteTable } from "../iproute.js";
import {
  type Attempt,
  dumpOrigin,
  eachLine,
  type Parsed,
  type ParseOptions,
  type Problem,
  problem,
  refused,
  understood,
} from "../parsed.js";
import { parseCount, wordsOf } from "../words.js";

/** A route while its lines are read: a multipath one starts without hops. */
interface Draft {
  readonly line: number;
  readonly text: string;
  readonly route: Omit<Route, "nextHops">;
  readonly hops: NextHop[];
}

/** Types of routes that the kernel keeps for its own addresses; a dump of all tables has them, the artefact does not. */
const kernelTypes: ReadonlySet<string> = new Set(["local", "broadcast", "multicast", "anycast"]);

/** A name of `rt_protos`, which hosts may add to, or a number that has none. */
const protocol = /^(?:[A-Za-z][\w-]*|\d{1,3})$/;

/**
 * Reads the output of `ip route` or `ip -6 route`, for one table or all, of any iproute2. The kernel's own local and broadcast entries are passed over.
 *
 * A route that expires was learnt from a router advertisement, be it the router's or the kernel's to an advertised prefix: protocol `ra`.
 * Errors: a problem for each line with a word that dvrc does not model, and for a route without a device or hops.
 */
export function parseRoutes(text: string, version: IpVersion, options: ParseOptions = {}): Parsed<Route[]> {
  const value: Route[] = [];
  const problems: Problem[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  let draft: Draft | undefined;
  const finish = (): void => {
    if (draft === undefined) return;
    const [first, ...others] = draft.hops;
    if (first === undefined) problems.push(problem(draft.line, draft.text, "a route has neither a device nor next hops"));
    else value.push({ ...draft.route, nextHops: [first, ...others] });
    draft = undefined;
  };
  eachLine(text, problems, (line, number) => {
    const words = wordsOf(line);
    const [first = ""] = words;
    if (first === "") return;
    if (first === "nexthop" && draft !== undefined) {
      const hop = parseHop(words.slice(1), version);
      if (hop.ok) draft.hops.push(hop.value);
      else problems.push(problem(number, line, hop.reason));
      return;
    }
    finish();
    if (kernelTypes.has(first) || (first === "unreachable" && line.includes("metric 4294967295"))) return;
    const parsed = parseRoute(words, version, originOf(number));
    if (!parsed.ok) problems.push(problem(number, line, parsed.reason));
    else if (!isMulticast(parsed.value.route)) draft = { line: number, text: line, ...parsed.value };
  });
  finish();
  return { value, problems };
}

/** The kernel's route to IPv6 multicast, which older ones do not call one. Source: Linux `addrconf_add_mroute`; RFC 4291, 2.7. */
function isMulticast({ table, destination }: Omit<Route, "nextHops">): boolean {
  return table === "local" && destination === "ff00::/8";
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function parseRoute(words: readonly string[], version: IpVersion, origin: Origin): Attempt<Pick<Draft, "route" | "hops">> {
  const [target = ""] = words;
  const destination = target === "default" ? target : parsePrefix(target, version);
  if (destination === undefined) return refused(`unknown destination or type of route "${target.slice(0, 60)}"`);
  const route: Mutable<Omit<Route, "nextHops">> = { table: "main", destination, origin };
  const hop: { via?: NonNullable<NextHop["via"]>; dev?: string } = {};
  for (let at = 1; at < words.length;) {
    const key = words[at] ?? "";
    const value = words[at + 1] ?? "";
    if (key === "onlink") {
      route.onlink = true;
      at += 1;
    } else if (ignoredFlags.has(key)) at += 1;
    else if (readWord(route, hop, key, value, version)) at += 2;
    else return refused(`unknown word "${`${key} ${value}`.slice(0, 60)}"`);
  }
  const { dev, via } = hop;
  if (dev === undefined) return via === undefined ? understood({ route, hops: [] }) : refused("a gateway has no device");
  return understood({ route, hops: [via === undefined ? { dev } : { via, dev }] });
}

/** What the kernel says of a route's state. */
const ignoredFlags: ReadonlySet<string> = new Set(["linkdown", "dead", "offload", "trap", "rt_offload", "rt_trap"]);

function readWord(
  route: Mutable<Omit<Route, "nextHops">>,
  hop: { via?: NonNullable<NextHop["via"]>; dev?: string },
  key: string,
  value: string,
  version: IpVersion,
): boolean {
  switch (key) {
    case "via": {
      const via = parseIp(value);
      if (via === undefined || ipVersion(via) !== version) return false;
      hop.via = via;
      return true;
    }
    case "dev":
      hop.dev = value;
      return value !== "";
    case "table": {
      const table = parseRouteTable(value);
      if (table !== undefined) route.table = table;
      return table !== undefined;
    }
    case "proto":
      if (value === "boot") return true;
      if (!protocol.test(value)) return false;
      route.protocol = value;
      return true;
    case "scope":
      if (value === "global") return true;
      if (value !== "link" && value !== "host") return false;
      route.scope = value;
      return true;
    case "src": {
      const src = parseIp(value);
      if (src !== undefined) route.src = src;
      return src !== undefined;
    }
    case "metric": {
      const metric = parseCount(value, 0xffffffff);
      if (metric !== undefined) route.metric = metric;
      return metric !== undefined;
    }
    case "pref":
      return value === "medium" || value === "high" || value === "low";
    case "expires":
      route.protocol = "ra";
      return true;
    case "hoplimit":
    case "mtu":
      // Neutron sets neither: an advertisement did.
      return parseCount(value, 0xffffffff) !== undefined;
    default:
      return false;
  }
}

function parseHop(words: readonly string[], version: IpVersion): Attempt<NextHop> {
  let hop: Partial<Mutable<NextHop>> = {};
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1] ?? "";
    const via = words[at] === "via" ? parseIp(value) : undefined;
    const weight = words[at] === "weight" ? parseCount(value, 256) : undefined;
    if (via !== undefined && ipVersion(via) === version) hop = { ...hop, via };
    else if (words[at] === "dev" && value !== "") hop = { ...hop, dev: value };
    else if (weight !== undefined) hop = { ...hop, weight };
    else if (ignoredFlags.has(words[at] ?? "")) at--;
    else return refused(`unknown word of a next hop "${`${words[at] ?? ""} ${value}`.slice(0, 60)}"`);
  }
  const { dev } = hop;
  return dev === undefined ? refused("a next hop has no device") : understood({ ...hop, dev });
}
