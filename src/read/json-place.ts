import type { MemberPlace, Place } from "../source/place.js";
import type { SourceText } from "../source/span.js";

/** The place of the whole value of a JSON text without faults. What nobody asks for is passed over. */
export function jsonPlace(source: SourceText): Place {
  const start = behindBlanks(source.text, 0);
  return placeAt(source, start, behindValue(source.text, start));
}

function placeAt(source: SourceText, start: number, end: number): Place {
  let members: ReadonlyMap<string, MemberPlace> | undefined;
  return {
    span: { source, start, end },
    exact: true,
    member(key) {
      members ??= new Map(membersAt(source, start));
      return members.get(key);
    },
  };
}

/** Members of an object by key, items of a list by index; none of any other value. */
function* membersAt(source: SourceText, start: number): Iterable<readonly [string, MemberPlace]> {
  const { text } = source;
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return;
  for (let at = behindBlanks(text, start + 1), index = 0; text[at] !== "}" && text[at] !== "]"; index++) {
    const keyEnd = isObject ? behindText(text, at) : at;
    const valueStart = isObject ? behindBlanks(text, keyEnd) : at;
    const valueEnd = behindValue(text, valueStart);
    const value = placeAt(source, valueStart, valueEnd);
    yield isObject
      ? [JSON.parse(text.slice(at, keyEnd)) as string, { key: { source, start: at, end: keyEnd }, value }]
      : [String(index), { key: undefined, value }];
    at = behindBlanks(text, valueEnd);
  }
}

const blanks = /[ \t\r\n,:]*/y;
const word = /[\w.+-]*/y;
const bracket = /["{}[\]]/g;

/** Behind blanks and what separates keys and values: where something is and what it is need no more, as there is no fault. */
function behindBlanks(text: string, at: number): number {
  return behind(blanks, text, at);
}

function behindValue(text: string, start: number): number {
  if (text[start] === '"') return behindText(text, start);
  if (text[start] !== "{" && text[start] !== "[") return behind(word, text, start);
  let depth = 0;
  for (let at = start; ; at = bracket.lastIndex) {
    bracket.lastIndex = at;
    const found = bracket.exec(text)?.[0];
    if (found === '"') bracket.lastIndex = behindText(text, bracket.lastIndex - 1);
    else depth += found === "{" || found === "[" ? 1 : -1;
    if (depth <= 0) return bracket.lastIndex;
  }
}

/** Behind the quote that ends a text: the first that has no odd number of backslashes before it. */
function behindText(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let escape = quote;
    while (text[escape - 1] === "\\") escape--;
    if ((quote - escape) % 2 === 0) return quote + 1;
  }
}

function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}
