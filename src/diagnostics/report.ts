import type { SourceSpan } from "../source/span.js";
import { catalog, type CatalogEntry, type Holes, type Slug } from "./catalog.js";
import type { Diagnostic, RelatedPlace } from "./diagnostic.js";

/** What else a diagnostic says. */
export interface ReportOptions {
  readonly related?: readonly RelatedPlace[] | undefined;
  /** Replaces the catalogue's help. */
  readonly help?: string | undefined;
}

/** A diagnostic of the catalogue; its holes are checked by the compiler. */
export function report<S extends Slug>(name: S, holes: Holes<S>, at: SourceSpan | undefined, options: ReportOptions = {}): Diagnostic {
  const entry: CatalogEntry = catalog[name];
  const help = options.help ?? (entry.help === undefined ? undefined : fill(entry.help, holes));
  return {
    code: entry.code,
    name,
    severity: entry.severity,
    message: fill(entry.message, holes),
    at,
    related: options.related ?? [],
    ...(help === undefined ? {} : { help }),
  };
}

function fill(template: string, holes: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, hole: string) => String(holes[hole] ?? ""));
}
