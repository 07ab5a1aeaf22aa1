import { type Parsed, problem } from "../parsed.js";

/** A value of Open vSwitch's database (RFC 7047): a set of one is that one; an id is its text. */
export type OvsValue = string | number | boolean | readonly OvsValue[] | ReadonlyMap<string, OvsValue>;

/** A row by column name. */
export type OvsRow = ReadonlyMap<string, OvsValue>;

/** The largest text that is read, in UTF-16 units. */
const longestText = 256 * 1024 * 1024;

/**
 * Reads the output of `ovs-vsctl --format=json list <table>`.
 *
 * Errors: a problem where the text is no such table, and for each row of another shape; its line is that of the text, which has one.
 * Source: ovs-vsctl(8); RFC 7047, section 5.1.
 */
export function parseOvsTable(text: string): Parsed<OvsRow[]> {
  const json = parseJson(text);
  if (json.reason !== undefined) return { value: [], problems: [problem(1, text, json.reason)] };
  const table = json.value;
  if (!isObject(table) || !isTextList(table.headings) || !Array.isArray(table.data)) {
    return { value: [], problems: [problem(1, text, "not a table of Open vSwitch's database")] };
  }
  const value: OvsRow[] = [];
  const problems = [];
  for (const [index, row] of (table.data as unknown[]).entries()) {
    const read = readRow(table.headings, row);
    if (read === undefined) problems.push(problem(1, JSON.stringify(row), `row ${index + 1} is not understood`));
    else value.push(read);
  }
  return { value, problems };
}

function parseJson(text: string): { readonly value?: unknown; readonly reason?: string } {
  if (text.length > longestText) return { reason: "the text is too long" };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : "not JSON" };
  }
}

function readRow(headings: readonly string[], row: unknown): OvsRow | undefined {
  if (!Array.isArray(row) || row.length !== headings.length) return undefined;
  const columns = new Map<string, OvsValue>();
  for (const [index, heading] of headings.entries()) {
    const value = readValue(row[index]);
    if (value === undefined) return undefined;
    columns.set(heading, value);
  }
  return columns;
}

function readValue(json: unknown): OvsValue | undefined {
  if (typeof json === "string" || typeof json === "number" || typeof json === "boolean") return json;
  if (!Array.isArray(json) || json.length !== 2) return undefined;
  const [kind, content] = json as [unknown, unknown];
  if (kind === "uuid" || kind === "named-uuid") return typeof content === "string" ? content : undefined;
  if (!Array.isArray(content)) return undefined;
  return kind === "set" ? readSet(content) : kind === "map" ? readMap(content) : undefined;
}

function readSet(content: readonly unknown[]): readonly OvsValue[] | undefined {
  const values: OvsValue[] = [];
  for (const item of content) {
    const value = isAtom(item) ? readValue(item) : undefined;
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function readMap(content: readonly unknown[]): ReadonlyMap<string, OvsValue> | undefined {
  const map = new Map<string, OvsValue>();
  for (const pair of content) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined;
    const [key, item] = pair as [unknown, unknown];
    const name = isAtom(key) ? readValue(key) : undefined;
    const value = isAtom(item) ? readValue(item) : undefined;
    if (name === undefined || typeof name === "object" || value === undefined) return undefined;
    map.set(String(name), value);
  }
  return map;
}

/** Sets and maps hold plain values and ids only, so that reading never goes deeper. */
function isAtom(json: unknown): boolean {
  return !Array.isArray(json) ? json !== null && typeof json !== "object" : json[0] === "uuid" || json[0] === "named-uuid";
}

function isObject(json: unknown): json is { readonly headings?: unknown; readonly data?: unknown } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isTextList(json: unknown): json is readonly string[] {
  return Array.isArray(json) && json.every((item) => typeof item === "string");
}
