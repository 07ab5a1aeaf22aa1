import { expect } from "vitest";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { formatDiagnostics } from "../diagnostics/format.js";

/**
 * Asserts the diagnostics of a result, or of a list, as users see them: `place - severity code name: message`, frames, help, related places.
 *
 * `expected` is the text of `formatDiagnostics`; leading and trailing blank lines and common indentation do not count.
 */
export function expectDiagnostics(actual: Result<unknown> | readonly Diagnostic[], expected: string): void {
  expect(formatDiagnostics(diagnosticsOf(actual), { cwd: "/" }).trimEnd()).toBe(undented(expected));
}

/** Asserts the slugs of the diagnostics of a result, or of a list, in their order. */
export function expectSlugs(actual: Result<unknown> | readonly Diagnostic[], ...slugs: readonly string[]): void {
  expect(diagnosticsOf(actual).map((diagnostic) => diagnostic.name)).toEqual(slugs);
}

function diagnosticsOf(actual: Result<unknown> | readonly Diagnostic[]): readonly Diagnostic[] {
  return isResult(actual) ? actual[1] : actual;
}

function isResult(actual: Result<unknown> | readonly Diagnostic[]): actual is Result<unknown> {
  return actual.length === 2 && Array.isArray(actual[1]);
}

function undented(text: string): string {
  const lines = text.split("\n");
  while (lines[0]?.trim() === "") lines.shift();
  while (lines.at(-1)?.trim() === "") lines.pop();
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent)).join("\n");
}
