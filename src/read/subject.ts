import { type Pointer, pointerKeys } from "../source/pointer.js";
import { memberOf } from "../source/value-at.js";

/** What one entry of a section is called. */
const nouns = new Map([
  ["hosts", "host"],
  ["aggregates", "aggregate"],
  ["address_scopes", "address scope"],
  ["address_groups", "address group"],
  ["networks", "network"],
  ["routers", "router"],
  ["servers", "server"],
  ["ports", "port"],
  ["floating_ips", "floating IP"],
  ["security_groups", "security group"],
]);

/** Options are sections too, but of attributes. */
const optionSections = new Set(["agent", "neutron"]);

/**
 * What a pointer leads to, in the words of the field: `Network "blue"`, `Item 1 of "interfaces" of router "R1"`, `Attribute "mtu" of network "blue"`.
 *
 * Shape: the beginning of a sentence.
 */
export function subjectOf(pointer: Pointer, document: unknown): string {
  const keys = pointerKeys(pointer);
  const { phrase, kind } = keys.length === 0 ? { phrase: "the topology", kind: "entity" } : phraseOf(keys, document);
  const text = kind === "attribute" ? `attribute ${phrase}` : phrase;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Phrase {
  readonly phrase: string;
  readonly kind: "entity" | "attribute";
}

function phraseOf(keys: readonly string[], document: unknown): Phrase {
  const [section = "", name, ...rest] = keys;
  const noun = nouns.get(section);
  if (noun === undefined && !optionSections.has(section)) return steps({ phrase: "the topology", kind: "entity" }, keys, document);
  if (noun === undefined) return steps({ phrase: `section "${section}"`, kind: "entity" }, keys.slice(1), memberOf(document, section));
  if (name === undefined) return { phrase: `section "${section}"`, kind: "entity" };
  const value = memberOf(memberOf(document, section), name);
  const [list, subnet, ...inside] = rest;
  if (section === "networks" && list === "subnets" && subnet !== undefined) {
    return steps({ phrase: `subnet "${subnet}" of network "${name}"`, kind: "entity" }, inside, memberOf(memberOf(value, list), subnet));
  }
  return steps({ phrase: `${noun} "${name}"`, kind: "entity" }, rest, value);
}

function steps(owner: Phrase, keys: readonly string[], value: unknown): Phrase {
  let result = owner;
  let at = value;
  for (const key of keys) {
    result = Array.isArray(at)
      ? { phrase: `item ${Number(key) + 1} of ${result.phrase}`, kind: "entity" }
      : { phrase: `"${key}" of ${result.phrase}`, kind: "attribute" };
    at = memberOf(at, key);
  }
  return result;
}
