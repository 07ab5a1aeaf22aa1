import type { Place } from "../source/place.js";
import type { SourceText } from "../source/span.js";
import type { JsonNode } from "./json-scan.js";

/** The place of a value whose members and items were found by scanning. */
export function jsonPlace(node: JsonNode, source: SourceText): Place {
  return {
    span: { source, start: node.start, end: node.end },
    exact: true,
    member(key) {
      const member = node.members?.get(key);
      if (member !== undefined)
        return { key: { source, start: member.key.start, end: member.key.end }, value: jsonPlace(member.value, source) };
      const item = /^\d+$/.test(key) ? node.items?.[Number(key)] : undefined;
      return item === undefined ? undefined : { key: undefined, value: jsonPlace(item, source) };
    },
  };
}
