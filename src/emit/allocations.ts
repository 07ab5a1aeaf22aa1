/** An allocated value: whose it is, what it is, and how it first came about. */
export interface AllocationRow {
  readonly owner: string;
  readonly value: string | number | boolean | readonly string[];
  readonly how: string;
}

/**
 * The text of `allocations.txt` of values that are sorted by owner: one a line, in columns of fixed widths, so that a new value changes one line.
 *
 * A word with blanks, quotes or anything beyond printable ASCII is a JSON string; the names of an order are joined by commas.
 */
export function printAllocations(rows: Iterable<AllocationRow>): string {
  const blocks: string[] = [];
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(printAllocation(row));
    if (lines.length < linesOfBlock) continue;
    blocks.push(lines.join(""));
    lines = [];
  }
  return blocks.join("") + lines.join("");
}

/** The line of a value. */
export function printAllocation({ owner, value, how }: AllocationRow): string {
  return `${word(owner).padEnd(56)} ${valueWord(value).padEnd(40)} ${how}\n`;
}

/** Lines of a large cloud that were all kept until the end would fill the memory. */
const linesOfBlock = 4096;

function valueWord(value: AllocationRow["value"]): string {
  return typeof value === "object" ? value.map(word).join(",") || "-" : word(String(value));
}

function word(text: string): string {
  if (/^[!#-~]+$/.test(text)) return text;
  return JSON.stringify(text).replace(/[\u007f-\u{10ffff}]/gu, escaped);
}

function escaped(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at++) text += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return text;
}
