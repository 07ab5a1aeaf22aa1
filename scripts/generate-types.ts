import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import ts from "typescript";

/** What of JSON Schema the topology's schema uses to say a type. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly const?: boolean;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const factory = ts.factory;
const readonlyModifier = factory.createModifier(ts.SyntaxKind.ReadonlyKeyword);

/**
 * Types of the topology document as the schema has it: one interface for each object of `$defs`, and `TopologyDocument`.
 *
 * Shape: text of a TypeScript module, formatted.
 * Order: the document first, then `$defs` as the schema lists them.
 */
export async function generateTypes(schemaText: string): Promise<string> {
  const schema = JSON.parse(schemaText) as Schema;
  const definitions = schema.$defs ?? {};
  const interfaces = [interfaceOf("Topology", schema, definitions)];
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.properties !== undefined) interfaces.push(interfaceOf(name, definition, definitions));
  }
  const file = factory.createSourceFile(interfaces, factory.createToken(ts.SyntaxKind.EndOfFileToken), ts.NodeFlags.None);
  const printed = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed }).printFile(file);
  const text =
    "// Generated from schema/topology.schema.json by scripts/generate-types.ts.\n\n" + printed.replaceAll("\n}\n/**", "\n}\n\n/**");
  return format(text, { ...(await resolveConfig("src/dsl/types.generated.ts")), parser: "typescript" });
}

/** The types of schema/topology.schema.json. */
export function generateTopologyTypes(): Promise<string> {
  return generateTypes(readFileSync("schema/topology.schema.json", "utf8"));
}

function interfaceOf(name: string, schema: Schema, definitions: Readonly<Record<string, Schema>>): ts.InterfaceDeclaration {
  const members = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const optional = schema.required?.includes(key) === true ? undefined : factory.createToken(ts.SyntaxKind.QuestionToken);
    const member = factory.createPropertySignature([readonlyModifier], propertyName(key), optional, typeOf(property, definitions));
    return documented(member, property, definitions);
  });
  const modifiers = [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
  return documented(factory.createInterfaceDeclaration(modifiers, documentName(name), undefined, undefined, members), schema, definitions);
}

function typeOf(schema: Schema, definitions: Readonly<Record<string, Schema>>): ts.TypeNode {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/$defs/", "");
    const definition = definitionNamed(name, definitions);
    return definition.properties === undefined ? typeOf(definition, definitions) : factory.createTypeReferenceNode(documentName(name));
  }
  if (schema.anyOf !== undefined) return factory.createUnionTypeNode(schema.anyOf.map((branch) => typeOf(branch, definitions)));
  if (schema.enum !== undefined) return factory.createUnionTypeNode(schema.enum.map(literalType));
  if (schema.const !== undefined) return factory.createLiteralTypeNode(schema.const ? factory.createTrue() : factory.createFalse());
  if (Array.isArray(schema.type)) {
    return factory.createUnionTypeNode(schema.type.map((type: string) => typeOf({ ...schema, type }, definitions)));
  }
  switch (schema.type) {
    case "string":
      return factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
    case "integer":
      return factory.createKeywordTypeNode(ts.SyntaxKind.NumberKeyword);
    case "boolean":
      return factory.createKeywordTypeNode(ts.SyntaxKind.BooleanKeyword);
    case "null":
      return factory.createLiteralTypeNode(factory.createNull());
    case "array":
      return factory.createTypeOperatorNode(ts.SyntaxKind.ReadonlyKeyword, arrayType(schema, definitions));
    case "object":
      return mapType(schema, definitions);
    default:
      throw new Error(`schema/topology.schema.json: no type for ${JSON.stringify(schema)}`);
  }
}

function arrayType(schema: Schema, definitions: Readonly<Record<string, Schema>>): ts.ArrayTypeNode | ts.TupleTypeNode {
  const item = typeOf(schema.items ?? {}, definitions);
  if (schema.minItems !== undefined && schema.minItems === schema.maxItems) {
    return factory.createTupleTypeNode(Array.from({ length: schema.minItems }, () => item));
  }
  return factory.createArrayTypeNode(item);
}

function mapType(schema: Schema, definitions: Readonly<Record<string, Schema>>): ts.TypeNode {
  if (schema.additionalProperties === undefined || schema.additionalProperties === false) {
    throw new Error("schema/topology.schema.json: an object with properties belongs to $defs");
  }
  const key = factory.createParameterDeclaration(
    undefined,
    undefined,
    "name",
    undefined,
    factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
  );
  return factory.createTypeLiteralNode([
    factory.createIndexSignature([readonlyModifier], [key], typeOf(schema.additionalProperties, definitions)),
  ]);
}

function literalType(value: string | number): ts.TypeNode {
  return factory.createLiteralTypeNode(
    typeof value === "number" ? factory.createNumericLiteral(value) : factory.createStringLiteral(value),
  );
}

function propertyName(key: string): ts.PropertyName {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? factory.createIdentifier(key) : factory.createStringLiteral(key);
}

/** Adds the description and the default as a doc comment; a reference without words of its own has those of what it refers to. */
function documented<T extends ts.Node>(node: T, schema: Schema, definitions: Readonly<Record<string, Schema>>): T {
  const referred = schema.$ref === undefined ? undefined : definitionNamed(schema.$ref.replace("#/$defs/", ""), definitions);
  const description = schema.description ?? referred?.description;
  if (description === undefined) throw new Error(`schema/topology.schema.json: no description of ${JSON.stringify(schema)}`);
  const standard = schema.default === undefined ? "" : ` Default: \`${JSON.stringify(schema.default)}\`.`;
  return ts.addSyntheticLeadingComment(node, ts.SyntaxKind.MultiLineCommentTrivia, `* ${description}${standard} `, true);
}

function definitionNamed(name: string, definitions: Readonly<Record<string, Schema>>): Schema {
  const definition = definitions[name];
  if (definition === undefined) throw new Error(`schema/topology.schema.json: no $defs/${name}`);
  return definition;
}

function documentName(name: string): string {
  return `${name}Document`;
}
