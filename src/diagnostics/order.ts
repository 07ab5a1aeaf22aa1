import { type Comparator, by, byNumber, byText, inTurn, sorted } from "../base/order.js";
import type { Diagnostic } from "./diagnostic.js";

/** Order in which diagnostics are shown: file, offset, code, message; those without a place first. */
export const byPlace: Comparator<Diagnostic> = inTurn(
  by((diagnostic) => diagnostic.at?.source.path ?? "", byText),
  by((diagnostic) => diagnostic.at?.start ?? -1, byNumber),
  by((diagnostic) => diagnostic.code, byText),
  by((diagnostic) => diagnostic.message, byText),
);

/** Diagnostics in the order in which they are shown. */
export function sortedByPlace(diagnostics: Iterable<Diagnostic>): Diagnostic[] {
  return sorted(diagnostics, byPlace);
}
