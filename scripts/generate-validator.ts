import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { defined } from "../src/base/invariant.js";

const banner = "// Generated from schema/topology.schema.json by scripts/generate-validator.ts.\n";

/**
 * The validator of the topology's schema as a module, so that dvrc neither loads ajv nor compiles the schema when it starts.
 *
 * Shape: an ES module without imports that exports `validate`. Each error carries the schema that it violates, for "did you mean".
 */
export async function generateValidator(): Promise<string> {
  const text = readFileSync("schema/topology.schema.json", "utf8");
  const schema = JSON.parse(text, withoutAnnotations) as AnySchemaObject;
  const ajv = new Ajv2020({
    allErrors: true,
    messages: false,
    verbose: true,
    allowUnionTypes: true,
    inlineRefs: false,

    code: { source: true, esm: true },
  });
  ajv.addSchema(schema);
  const code = standalone.default(ajv, { validate: schema.$id as string });
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    minify: true,
  });
  const small = defined(outputFiles[0], "esbuild's output").text;
  return banner + small;
}

/** Leaves out what validates nothing; a property may be named `description`, so only text is taken for one. */
function withoutAnnotations(this: unknown, key: string, value: unknown): unknown {
  if (key === "description" && typeof value === "string") return undefined;
  return key === "examples" && Array.isArray(value) ? undefined : value;
}
