import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { coloursOf } from "./colours.js";
import { exitCode, type Context, type ExitCode } from "./context.js";

/** Prints diagnostics for people on standard error, paths relative to the working folder. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], context: Context): void {
  context.stderr.write(formatDiagnostics(diagnostics, { cwd: context.cwd, colours: coloursOf(context.stderr, context.env) }));
}

/** Diagnostics alone as a JSON document: `{ "diagnostics": [...] }`. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], context: Context): string {
  return `${JSON.stringify({ diagnostics: diagnosticsToJson(diagnostics, context.cwd) }, undefined, 2)}\n`;
}

/** Tells why a command has nothing to say: on standard output with `--json`, for people otherwise. */
export function printTrouble(
  diagnostics: readonly Diagnostic[],
  { json }: { readonly json?: boolean | undefined },
  context: Context,
): ExitCode {
  if (json === true) context.stdout.write(diagnosticsJson(diagnostics, context));
  else printDiagnostics(diagnostics, context);
  return exitCode.trouble;
}

/** `2 errors, 1 warning`; empty where there is none. */
export function tally(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  return [errors > 0 ? counted(errors, "error") : "", warnings > 0 ? counted(warnings, "warning") : ""]
    .filter((part) => part !== "")
    .join(", ");
}

/** `1 host`, `2 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
