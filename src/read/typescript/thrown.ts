import { SourceMap, type SourceMapPayload } from "node:module";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { type SourceSpan, type SourceText, lineStarts } from "../../source/span.js";
import { compileModule } from "./compile-module.js";
import { ts } from "./compiler.js";
import type { UserProgram } from "./user-program.js";

/** The diagnostic of what the user's code threw, at the place in the user's files that it came from. */
export function thrownDiagnostic(thrown: unknown, user: UserProgram): Diagnostic {
  const message = messageOf(thrown).replace(/\.$/, "");
  return report("topology-throws", { message }, placeOf(thrown, user) ?? entrySpan(user));
}

/** An error is an object of the user's, whose properties may be anything. */
function messageOf(thrown: unknown): string {
  const unknown = "what it throws is no Error";
  if (!(thrown instanceof Error)) return typeof thrown === "string" ? thrown : unknown;
  try {
    const message: unknown = thrown.message;
    return thrown.name === "Error" ? String(message) : `${thrown.name}: ${String(message)}`;
  } catch {
    return unknown;
  }
}

function stackOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  try {
    const stack: unknown = thrown.stack;
    return typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined;
  }
}

/** The innermost frame of the stack that is in one of the user's files. */
function placeOf(thrown: unknown, user: UserProgram): SourceSpan | undefined {
  const stack = stackOf(thrown);
  if (stack === undefined) return undefined;
  const files = new Map(user.files.map((file) => [file.fileName, file]));
  // The message comes first and may have lines of its own.
  for (const line of stack.slice(stack.indexOf("\n    at ")).split("\n")) {
    const [, path = "", row, column] = /(?:at |\()([^()]*):(\d+):(\d+)\)?$/.exec(line) ?? [];
    const file = files.get(path.replace(/^async /, ""));
    if (file !== undefined) return originalSpan(user.sourceOf(file), file.fileName, Number(row), Number(column));
  }
  return undefined;
}

/** From a place in the compiled code to the word in the source. The module is compiled again: only failures need the map. */
function originalSpan(source: SourceText, path: string, row: number, column: number): SourceSpan {
  const { map = "{}" } = compileModule(source.text, path, true);
  const entry = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(row - 1, column - 1);
  const line = "originalLine" in entry ? entry.originalLine : 0;
  const start = (lineStarts(source)[line] ?? 0) + ("originalColumn" in entry ? entry.originalColumn : 0);
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, source.text, undefined, start);
  scanner.scan();
  return { source, start, end: Math.max(scanner.getTokenEnd(), start + 1) };
}

/** The default export, or the beginning of the file. */
function entrySpan(user: UserProgram): SourceSpan {
  const statement = user.entry.statements.find(ts.isExportAssignment);
  const start = statement?.getStart(user.entry) ?? 0;
  return { source: user.sourceOf(user.entry), start, end: statement === undefined ? start : start + "export default".length };
}
