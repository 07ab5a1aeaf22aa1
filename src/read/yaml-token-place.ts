import { CST } from "yaml";
import type { MemberPlace, Place } from "../source/place.js";
import type { SourceText } from "../source/span.js";
import { trimmedSpan } from "./yaml-place.js";
import { scalarText } from "./yaml-plain.js";

/** The place of what `plainYaml` reads: as `yamlPlace` has it, without composing nodes. */
export function tokenPlace(token: CST.Token, source: SourceText): Place {
  // Made at the first question: most collections are never asked.
  let members: ReadonlyMap<string, MemberPlace> | undefined;
  return {
    span: trimmedSpan(token.offset, endOf(token), source),
    exact: true,
    member(key) {
      members ??= new Map(membersOf(token, source));
      return members.get(key);
    },
  };
}

function* membersOf(token: CST.Token, source: SourceText): Iterable<readonly [string, MemberPlace]> {
  if (!CST.isCollection(token)) return;
  for (const [index, { key, value }] of token.items.entries()) {
    if (CST.isScalar(key)) yield [scalarText(key) ?? "", pairPlace(key, value, source)];
    else if (value !== undefined) yield [String(index), { key: undefined, value: tokenPlace(value, source) }];
  }
}

/** An empty value is placed at its key: there is nothing to point at. */
function pairPlace(key: CST.Token, value: CST.Token | undefined, source: SourceText): MemberPlace {
  const at = tokenPlace(key, source);
  return { key: at.span, value: value === undefined || endOf(value) === value.offset ? at : tokenPlace(value, source) };
}

/** Where a token ends, without the comments and blanks behind it. */
function endOf(token: CST.Token): number {
  if (CST.isScalar(token)) return rangeOf(token)[1];
  if (token.type === "flow-collection") return behind(token.end.slice(0, 1), token.offset);
  if (!CST.isCollection(token)) return token.offset;
  const last = token.items.findLast(({ sep, value }) => sep !== undefined || value !== undefined);
  return last?.value === undefined ? behind(last?.sep ?? [], token.offset) : outerEndOf(last.value);
}

/** Where a token ends, with the comments behind it. */
function outerEndOf(token: CST.Token): number {
  if (CST.isScalar(token)) return rangeOf(token)[2];
  if (token.type === "flow-collection") return behind(token.end, token.offset);
  const last = CST.isCollection(token) ? token.items.at(-1) : undefined;
  return last === undefined || last.sep !== undefined || last.value !== undefined ? endOf(token) : behind(last.start, token.offset);
}

function rangeOf(token: CST.FlowScalar | CST.BlockScalar): readonly [number, number, number] {
  return CST.resolveAsScalar(token, true, () => undefined).range;
}

/** The end of the last of some tokens. */
function behind(tokens: readonly CST.SourceToken[], otherwise: number): number {
  const last = tokens.at(-1);
  return last === undefined ? otherwise : last.offset + last.source.length;
}
