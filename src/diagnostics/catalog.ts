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

/**
 * Every diagnostic of dvrc by slug.
 *
 * 1xxx read, 2xxx shape, 3xxx check, 4xxx resolve and lock, 5xxx lower, 6xxx command line and output folder, 7xxx import and dumps.
 */
export const catalog = {
  "file-not-found": {
    code: "DVRC1001",
    severity: "error",
    message: 'File "{file}" cannot be read: {reason}.',
    explanation: "The entry file, an imported file or a lock is missing or not readable.",
  },
  "unknown-file-type": {
    code: "DVRC1002",
    severity: "error",
    message: 'File "{file}" is neither .ts, .yaml, .yml nor .json.',
    explanation: "The language of a topology is told by the extension of its file.",
  },
} as const satisfies Record<string, CatalogEntry>;

/** Slug of a diagnostic. */
export type Slug = keyof typeof catalog;

/** The holes of a message template, so that `report` is checked by the compiler against the catalogue. */
type HolesOf<Template extends string> = Template extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;

type EntryOf<S extends Slug> = (typeof catalog)[S];
type HelpOf<S extends Slug> = EntryOf<S> extends { readonly help: infer H extends string } ? H : "";

/** Values for the holes of an entry's message and help. */
export type Holes<S extends Slug> = { readonly [H in HolesOf<EntryOf<S>["message"]> | HolesOf<HelpOf<S>>]: string | number };
