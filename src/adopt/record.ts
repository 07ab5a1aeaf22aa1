import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceSpan, SourceText } from "../source/span.js";

/**
 * One object of an API answer, read field by field. What is missing or of another type is reported once, at the object's id in the file.
 *
 * Errors: `answer-field` for a field that is missing or of the wrong type.
 */
export class AnswerRecord {
  constructor(
    readonly source: SourceText,
    /** What the object is called in messages: `port`. */
    readonly what: string,
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly diagnostics: Diagnostic[],
    /** Id of the object, or of the one around it. */
    private readonly id: unknown = fields["id"],
  ) {}

  /** Where the file has the object: its id, or the top of the file. */
  span(): SourceSpan {
    const { id } = this;
    const start = typeof id === "string" && id !== "" ? this.source.text.indexOf(JSON.stringify(id)) : -1;
    return start < 0 ? { source: this.source, start: 0, end: 1 } : { source: this.source, start, end: start + JSON.stringify(id).length };
  }

  /** A field that must be there; the empty string where it is not. */
  text(field: string): string {
    const value = this.value(field);
    if (typeof value === "string") return value;
    this.bad(field, "a string");
    return "";
  }

  /** A field that may be missing or null. */
  optionalText(field: string): string | undefined {
    const value = this.value(field);
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") return value;
    this.bad(field, "a string");
    return undefined;
  }

  /** A truth value, with what a missing one means. */
  boolean(field: string, otherwise: boolean): boolean {
    const value = this.value(field);
    if (value === undefined || value === null) return otherwise;
    if (typeof value === "boolean") return value;
    this.bad(field, "true or false");
    return otherwise;
  }

  /** A whole number that may be missing or null. */
  optionalInteger(field: string): number | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    this.bad(field, "a whole number");
    return undefined;
  }

  /** A list of texts; empty where missing. */
  texts(field: string): readonly string[] {
    const value = this.value(field);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every((entry): entry is string => typeof entry === "string")) return value;
    this.bad(field, "a list of strings");
    return [];
  }

  /** A list of objects; empty where missing. */
  records(field: string): readonly AnswerRecord[] {
    const value = this.value(field);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every(isFields)) return value.map((entry) => this.child(`${this.what} ${field}`, entry));
    this.bad(field, "a list of objects");
    return [];
  }

  /** An object that may be missing or null. */
  record(field: string): AnswerRecord | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    if (isFields(value)) return this.child(`${this.what} ${field}`, value);
    this.bad(field, "an object");
    return undefined;
  }

  /** Texts by name, such as `bridge_mappings`; empty where missing. */
  textMap(field: string): ReadonlyMap<string, string> {
    const record = this.record(field);
    return new Map(Object.keys(record?.fields ?? {}).map((name) => [name, record?.text(name) ?? ""]));
  }

  /** Whether the answer has the field at all: provider attributes are for administrators only. */
  has(field: string): boolean {
    return this.value(field) !== undefined;
  }

  private value(field: string): unknown {
    return Object.hasOwn(this.fields, field) ? this.fields[field] : undefined;
  }

  private child(what: string, fields: Readonly<Record<string, unknown>>): AnswerRecord {
    return new AnswerRecord(this.source, what, fields, this.diagnostics, fields["id"] ?? this.id);
  }

  private bad(field: string, expected: string): void {
    this.diagnostics.push(report("answer-field", { what: this.what, field, expected }, this.span()));
  }
}

/** True for a JSON object. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
