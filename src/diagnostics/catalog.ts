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
  "unknown-host-option": {
    code: "DVRC6051",
    severity: "error",
    message: 'The topology has no host "{host}".',
    explanation: "`--host` names a key of the topology's `hosts`.",
  },
  "lock-would-change": {
    code: "DVRC6052",
    severity: "error",
    message: 'Lock "{lock}" would change: {changes}.',
    help: 'Run "dvrc build {topology} --no-frozen" and commit the lock.',
    explanation:
      "With `--frozen`, the default where `CI` is set, a build only uses allocations that the lock has: a machine that cannot commit the lock would lose what it allocates.",
  },
  "not-in-a-tree": {
    code: "DVRC6053",
    severity: "error",
    message: '"{file}" is not in an artefact tree: no manifest.json of dvrc is above it.',
    explanation: "`dvrc explain` compiles the host again, and the tree's manifest tells from which topology and for which release.",
  },
  "no-such-artefact": {
    code: "DVRC6054",
    severity: "error",
    message: 'The topology as it is now does not make "{artefact}".',
    explanation: "The artefact is of a host or a namespace that the topology no longer has; `dvrc build` brings the tree up to date.",
  },
  "no-such-line": {
    code: "DVRC6055",
    severity: "error",
    message: '"{artefact}" has no line {line}; it has {count}.',
    explanation: "Lines count from 1.",
  },
  "unknown-schema-section": {
    code: "DVRC6056",
    severity: "error",
    message: 'The topology language has no section "{section}".',
    explanation: "A section is named by its title or its path: `dvrc schema` prints all of them.",
  },
  "file-exists": {
    code: "DVRC6057",
    severity: "error",
    message: '"{file}" exists already.',
    help: "Name another folder, or remove the file.",
    explanation: "`dvrc init` never overwrites a file.",
  },
  "system-refused": {
    code: "DVRC6058",
    severity: "error",
    message: '"{path}" cannot be used: {reason}.',
    explanation: "The operating system refused to open, read, write or rename a file or a folder.",
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
