import { type SourceSpan, lineColumn } from "../source/span.js";
import type { Severity } from "./catalog.js";
import type { Diagnostic } from "./diagnostic.js";
import { shownMessage, shownPath } from "./format.js";
import { sortedByPlace } from "./order.js";

/** A place for machines: lines and columns count from 1, columns in UTF-16 units, the end is exclusive. */
export interface JsonPlace {
  /** Relative to the working folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A diagnostic as `--json` prints it. The place is missing where no document exists. */
export interface JsonDiagnostic extends Partial<JsonPlace> {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly related: readonly (JsonPlace & { readonly message: string })[];
}

/** Diagnostics for machines, in the order of {@link sortedByPlace}; paths are relative to the working folder. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[], cwd: string): JsonDiagnostic[] {
  return sortedByPlace(diagnostics).map(({ at, code, name, severity, message, help, related }) => ({
    ...(at === undefined ? {} : jsonPlace(at, cwd)),
    code,
    name,
    severity,
    message: shownMessage(message, cwd),
    ...(help === undefined ? {} : { help }),
    related: related.map((other) => ({ ...jsonPlace(other.at, cwd), message: other.message })),
  }));
}

function jsonPlace(at: SourceSpan, cwd: string): JsonPlace {
  const start = lineColumn(at.source, at.start);
  const end = lineColumn(at.source, at.end);
  return { file: shownPath(at.source, cwd), line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
