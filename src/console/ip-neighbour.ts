import { printNeighbour, unresolvedMac } from "../formats/ip-neigh/print.js";
import { ipVersion } from "../net/ip.js";
import { type Answer, printed, refusal, type Where } from "./answer.js";
import { abbreviates } from "./command-line.js";
import type { IpOptions } from "./ip.js";
import { namespaceOf, readSelector } from "./ip-selector.js";

/** `ip neigh [show] [dev X] [nud STATE] [ADDRESS]`: ip-neighbour(8). IPv4 comes first; in each version permanent entries, then learned ones by age. */
export function showNeighbours(words: readonly string[], options: IpOptions, where: Where): Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const [first, ...rest] = words;
  const verb = first !== undefined && ["show", "list", "lst"].some((word) => abbreviates(first, word));
  const selector = readSelector(verb ? rest : words, ["dev", "nud", "to"]);
  if ("kind" in selector) return selector;
  const { pairs, alone } = selector;
  const address = pairs.get("to") ?? alone[0];
  if (alone.length > 1) return refusal(`ip neigh: ${JSON.stringify(alone[1])} is not known here.`);
  const { origin } = namespace;
  const entries = (where.station?.stack.neighbours.entries() ?? [])
    .map(({ ip, dev, lladdr, state }) => ({ ip, dev, lladdr: lladdr ?? unresolvedMac, state, origin }))
    .filter(
      ({ ip, dev, state }) =>
        (options.version === undefined || ipVersion(ip) === options.version) &&
        (pairs.get("dev") === undefined || dev === pairs.get("dev")) &&
        (address === undefined || ip === address) &&
        (pairs.get("nud") === undefined || pairs.get("nud") === "all" || state.toLowerCase() === pairs.get("nud")) &&
        state !== "NOARP",
    )
    .sort((a, b) => ipVersion(a.ip) - ipVersion(b.ip));
  const line = (entry: (typeof entries)[number]): string => {
    const text = printNeighbour(entry, { version: where.dialects.iproute, trailingBlanks: true });
    return pairs.has("dev") ? text.replace(` dev ${entry.dev}`, "") : text;
  };
  return printed(entries.map(line));
}
