import { defined } from "../../base/invariant.js";
import type { JsonSchema } from "./json-schema.js";

/**
 * The JSON schema of one object of the language, complete in itself: with the definitions that it leads to and no others.
 *
 * Shape: `title` is a definition's name; the topology's own is the whole schema.
 */
export function sectionSchema(schema: JsonSchema, title: string): JsonSchema {
  const definitions = schema.$defs ?? {};
  const section = new Map(Object.entries(definitions)).get(title);
  if (section === undefined) return schema;
  const used = new Set<string>();
  const waiting = [section];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of referredIn(next)) {
      if (used.has(name)) continue;
      used.add(name);
      waiting.push(defined(definitions[name], `schema definition ${name}`));
    }
  }
  const $defs = Object.fromEntries(Object.entries(definitions).filter(([name]) => used.has(name)));
  return {
    ...(schema.$schema === undefined ? {} : { $schema: schema.$schema }),
    title,
    ...section,
    ...(used.size === 0 ? {} : { $defs }),
  };
}

/** Names of the definitions that a schema refers to, at any depth. */
function referredIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === "$ref" && typeof member === "string" ? [member.replace("#/$defs/", "")] : referredIn(member),
  );
}
