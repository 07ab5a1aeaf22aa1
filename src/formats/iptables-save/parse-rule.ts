import type { IptablesMatch, IptablesRule } from "../../ir/iptables.js";
import { parseCidr } from "../../net/cidr.js";
import { parseMac } from "../../net/mac.js";
import type { Origin } from "../../source/origin.js";
import { type Attempt, refused, understood } from "../parsed.js";
import { parseMaskedMark } from "./marks.js";
import { parseTarget } from "./parse-target.js";
import { type Token, tokensOf } from "./tokens.js";

/** A match, or undefined where the words are none that dvrc models. */
type MatchReader = (words: readonly string[], not: { readonly not?: true }) => IptablesMatch | undefined;

/**
 * Reads a rule: what stands after `-A <chain>`.
 *
 * Matches and targets that dvrc does not model are kept as text, in kind `other`.
 * Errors: an open quote, a word that no match or target explains.
 */
export function parseRule(text: string, origin: Origin): Attempt<IptablesRule> {
  const tokens = tokensOf(text);
  if (tokens === undefined) return refused("a quote is not closed");
  const matches: IptablesMatch[] = [];
  let at = 0;
  while (at < tokens.length) {
    const word = tokens[at]?.value ?? "";
    if (word === "-j" || word === "-g") {
      const words = tokens.slice(at).map((token) => token.value);
      return understood({ matches, target: parseTarget(words, text.slice(tokens[at]?.start ?? 0)), origin });
    }
    const end = endOfMatch(tokens, at);
    if (end === at) return refused(`unknown word "${word.slice(0, 60)}"`);
    matches.push(parseMatchAt(tokens.slice(at, end), text));
    at = end;
  }
  return understood({ matches, target: undefined, origin });
}

/** Words that start a match or the target. */
const starters: ReadonlySet<string> = new Set(["-s", "-d", "-i", "-o", "-p", "-m", "-j", "-g", "-f"]);

/** Index after the match that starts at a token; the same index where none starts there. */
function endOfMatch(tokens: readonly Token[], start: number): number {
  const first = tokens[start]?.value === "!" ? start + 1 : start;
  if (!starters.has(tokens[first]?.value ?? "")) return start;
  let end = Math.min(first + 2, tokens.length);
  while (end < tokens.length) {
    const word = tokens[end]?.value ?? "";
    // The text of a comment may look like anything.
    if (tokens[end - 1]?.value === "--comment") {
      end++;
      continue;
    }
    const next = word === "!" ? (tokens[end + 1]?.value ?? "") : word;
    if (starters.has(next)) break;
    end++;
  }
  return end;
}

function parseMatchAt(tokens: readonly Token[], line: string): IptablesMatch {
  const words = tokens.map((token) => token.value);
  const text = line.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
  return parseWords(words) ?? { kind: "other", text };
}

function parseWords(words: readonly string[]): IptablesMatch | undefined {
  if (words[0] === "-m") return parseModule(words);
  const negated = words[0] === "!";
  const [flag = "", value = "", ...more] = negated ? words.slice(1) : words;
  const not = negated ? { not: true as const } : {};
  if (more.length > 0 || value === "") return undefined;
  switch (flag) {
    case "-s":
    case "-d": {
      const prefix = parseCidr(value);
      return prefix === undefined ? undefined : { kind: flag === "-s" ? "source" : "destination", prefix, ...not };
    }
    case "-i":
      return { kind: "in-interface", name: value, ...not };
    case "-o":
      return { kind: "out-interface", name: value, ...not };
    case "-p":
      return { kind: "protocol", protocol: value, ...not };
    default:
      return undefined;
  }
}

/** `-m <module> [!] --<option> <value> ...` */
function parseModule(words: readonly string[]): IptablesMatch | undefined {
  const [, module = "", ...rest] = words;
  const negated = rest[0] === "!";
  const options = negated ? rest.slice(1) : rest;
  return modules.get(module)?.(options, negated ? { not: true } : {});
}

