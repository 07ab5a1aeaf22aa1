import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import ts from "typescript";
import { stringify } from "yaml";
import { byText } from "../src/base/order.js";
import type { JsonSchema } from "../src/cli/schema/json-schema.js";
import { schemaSections } from "../src/cli/schema/sections.js";
import { catalog, type CatalogEntry } from "../src/diagnostics/catalog.js";
import { releases } from "../src/releases/index.js";
import renderDiagnostics from "./reference/diagnostics.md.hbs";
import renderReleases from "./reference/releases.md.hbs";
import renderTopology from "./reference/topology.md.hbs";

/** Phase of each thousand of the diagnostics' codes. */
const phases = new Map([
  ["1", "1xxx: reading files"],
  ["2", "2xxx: the shape of a topology"],
  ["3", "3xxx: what a topology means"],
  ["4", "4xxx: allocations and the lock"],
  ["5", "5xxx: what a host cannot hold as it was asked for"],
  ["6", "6xxx: command line and artefact tree"],
  ["7", "7xxx: import and dumps"],
]);

/** docs/diagnostics.md from the catalogue, in order of code. */
export function generateDiagnosticsReference(): Promise<string> {
  const entries = Object.entries<CatalogEntry>(catalog)
    .map(([slug, entry]) => ({ slug, ...entry, help: entry.help ?? "" }))
    .sort((a, b) => byText(a.code, b.code));
  return markdown(
    renderDiagnostics({
      phases: [...phases]
        .map(([digit, title]) => ({ title, entries: entries.filter((entry) => entry.code.startsWith(`DVRC${digit}`)) }))
        .filter((phase) => phase.entries.length > 0),
    }),
  );
}

/** docs/topology.md from the schema, in the schema's order. */
export function generateTopologyReference(): Promise<string> {
  const schema = JSON.parse(readFileSync("schema/topology.schema.json", "utf8")) as JsonSchema;
  const sections = schemaSections(schema).map((section) => ({
    ...section,
    properties: section.properties.map((property) => ({
      name: property.name,
      type: cell(property.type),
      standard: property.required ? "required" : property.standard === undefined ? "" : cell(`\`${property.standard}\``),
      description: cell(property.description),
    })),
    examples: section.examples.map((example) => stringify(example).trimEnd()),
  }));
  return markdown(renderTopology({ sections }));
}

/** docs/releases.md from the records of the releases, which are compared leaf by leaf. */
export function generateReleasesReference(): Promise<string> {
  const records = releases.map(({ features, name, ...facts }) => ({ name, features, facts: new Map(leaves(facts, "")) }));
  const factNames = [...new Set(records.flatMap((record) => [...record.facts.keys()]))];
  return markdown(
    renderReleases({
      names: row(records.map((record) => record.name)),
      rule: row(records.map(() => "---")),
      features: [...featureMeanings()].map(([name, meaning]) => ({
        name,
        meaning: cell(meaning),
        values: row(records.map((record) => ([...record.features].some((feature) => feature === name) ? "yes" : ""))),
      })),
      facts: factNames.map((name) => ({ name, values: row(records.map((record) => cell(record.facts.get(name) ?? ""))) })),
    }),
  );
}

function leaves(value: object, prefix: string): [path: string, text: string][] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (child === undefined) return [];
    if (Array.isArray(child)) return [[path, child.join(", ")]];
    return typeof child === "object" && child !== null ? leaves(child, path) : [[path, JSON.stringify(child).replaceAll('"', "")]];
  });
}

/** Each feature with its doc comment; one without has that of the feature before it. */
function featureMeanings(): Map<string, string> {
  const text = readFileSync("src/releases/features.ts", "utf8");
  const file = ts.createSourceFile("features.ts", text, ts.ScriptTarget.ES2022, true);
  const meanings = new Map<string, string>();
  let meaning = "";
  for (const statement of file.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || !ts.isUnionTypeNode(statement.type)) continue;
    for (const member of statement.type.types) {
      if (!ts.isLiteralTypeNode(member) || !ts.isStringLiteral(member.literal)) continue;
      meaning = commentBefore(text, member) ?? meaning;
      meanings.set(member.literal.text, meaning);
    }
  }
  return meanings;
}

function commentBefore(text: string, node: ts.Node): string | undefined {
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\|?\s*$/.exec(text.slice(Math.max(0, node.getStart() - 1000), node.getStart()));
  return comment?.[1]?.replace(/\s*\n\s*\*\s?/g, " ").trim();
}

function row(cells: readonly string[]): string {
  return cells.join(" | ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ").replaceAll("<", "&lt;");
}

async function markdown(text: string): Promise<string> {
  return format(text, { ...(await resolveConfig("docs/topology.md")), parser: "markdown" });
}
