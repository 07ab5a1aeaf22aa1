/** Why a text is no answer, and where it goes wrong. */
export interface AnswerFailure {
  readonly reason: string;
  readonly position: number;
}

/**
 * Parses an answer: JSON, or several JSON objects one after the other, as a loop over `openstack ... show -f json` leaves them.
 *
 * Errors: a failure where it is neither.
 */
export function parseAnswer(text: string): readonly [value: unknown, failure: AnswerFailure | undefined] {
  try {
    return [JSON.parse(text) as unknown, undefined];
  } catch (error) {
    const objects = parseObjects(text);
    if (objects !== undefined) return [objects, undefined];
    const reason = error instanceof Error ? error.message : String(error);
    return [undefined, { reason, position: Number(/position (\d+)/.exec(reason)?.[1] ?? text.length) }];
  }
}

/** JSON objects with nothing but blanks between them; undefined where there is anything else. */
function parseObjects(text: string): unknown[] | undefined {
  const objects: unknown[] = [];
  for (let start = nextNonBlank(text, 0); start < text.length;) {
    const end = text[start] === "{" ? endOfObject(text, start) : undefined;
    if (end === undefined) return undefined;
    try {
      objects.push(JSON.parse(text.slice(start, end)));
    } catch {
      return undefined;
    }
    start = nextNonBlank(text, end);
  }
  return objects.length > 1 ? objects : undefined;
}

function nextNonBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  return at;
}

/** The place after the brace that closes an object; undefined where none does. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) if (text.charAt(at) === "\\") at++;
    } else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return undefined;
}
