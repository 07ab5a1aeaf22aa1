import { parsePrefix, parseRouteTable } from "../formats/iproute.js";
import { byRoute, printRoute } from "../formats/ip-route/print.js";
import type { Namespace, Route } from "../ir/namespace.js";
import { cidrAddress, cidrContains, cidrLength, cidrVersion, hostCidr } from "../net/cidr.js";
import { type Ip, type IpVersion, ipVersion, parseIp } from "../net/ip.js";
import type { RouteAnswer } from "../virtual/fib.js";
import { type Answer, printed, refusal, type Where } from "./answer.js";
import { abbreviates } from "./command-line.js";
import type { IpOptions } from "./ip.js";
import { deviceNamed, namespaceOf, readSelector } from "./ip-selector.js";

/** `ip route [show] [table T] [dev D] [PREFIX]` and `ip route get ADDRESS`: ip-route(8). */
export function getOrShowRoutes(words: readonly string[], options: IpOptions, where: Where): Answer {
  const [first = "show", ...rest] = words;
  if (abbreviates(first, "get")) return getRoute(rest, where);
  const verb = ["show", "list", "lst"].some((word) => abbreviates(first, word));
  return showRoutes(verb ? rest : words, options.version ?? 4, where);
}

function showRoutes(words: readonly string[], version: IpVersion, where: Where): Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const selector = readSelector(
    words,
    [...prefixWords, "table", "dev", "proto", "scope", "via", "src"],
    ["table", "protocol", "scope", "dev"],
  );
  if ("kind" in selector) return selector;
  const { pairs, alone } = selector;
  const asked = pairs.get("table") ?? "main";
  const table = asked === "all" ? "all" : parseRouteTable(asked);
  if (table === undefined) return refusal(`ip route: ${JSON.stringify(asked)} is not a routing table.`);
  const relation = prefixWords.find((word) => pairs.has(word)) ?? "to";
  const prefix = pairs.get(relation) ?? alone[0];
  const destination = prefix === undefined || prefix === "default" ? prefix : parsePrefix(prefix, version);
  if ((prefix !== undefined && destination === undefined) || alone.length > 1) {
    return refusal(`ip route: ${JSON.stringify(alone.at(-1) ?? prefix)} is not known here.`);
  }
  const protocol = pairs.get("proto") ?? pairs.get("protocol");
  const dev = pairs.get("dev");
  const device = dev === undefined ? undefined : deviceNamed(namespace, dev);
  if (device !== undefined && "kind" in device) return device;
  const chosen = routesOf(namespace, version)
    .filter((route) => table === "all" || route.table === table)
    .filter((route) => destination === undefined || isRelated(route.destination, destination, relation))
    .filter((route) => dev === undefined || route.nextHops.some((hop) => hop.dev === dev))
    .filter((route) => protocol === undefined || (route.protocol ?? "boot") === protocol)
    .filter((route) => pairs.get("scope") === undefined || (route.scope ?? "global") === pairs.get("scope"))
    .filter((route) => pairs.get("src") === undefined || route.src === pairs.get("src"))
    .filter((route) => pairs.get("via") === undefined || route.nextHops.some((hop) => hop.via === pairs.get("via")));
  const dialect = { version: where.dialects.iproute, trailingBlanks: true };
  const lines = [...chosen].sort(byRoute).flatMap((route) => {
    const [head = "", ...hops] = printRoute(route, version, dialect, { showTable: table === "all" });
    return [route.scope === "host" ? `local ${head}` : head, ...hops];
  });
  return printed(dev === undefined ? lines : lines.map((line) => line.replace(` dev ${dev} `, " ")));
}

/** What may stand before a prefix: that very one, those within it, those that it is within. Source: ip-route(8). */
const prefixWords = ["exact", "root", "match", "to"] as const;

function isRelated(has: Route["destination"], asked: Route["destination"], relation: (typeof prefixWords)[number]): boolean {
  if (relation !== "root" && relation !== "match") return has === asked;
  const [outer, inner] = relation === "root" ? [asked, has] : [has, asked];
  if (outer === "default" || inner === "default") return outer === "default";
  return cidrLength(outer) <= cidrLength(inner) && cidrContains(outer, cidrAddress(inner));
}

/** Programmed routes and those that the kernel keeps of the addresses. */
function routesOf(namespace: Namespace, version: IpVersion): readonly Route[] {
  const programmed = version === 4 ? namespace.routes : namespace.routes6;
  return programmed.some((route) => route.table === "local") ? programmed : [...programmed, ...localRoutes(namespace, version)];
}

