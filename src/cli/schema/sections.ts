import { defined } from "../../base/invariant.js";
import type { JsonSchema } from "./json-schema.js";

/** A property of a section, in words. */
export interface SchemaProperty {
  readonly name: string;
  /** `string`, `integer 1..65535`, `"dvr" | "legacy"`, `list of string`, `Subnet by name`. */
  readonly type: string;
  readonly required: boolean;
  /** As JSON; undefined where the description says what happens without it. */
  readonly standard: string | undefined;
  readonly description: string;
}

/** An object of the topology language. */
export interface SchemaSection {
  /** Name of its definition: `Subnet`; the topology itself is `Topology`. */
  readonly title: string;
  /** Where it first stands: `networks.<name>.subnets.<name>`; empty for the topology. */
  readonly path: string;
  readonly description: string;
  readonly properties: readonly SchemaProperty[];
  /** As the schema gives them. */
  readonly examples: readonly unknown[];
}

/**
 * The objects of the topology language.
 *
 * Order: the topology, then each object where it is first met, outer ones before inner ones.
 */
export function schemaSections(schema: JsonSchema): readonly SchemaSection[] {
  const definitions = new Map(Object.entries(schema.$defs ?? {}));
  const sections: SchemaSection[] = [];
  const met = new Set<string>();
  const waiting = [{ title: "Topology", path: "", object: schema }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { title, path, object } = next;
    sections.push({
      title,
      path,
      description: object.description ?? "",
      properties: Object.entries(object.properties ?? {}).map(([name, property]) => propertyOf(name, property, object, definitions)),
      examples: object.examples ?? [],
    });
    for (const [name, property] of Object.entries(object.properties ?? {})) {
      for (const found of objectsIn(property, path === "" ? name : `${path}.${name}`, definitions)) {
        if (met.has(found.title)) continue;
        met.add(found.title);
        waiting.push(found);
      }
    }
  }
  return sections;
}

type Definitions = ReadonlyMap<string, JsonSchema>;

function propertyOf(name: string, property: JsonSchema, object: JsonSchema, definitions: Definitions): SchemaProperty {
  return {
    name,
    type: typeText(property, definitions),
    required: object.required?.includes(name) === true,
    standard: property.default === undefined ? undefined : JSON.stringify(property.default),
    description: property.description ?? referred(property, definitions)?.schema.description ?? "",
  };
}

function objectsIn(schema: JsonSchema, path: string, definitions: Definitions): { title: string; path: string; object: JsonSchema }[] {
  const reference = referred(schema, definitions);
  if (reference !== undefined) {
    return reference.schema.properties === undefined ? [] : [{ title: reference.name, path, object: reference.schema }];
  }
  const inside = [
    ...(schema.anyOf ?? []).map((branch) => [branch, path] as const),
    ...(schema.items === undefined ? [] : [[schema.items, `${path}[]`] as const]),
    ...(typeof schema.additionalProperties === "object" ? [[schema.additionalProperties, `${path}.<name>`] as const] : []),
  ];
  return inside.flatMap(([child, childPath]) => objectsIn(child, childPath, definitions));
}

function typeText(schema: JsonSchema, definitions: Definitions): string {
  const reference = referred(schema, definitions);
  if (reference !== undefined) return reference.schema.properties === undefined ? typeText(reference.schema, definitions) : reference.name;
  if (schema.anyOf !== undefined) return schema.anyOf.map((branch) => typeText(branch, definitions)).join(" | ");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.items !== undefined) return `list of ${inList(typeText(schema.items, definitions))}`;
  if (typeof schema.additionalProperties === "object") return `${typeText(schema.additionalProperties, definitions)} by name`;
  const types = [schema.type ?? "anything"].flat().join(" | ");
  if (schema.minimum === undefined) return types;
  return schema.maximum === undefined ? `${types}, at least ${schema.minimum}` : `${types} ${schema.minimum}..${schema.maximum}`;
}

function inList(text: string): string {
  return text.includes(" | ") ? `(${text})` : text;
}

function referred(schema: JsonSchema, definitions: Definitions): { readonly name: string; readonly schema: JsonSchema } | undefined {
  if (schema.$ref === undefined) return undefined;
  const name = schema.$ref.replace("#/$defs/", "");
  return { name, schema: defined(definitions.get(name), `schema definition ${name}`) };
}
