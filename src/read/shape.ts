import { didYouMean } from "../base/did-you-mean.js";
import { invariant } from "../base/invariant.js";
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { TopologyDocument } from "../dsl/types.generated.js";
import type { Part, SourceDocument } from "../source/document.js";
import { type Pointer, pointerTo } from "../source/pointer.js";
import type { SourceSpan } from "../source/span.js";
import { memberOf, valueAt } from "../source/value-at.js";
import { meantErrors } from "./schema-errors.js";
import { subjectOf } from "./subject.js";
import { type SchemaError, validate } from "./validator.generated.js";

/**
 * The document as a topology of the schema's shape. Whether names, addresses and ranges make sense is for `check` to say.
 *
 * Errors: every deviation from schema/topology.schema.json, in the words of the field, at the value or key.
 */
export function checkShape(document: SourceDocument): Result<TopologyDocument> {
  const { value } = document;
  if (validate(value)) return [value as TopologyDocument, []];
  const errors = meantErrors(validate.errors ?? []);
  invariant(errors.length > 0, "a document without errors is refused");
  const collector = new Collector();
  const suggested = suggestedProperties(errors, value);
  for (const error of errors) {
    const isSuggested =
      error.keyword === "required" && suggested.has(pointerTo(error.instancePath, textOf(error.params["missingProperty"])));
    if (!isSuggested) collector.add(diagnose(error, document));
  }
  return [undefined, collector.diagnostics];
}

function diagnose(error: SchemaError, document: SourceDocument): Diagnostic {
  const { instancePath: pointer, params } = error;
  const value = valueAt(document.value, pointer);
  const subject = subjectOf(pointer, document.value);
  const at = (part: Part, of: Pointer = pointer): SourceSpan => document.locate(of, part).span;
  switch (error.keyword) {
    case "type": {
      const expected = [params["type"]].flat().map(textOf);
      const found = typeName(value);
      return report("wrong-type", { subject, found, expected: anyOf(expected.map(withArticle)) }, at("value"), {
        help: typeHelp(value, expected, document, pointer),
      });
    }
    case "additionalProperties": {
      const key = textOf(params["additionalProperty"]);
      const help = propertyHelp(error, key, value);
      return report("unknown-property", { subject, key }, at("key", pointerTo(pointer, key)), { help });
    }
    case "required":
      return report("missing-property", { subject, key: textOf(params["missingProperty"]) }, at("key"));
    case "enum":
    case "const": {
      const allowed = error.keyword === "enum" ? (params["allowedValues"] as readonly unknown[]) : [params["allowedValue"]];
      const meant = typeof value === "string" ? didYouMean(value, allowed.filter(isText)) : undefined;
      const help = meant === undefined ? undefined : `Did you mean "${meant}"?`;
      return report("not-one-of", { subject, found: literal(value), choices: anyOf(allowed.map(literal)) }, at("value"), { help });
    }
    case "minItems":
    case "maxItems":
      return report(
        "wrong-length",
        { subject, found: items((value as readonly unknown[]).length), expected: items(Number(params["limit"])) },
        at("value"),
      );
    case "minimum":
    case "maximum": {
      const relation = error.keyword === "minimum" ? "below" : "above";
      return report("out-of-range", { subject, found: literal(value), relation, limit: Number(params["limit"]) }, at("value"));
    }
    case "uniqueItems": {
      const [first, again] = [Number(params["i"]), Number(params["j"])].sort((a, b) => a - b);
      const related = [{ at: at("value", pointerTo(pointer, first ?? 0)), message: "The item is given here first." }];
      return report("repeated-item", { subject }, at("value", pointerTo(pointer, again ?? 0)), { related });
    }
    case "minLength":
      if (error.propertyName === undefined) return report("empty-value", { subject }, at("value"));
      return report(
        "empty-value",
        { subject: `A name in ${subject.charAt(0).toLowerCase()}${subject.slice(1)}` },
        at("key", pointerTo(pointer, "")),
      );
    case "minProperties":
      return report("empty-value", { subject }, at("value"));
    default:
      invariant(false, `the schema's keyword "${error.keyword}" has no diagnostic`);
  }
}

/** The attribute that an unknown one was meant to be. */
function propertyMeant(error: SchemaError, key: string, value: unknown): string | undefined {
  const known = Object.keys(error.parentSchema?.properties ?? {});
  return didYouMean(
    key,
    known.filter((property) => memberOf(value, property) === undefined),
  );
}

function propertyHelp(error: SchemaError, key: string, value: unknown): string | undefined {
  const meant = propertyMeant(error, key, value);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}

/** Pointers to attributes that an unknown key was meant to be: that they are missing needs no word of its own. */
function suggestedProperties(errors: readonly SchemaError[], document: unknown): ReadonlySet<Pointer> {
  const suggested = new Set<Pointer>();
  for (const error of errors) {
    if (error.keyword !== "additionalProperties") continue;
    const meant = propertyMeant(error, textOf(error.params["additionalProperty"]), valueAt(document, error.instancePath));
    if (meant !== undefined) suggested.add(pointerTo(error.instancePath, meant));
  }
  return suggested;
}

/** What to write instead, where YAML's or the user's idea of a word is the cause. */
function typeHelp(value: unknown, expected: readonly string[], document: SourceDocument, pointer: Pointer): string | undefined {
  if (expected.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    const { span, exact } = document.locate(pointer);
    const written = exact ? span.source.text.slice(span.start, span.end) : JSON.stringify(value);
    return `Write it in quotes: "${written}".`;
  }
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  if (expected.includes("boolean") && ["yes", "on", "true"].includes(text)) return "Write true.";
  if (expected.includes("boolean") && ["no", "off", "false"].includes(text)) return "Write false.";
  return expected.includes("integer") && /^\d+$/.test(text) ? `Write it without quotes: ${text}.` : undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return withArticle(typeof value);
}

function withArticle(type: string): string {
  if (type === "null") return type;
  if (type === "array") return "a list";
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function items(count: number): string {
  return count === 0 ? "no items" : count === 1 ? "1 item" : `${count} items`;
}

function anyOf(choices: readonly string[]): string {
  const unique = [...new Set(choices)];
  const last = unique.pop() ?? "";
  return unique.length === 0 ? last : `${unique.join(", ")} or ${last}`;
}

function literal(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeName(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function textOf(param: unknown): string {
  return String(param);
}
