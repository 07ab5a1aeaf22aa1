/**
 * The value of a JSON text in which no object has a key twice, and which has at most `depth` levels.
 *
 * Undefined where that is not so, or only seems so: then a scan tells. It takes many times as long, and finds what diagnostics need.
 */
export function soundValue(text: string, depth: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // A key that is given twice is one member of the value, but has two colons in the text.
  return membersOf(value, depth) === colonsOf(text) ? value : undefined;
}

/** Number of members of all objects in a value; not a number where it has more levels. */
function membersOf(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth === 0) return Number.NaN;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) if (typeof member === "object") count += membersOf(member, depth - 1);
  return count;
}

const quote = 0x22;
const blanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

/** Number of colons that may follow a key: those behind a quote. Some may be inside of text. */
function colonsOf(text: string): number {
  let count = 0;
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    let before = colon - 1;
    while (blanks.has(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === quote) count++;
  }
  return count;
}
