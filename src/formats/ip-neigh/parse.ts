import type { Neighbour } from "../../ir/namespace.js";
import { parseIp } from "../../net/ip.js";
import { type Mac, parseMac } from "../../net/mac.js";
import type { Origin } from "../../source/origin.js";
import { type Attempt, type Parsed, parseEachLine, type ParseOptions, refused, understood } from "../parsed.js";
import { wordsOf } from "../words.js";
import { unresolvedMac } from "./print.js";

const states: ReadonlySet<string> = new Set<Neighbour["state"]>([
  "PERMANENT",
  "REACHABLE",
  "STALE",
  "DELAY",
  "PROBE",
  "FAILED",
  "INCOMPLETE",
  "NOARP",
]);

/** Words about an entry that dvrc has no use for. */
const flagWords: ReadonlySet<string> = new Set(["router", "extern_learn", "offload", "managed"]);

/** Reads the output of `ip neigh`, of any iproute2. Errors: a problem for each line with an unknown word, a wrong address or no state. */
export function parseNeighbours(text: string, options: ParseOptions = {}): Parsed<Neighbour[]> {
  return parseEachLine(text, options, parseNeighbour);
}

function parseNeighbour(line: string, origin: Origin): Attempt<Neighbour> {
  const words = wordsOf(line);
  const ip = parseIp(words[0] ?? "");
  if (ip === undefined) return refused("a neighbour starts with its address");
  let dev: string | undefined;
  let lladdr: Mac | undefined;
  let state: Neighbour["state"] | undefined;
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "dev") dev = words[++at];
    else if (word === "lladdr") {
      lladdr = parseMac(words[++at] ?? "");
      if (lladdr === undefined) return refused("wrong link-layer address");
    } else if (isState(word)) state = word;
    else if (!flagWords.has(word)) return refused(`unknown word "${word.slice(0, 60)}"`);
  }
  if (dev === undefined || state === undefined)
    return refused(dev === undefined ? "a neighbour has no device" : "a neighbour has no state");
  if (lladdr === undefined && state !== "FAILED" && state !== "INCOMPLETE") return refused("a neighbour has no link-layer address");
  return understood({ ip, dev, lladdr: lladdr ?? unresolvedMac, state, origin });
}

function isState(word: string): word is Neighbour["state"] {
  return states.has(word);
}
