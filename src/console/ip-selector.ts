import type { Device, Namespace } from "../ir/namespace.js";
import { abbreviates } from "./command-line.js";
import { type Answer, listed, refusal, type Where } from "./answer.js";

/** The namespace in which a command runs, and its stack. Errors: a refusal in a host's own namespace where nothing is programmed. */
export function namespaceOf(where: Where): Namespace | Answer {
  if (where.station !== undefined) return where.station.stack.namespace;
  const root = where.host?.state.root;
  if (root !== undefined) return root;
  return refusal(
    `Neutron programs nothing in the own namespace of host ${JSON.stringify(where.host?.name ?? "")}; use ip netns exec with ${listed(where.host?.namespaces.keys() ?? [])}.`,
  );
}

/** The words of a selector: pairs such as `dev X`, and words that stand alone. */
export interface Selector {
  readonly pairs: ReadonlyMap<string, string>;
  readonly alone: readonly string[];
}

/** Reads a selector; keywords that `abbreviated` lists are known by their beginnings, the first one first. Errors: a refusal where a keyword has no value. */
export function readSelector(
  words: readonly string[],
  keywords: readonly string[],
  abbreviated: readonly string[] = [],
): Selector | Answer {
  const pairs = new Map<string, string>();
  const alone: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const keyword = keywords.find((each) => each === word) ?? abbreviated.find((each) => abbreviates(word, each));
    if (keyword === undefined) {
      alone.push(word);
      continue;
    }
    const value = words[++at];
    if (value === undefined) return refusal(`Command line is not complete: ${word} needs a value.`);
    pairs.set(keyword, value);
  }
  return { pairs, alone };
}

/** The device of a name. Errors: a refusal that lists the namespace's devices. */
export function deviceNamed(namespace: Namespace, name: string): Device | Answer {
  const device = namespace.devices.find((each) => each.name === name);
  return (
    device ?? refusal(`Device ${JSON.stringify(name)} does not exist. There are ${listed(namespace.devices.map((each) => each.name))}.`)
  );
}
