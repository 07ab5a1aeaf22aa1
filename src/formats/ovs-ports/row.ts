/** A row of `br-*.ports`: five columns, the last one `key=value` words. */
export interface PortRow {
  readonly ofport: string;
  readonly name: string;
  /** `-` where there is none. */
  readonly tag: string;
  readonly type: string;
  readonly options: readonly (readonly [key: string, value: string])[];
}

/** The titles above the rows. */
export const portTitles = "ofport name             tag  type     options";

const plainWord = /^[-\w.:,@%/+=]+$/;

/** A row as text: columns padded to fixed widths, so that a new port changes one line; words with other characters are JSON strings. */
export function printRow(row: PortRow): string {
  let options = "";
  for (const [key, value] of row.options) options += (options === "" ? "" : " ") + option(key, value);
  return `${row.ofport.padEnd(6)} ${word(row.name).padEnd(16)} ${row.tag.padEnd(4)} ${row.type.padEnd(8)} ${options}`.trimEnd();
}

function option(key: string, value: string): string {
  // Looked at one by one, since a word put together would have to be written out for it.
  const plain = plainWord.test(key) && (value === "" || plainWord.test(value));
  return plain ? `${key}=${value}` : word(`${key}=${value}`);
}

function word(text: string): string {
  return plainWord.test(text) ? text : JSON.stringify(text);
}

/** Reads a row. Errors: undefined where a quote is open, a column is missing or an option has no `=`. */
export function parseRow(line: string): PortRow | undefined {
  const words = parseWords(line);
  if (words === undefined) return undefined;
  const [ofport, name, tag, type, ...rest] = words;
  if (ofport === undefined || name === undefined || tag === undefined || type === undefined) return undefined;
  const options: (readonly [string, string])[] = [];
  for (const text of rest) {
    const equals = text.indexOf("=");
    if (equals < 0) return undefined;
    options.push([text.slice(0, equals), text.slice(equals + 1)]);
  }
  return { ofport, name, tag, type, options };
}

function parseWords(line: string): string[] | undefined {
  const words: string[] = [];
  const next = /"(?:[^"\\]|\\.)*"|[^\s"]+|(\S)/g;
  for (const [text, stray] of line.matchAll(next)) {
    if (stray !== undefined) return undefined;
    const value = text.startsWith('"') ? parseQuoted(text) : text;
    if (value === undefined) return undefined;
    words.push(value);
  }
  return words;
}

function parseQuoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
