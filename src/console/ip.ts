import { printed, refusal, type Answer, type Tool, type Where } from "./answer.js";
import { abbreviates } from "./command-line.js";
import { showAddresses, showLinks } from "./ip-address.js";
import { showNeighbours } from "./ip-neighbour.js";
import { getOrShowRoutes } from "./ip-route.js";
import { showRules } from "./ip-rule.js";
import { namespaceNamed } from "./namespaces.js";

/** What stands before the object of an `ip` command. */
export interface IpOptions {
  /** Undefined is what the object does without one. */
  readonly version: 4 | 6 | undefined;
  readonly oneLine: boolean;
  readonly brief: boolean;
}

type IpObject = (words: readonly string[], options: IpOptions, where: Where) => Answer;

/** In the order in which iproute2 tries abbreviations: `r` is route, `a` address, `n` neigh, `l` link, `ru` rule. */
const objects: readonly (readonly [string, IpObject])[] = [
  ["address", showAddresses],
  ["addrlabel", unknownObject],
  ["route", getOrShowRoutes],
  ["rule", showRules],
  ["neighbor", showNeighbours],
  ["neighbour", showNeighbours],
  ["link", showLinks],
  ["netns", netns],
];

/** ip(8): devices, addresses, routes, rules, neighbours and namespaces, with iproute2's abbreviations. */
export const ip: Tool = { name: "ip", on: "everywhere", run: runIp };

function runIp(words: readonly string[], where: Where): Answer {
  const options = readOptions(words);
  if ("kind" in options) return options;
  const [word = "", ...rest] = options.rest;
  const object = objects.find(([name]) => abbreviates(word, name))?.[1];
  if (object === undefined) {
    return refusal(`ip has no object ${JSON.stringify(word)} here; it has address, route, rule, neigh, link and netns.`);
  }
  const place = options.namespace === undefined ? where : enter(options.namespace, where);
  return "kind" in place ? place : object(rest, options, place);
}

function readOptions(
  words: readonly string[],
): (IpOptions & { readonly namespace: string | undefined; readonly rest: readonly string[] }) | Answer {
  let version: 4 | 6 | undefined;
  let oneLine = false;
  let brief = false;
  let namespace: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) return { version, oneLine, brief, namespace, rest: words.slice(at) };
    if (word === "-4" || word === "-6") version = word === "-4" ? 4 : 6;
    else if (word === "-o" || word === "-oneline") oneLine = true;
    else if (word === "-br" || word === "-brief") brief = true;
    else if (word === "-n" || word === "-netns") namespace = words[++at] ?? "";
    else if (!/^-(?:d|details|s|stats|statistics|N|Numeric|c|color)$/.test(word))
      return refusal(`ip: The option ${word} is not known here.`);
  }
  return { version, oneLine, brief, namespace, rest: [] };
}

function enter(namespace: string, where: Where): Where | Answer {
  const { host } = where;
  if (host === undefined) return refusal("A server has no network namespaces.");
  const name = namespaceNamed(host, namespace, where.names);
  return typeof name === "string" ? { ...where, station: host.station(name) } : name;
}

function netns(words: readonly string[], _options: IpOptions, where: Where): Answer {
  const [word = "list", namespace, ...command] = words;
  const { host, dialects } = where;
  if (host === undefined) return refusal("A server has no network namespaces.");
  if (word === "list" || word === "ls" || word === "show") {
    const names = [...host.namespaces.keys()];
    return printed(names.map((name, index) => (dialects.iproute === "3.10" ? name : `${name} (id: ${index})`)));
  }
  if (!abbreviates(word, "exec")) return refusal(`ip netns has no command ${JSON.stringify(word)} here; it has list and exec.`);
  if (namespace === undefined || command.length === 0) return refusal("ip netns exec needs a namespace and a command.");
  const inside = enter(namespace, where);
  return "kind" in inside ? inside : where.run(command, inside);
}

function unknownObject(): Answer {
  return refusal("ip addrlabel is not known here.");
}
