import { type Node, type Pair, type YAMLMap, isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import { type MemberPlace, type Place, enclosingPlace } from "../source/place.js";
import type { SourceSpan, SourceText } from "../source/span.js";
import { isMergeKey } from "./yaml-values.js";

/** The place of a node. What an alias stands for is placed at the alias, merged members at the value of their merge key. */
export function yamlPlace(node: Node, source: SourceText): Place {
  const span = spanOf(node, source);
  if (isAlias(node)) {
    const inside = enclosingPlace(span);
    return { span, exact: true, member: (key) => inside.member(key) };
  }
  if (isMap(node)) return mapPlace(node, span, source);
  if (isSeq(node))
    return { span, exact: true, member: (key) => (/^\d+$/.test(key) ? itemPlace(node.items[Number(key)], source) : undefined) };
  return { span, exact: true, member: () => undefined };
}

function itemPlace(item: unknown, source: SourceText): MemberPlace | undefined {
  return isNode(item) ? { key: undefined, value: yamlPlace(item, source) } : undefined;
}

function mapPlace(node: YAMLMap, span: SourceSpan, source: SourceText): Place {
  // Made at the first question: most mappings are never asked.
  let pairs: Map<string, Pair> | undefined;
  return {
    span,
    exact: true,
    member(key) {
      pairs ??= new Map(
        node.items.flatMap((pair) => (isScalar(pair.key) && !isMergeKey(pair.key) ? [[String(pair.key.value), pair]] : [])),
      );
      const pair = pairs.get(key);
      return pair === undefined ? mergedMember(node, source) : pairPlace(pair, source);
    },
  };
}

/** An empty value is placed at its key: there is nothing to point at. */
function pairPlace(pair: Pair, source: SourceText): MemberPlace | undefined {
  if (!isNode(pair.key)) return undefined;
  const key = spanOf(pair.key, source);
  const value = isNode(pair.value) ? yamlPlace(pair.value, source) : undefined;
  return {
    key,
    value: value === undefined || value.span.end <= value.span.start ? { span: key, exact: true, member: () => undefined } : value,
  };
}

/** Where a mapping takes in others, a member that is not written in it came from there. */
function mergedMember(node: YAMLMap, source: SourceText): MemberPlace | undefined {
  const merge = node.items.find((pair) => isMergeKey(pair.key));
  return merge !== undefined && isNode(merge.value) ? { key: undefined, value: enclosingPlace(spanOf(merge.value, source)) } : undefined;
}

function spanOf(node: Node, source: SourceText): SourceSpan {
  const start = node.range?.[0] ?? 0;
  return trimmedSpan(start, node.range?.[1] ?? start, source);
}

/** A span without the blanks at its end: the range of a block collection may run into those behind it. */
export function trimmedSpan(start: number, end: number, source: SourceText): SourceSpan {
  while (end > start && /\s/.test(source.text.charAt(end - 1))) end--;
  return { source, start, end };
}
