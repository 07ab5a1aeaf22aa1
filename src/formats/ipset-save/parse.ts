import type { IpSet } from "../../ir/iptables.js";
import type { Cidr } from "../../net/cidr.js";
import type { Origin } from "../../source/origin.js";
import { parsePrefix } from "../iproute.js";
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
import { wordsOf } from "../words.js";

type Draft = IpSet & { readonly members: Cidr[] };

/** Reads the output of `ipset save`, or that of `ipset list`. Errors: a problem for each set of another type, member of no set, and unknown line. */
export function parseIpSets(text: string, options: ParseOptions = {}): Parsed<IpSet[]> {
  const listed: Listed = { name: "", type: "" };
  const value: Draft[] = [];
  const byName = new Map<string, Draft>();
  const problems: Problem[] = [];
  const originOf = options.originOf ?? dumpOrigin;
  eachLine(text, problems, (line, number) => {
    if (line === "" || line.startsWith("#")) return;
    const [command = "", name = "", ...words] = asSaved(wordsOf(line), listed);
    if (command === "") return;
    if (command === "create") {
      const set = createSet(name, words, originOf(number));
      if (!set.ok) problems.push(problem(number, line, set.reason));
      else {
        value.push(set.value);
        byName.set(name, set.value);
      }
      return;
    }
    const reason = command === "add" ? addMember(byName.get(name), words) : "unknown line";
    if (reason !== undefined) problems.push(problem(number, line, reason));
  });
  return { value, problems };
}

/** What `ipset list` has told of the set that it is at. */
interface Listed {
  name: string;
  type: string;
}

/** A line of `ipset list` as `ipset save` has it: of a set's header the line that tells most, of its members each. Empty for the rest. */
function asSaved(words: readonly string[], listed: Listed): readonly string[] {
  const [label = "", value = "", ...more] = words;
  if (label === "Name:") {
    listed.name = value;
    return [];
  }
  if (label === "Type:") {
    listed.type = value;
    return [];
  }
  if (label === "Header:") return ["create", listed.name, listed.type, value, ...more];
  if (/^(?:Revision|References|Members):$/.test(label) || /^(?:Size in memory|Number of entries):/.test(words.join(" "))) return [];
  const isMember = listed.name !== "" && words.length === 1 && /^[0-9a-f]/i.test(label);
  return isMember ? ["add", listed.name, label] : words;
}

function createSet(name: string, words: readonly string[], origin: Origin): Attempt<Draft> {
  const [type = ""] = words;
  const family = words[words.indexOf("family") + 1];
  if (name === "" || type !== "hash:net") return refused(`unknown type of set "${type.slice(0, 60)}"`);
  if (family !== "inet" && family !== "inet6") return refused("a set has no family");
  return understood({ name, type, family, members: [], origin });
}

function addMember(set: Draft | undefined, words: readonly string[]): string | undefined {
  if (set === undefined) return "a member of a set that is not created";
  const member = parsePrefix(words[0] ?? "", set.family === "inet" ? 4 : 6);
  if (member === undefined || words.length > 1) return "wrong member";
  set.members.push(member);
  return undefined;
}