function localRoutes(namespace: Namespace, version: IpVersion): readonly Route[] {
  return namespace.devices.flatMap((device) =>
    device.addresses
      .filter(({ cidr }) => cidrVersion(cidr) === version)
      .map(({ cidr, origin }): Route => {
        const address = cidrAddress(cidr);
        return {
          table: "local",
          destination: hostCidr(address),
          nextHops: [{ dev: device.name }],
          protocol: "kernel",
          scope: "host",
          src: address,
          origin,
        };
      }),
  );
}

function getRoute(words: readonly string[], where: Where): Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const selector = readSelector(words, ["from", "iif", "oif", "mark", "to"]);
  if ("kind" in selector) return selector;
  const { pairs, alone } = selector;
  const [text = pairs.get("to") ?? ""] = alone;
  const [address, from] = [parseIp(text.replace(/\/\d+$/, "")), parseIp(pairs.get("from") ?? "")];
  if (address === undefined) return refusal(`ip route get needs an address, not ${JSON.stringify(text)}.`);
  if (pairs.has("from") && from === undefined) return refusal(`${JSON.stringify(pairs.get("from"))} is not an address.`);
  const { station, dialects } = where;
  if (station === undefined) return refusal("Nothing is routed in a host's own namespace here; use ip netns exec.");
  const [iif, oif] = [pairs.get("iif"), pairs.get("oif")];
  for (const name of [iif, oif].filter((each) => each !== undefined)) {
    const device = deviceNamed(namespace, name);
    if ("kind" in device) return device;
  }
  const mark = Number(pairs.get("mark") ?? 0);
  if (!Number.isInteger(mark) || mark < 0 || mark > 0xffffffff) return refusal(`${JSON.stringify(pairs.get("mark"))} is not a mark.`);
  const old = dialects.iproute === "3.10";
  if (iif === undefined && from !== undefined && ipVersion(from) === 4 && !isOwn(from, namespace)) {
    return printed([`RTNETLINK answers: ${old ? "Invalid argument" : "Network is unreachable"}`], 2);
  }
  const answer = station.stack.fib.lookup({
    source: from,
    destination: address,
    inDevice: iif,
    mark,
    ...(oif === undefined ? {} : { outDevice: oif }),
  });
  if (answer.kind === "unreachable") return printed(["RTNETLINK answers: Network is unreachable"], 2);
  const fields =
    answer.kind === "local"
      ? localFields(address, from, old)
      : forwardFields(answer, address, from, station.stack.fib.sourceFor(answer, address), old);
  const separator = old ? "  " : " ";
  const entered = iif === undefined ? "" : `${old ? " " : ""}iif ${iif} `;
  const six = ipVersion(address) === 6;
  const tail = [
    ...(mark === 0 ? [] : [`mark ${mark < 16 ? mark : `0x${mark.toString(16)}`}`]),
    ...(old || iif !== undefined ? [] : ["uid 0"]),
    ...(six && iif !== undefined ? [`iif ${iif}`] : []),
  ];
  const cached = `    cache ${answer.kind === "local" ? "<local> " : ""}${entered}`;
  return printed([`${[...fields, ...tail].join(separator)} `, ...(six ? [] : [cached])]);
}

/** The kernel sends nothing from an IPv4 address that it does not have. Source: Linux `ip_route_output_key_hash_rcu`. */
function isOwn(ip: Ip, { devices }: Namespace): boolean {
  return devices.some(({ addresses }) => addresses.some(({ cidr }) => cidrAddress(cidr) === ip));
}

function localFields(address: Ip, from: Ip | undefined, old: boolean): readonly string[] {
  const head = `local ${address}${from === undefined ? "" : ` from ${from}`} dev lo`;
  return [old ? head : `${head} table local`, ...(from === undefined ? [`src ${address}`] : [])];
}

function forwardFields(
  answer: RouteAnswer & { readonly kind: "forward" },
  address: Ip,
  from: Ip | undefined,
  source: Ip | undefined,
  old: boolean,
): readonly string[] {
  const { route, hop } = answer;
  const via = hop.via === undefined ? "" : ` via ${hop.via}`;
  const head = `${address}${from === undefined ? "" : ` from ${from}`}${via} dev ${hop.dev}`;
  const table = route.table === "main" || old ? [] : [`table ${route.table}`];
  return [head, ...table, ...(from === undefined && source !== undefined ? [`src ${source}`] : [])];
}