const modules: ReadonlyMap<string, MatchReader> = new Map<string, MatchReader>([
  ...(["tcp", "udp", "sctp", "dccp", "udplite"] as const).map((module): readonly [string, MatchReader] => [
    module,
    (words, not) => (not.not ? undefined : parsePorts(module, words)),
  ]),
  ["multiport", ([option, ports, ...more], not) => (not.not || more.length > 0 ? undefined : parseMultiport(option, ports))],
  ["icmp", ([option, type, ...more], not) => (not.not || more.length > 0 ? undefined : parseIcmp("icmp", option, type))],
  ["icmp6", ([option, type, ...more], not) => (not.not || more.length > 0 ? undefined : parseIcmp("icmp6", option, type))],
  ["mark", ([option, mark, ...more], not) => (more.length > 0 ? undefined : parseMark("mark", option, mark, not))],
  ["connmark", ([option, mark, ...more], not) => (more.length > 0 ? undefined : parseMark("connmark", option, mark, not))],
  ["conntrack", (words, not) => parseStates(words, "--ctstate", not)],
  ["state", (words, not) => parseStates(words, "--state", not)],
  [
    "comment",
    ([option, text, ...more]) =>
      option === "--comment" && text !== undefined && more.length === 0 ? { kind: "comment", text } : undefined,
  ],
  ["mac", parseMacSource],
  ["physdev", (words, not) => (not.not ? undefined : parsePhysdev(words))],
  ["set", parseMatchSet],
]);

function parsePorts(module: "tcp" | "udp" | "sctp" | "dccp" | "udplite", words: readonly string[]): IptablesMatch | undefined {
  const ports: { sport?: string; dport?: string } = {};
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1];
    if (value === undefined) return undefined;
    if (words[at] === "--sport") ports.sport = value;
    else if (words[at] === "--dport") ports.dport = value;
    else return undefined;
  }
  return { kind: "ports", module, ...ports };
}

function parseMultiport(option: string | undefined, ports: string | undefined): IptablesMatch | undefined {
  if (ports === undefined || (option !== "--dports" && option !== "--sports")) return undefined;
  return { kind: "multiport", direction: option === "--dports" ? "dports" : "sports", ports };
}

function parseIcmp(module: "icmp" | "icmp6", option: string | undefined, type: string | undefined): IptablesMatch | undefined {
  const expected = module === "icmp" ? "--icmp-type" : "--icmpv6-type";
  return option === expected && type !== undefined ? { kind: "icmp", module, type } : undefined;
}

function parseMark(
  kind: "mark" | "connmark",
  option: string | undefined,
  text: string | undefined,
  not: { readonly not?: true },
): IptablesMatch | undefined {
  const mark = option === "--mark" && text !== undefined ? parseMaskedMark(text) : undefined;
  return mark === undefined ? undefined : { kind, mark, ...not };
}

function parseStates(words: readonly string[], option: string, not: { readonly not?: true }): IptablesMatch | undefined {
  const [name, states, ...more] = words;
  if (name !== option || states === undefined || more.length > 0) return undefined;
  return { kind: "ctstate", states: states.split(","), ...(option === "--state" ? { module: "state" as const } : {}), ...not };
}

function parseMacSource(words: readonly string[], not: { readonly not?: true }): IptablesMatch | undefined {
  const [option, text = "", ...more] = words;
  const mac = parseMac(text);
  return option !== "--mac-source" || mac === undefined || more.length > 0 ? undefined : { kind: "mac-source", mac, ...not };
}

function parsePhysdev(words: readonly string[]): IptablesMatch | undefined {
  const match: { in?: string; out?: string; isBridged?: boolean } = {};
  for (let at = 0; at < words.length; at++) {
    if (words[at] === "--physdev-is-bridged") {
      match.isBridged = true;
      continue;
    }
    const value = words[at + 1];
    if (value === undefined) return undefined;
    if (words[at] === "--physdev-in") match.in = value;
    else if (words[at] === "--physdev-out") match.out = value;
    else return undefined;
    at++;
  }
  return { kind: "physdev", ...match };
}

function parseMatchSet(words: readonly string[], not: { readonly not?: true }): IptablesMatch | undefined {
  const [option, set, flags, ...more] = words;
  if (option !== "--match-set" || set === undefined || flags === undefined || more.length > 0) return undefined;
  return { kind: "match-set", set, flags, ...not };
}
