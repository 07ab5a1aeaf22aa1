/** How bad it is: an error stops the pipeline at the end of its phase, a warning does not. */
export type Severity = "error" | "warning";

/** One entry of the catalogue. */
export interface CatalogEntry {
  /** `DVRC` and four digits; the thousands give the phase. Never reused. */
  readonly code: `DVRC${number}`;
  readonly severity: Severity;
  /** One sentence that states the fact, present tense, entities quoted; `{name}` is a hole. */
  readonly message: string;
  /** What to do about it; may have holes. Left out where `report` is given one. */
  readonly help?: string;
  /** Why dvrc says so, for docs/diagnostics.md: the rule of Neutron, Open vSwitch or the language. */
  readonly explanation: string;
}
