import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Context } from "./context.js";

/** Prints diagnostics for people on standard error, paths relative to the working folder. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], context: Context): void {
  for (const d of diagnostics) context.stderr.write(`${d.severity} ${d.code} ${d.name}: ${d.message}\n${d.help === undefined ? "" : `help: ${d.help}\n`}`);
}
