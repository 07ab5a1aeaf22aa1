/** A word of a rule: what it says, and where it stands in the line. */
export interface Token {
  /** Without its quotes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Splits a rule at blanks; quoted words keep theirs. Errors: undefined where a quote is not closed. */
export function tokensOf(line: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length;) {
    const code = line.charCodeAt(at);
    if (code === 32 || code === 9) {
      at++;
      continue;
    }
    const token = code === 34 ? quotedAt(line, at) : plainAt(line, at);
    if (token === undefined) return undefined;
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function plainAt(line: string, start: number): Token {
  let end = start;
  while (end < line.length && line.charCodeAt(end) !== 32 && line.charCodeAt(end) !== 9) end++;
  return { value: line.slice(start, end), start, end };
}

function quotedAt(line: string, start: number): Token | undefined {
  let value = "";
  for (let at = start + 1; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === '"') return { value, start, end: at + 1 };
    value += character === "\\" ? (line[++at] ?? "") : character;
  }
  return undefined;
}
