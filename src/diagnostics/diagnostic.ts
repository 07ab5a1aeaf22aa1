import type { SourceSpan } from "../source/span.js";
import type { Severity, Slug } from "./catalog.js";

/** Another place that a diagnostic is about. */
export interface RelatedPlace {
  readonly at: SourceSpan;
  readonly message: string;
}

/** Something to tell the user about the input. A value, never thrown. */
export interface Diagnostic {
  readonly code: string;
  readonly name: Slug;
  readonly severity: Severity;
  readonly message: string;
  /** Undefined only where no document exists. */
  readonly at: SourceSpan | undefined;
  readonly related: readonly RelatedPlace[];
  readonly help?: string;
}

/** The outcome of a phase: the value is undefined exactly when an error is among the diagnostics. */
export type Result<T> = readonly [value: T | undefined, diagnostics: readonly Diagnostic[]];

/** True where an error is among them. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
