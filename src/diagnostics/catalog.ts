import { type CatalogEntry } from "./catalog/entry.js";
import { floatingIpEntries } from "./catalog/floating-ips.js";
import { hostEntries } from "./catalog/hosts.js";
import { nameEntries } from "./catalog/names.js";
import { networkEntries } from "./catalog/networks.js";
import { portEntries } from "./catalog/ports.js";
import { routerEntries } from "./catalog/routers.js";
import { securityGroupEntries } from "./catalog/security-groups.js";
import { weaknessEntries } from "./catalog/weaknesses.js";

export type { CatalogEntry, Severity } from "./catalog/entry.js";

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
  "pin-collides": {
    code: "DVRC4001",
    severity: "error",
    message: 'The {what} "{value}" of "{owner}" is pinned to "{other}" as well.',
    help: "Pin another value for one of them, or leave one to dvrc.",
    explanation: "Two resources cannot have the same id, MAC, address in a network, or segmentation id.",
  },
  "pool-exhausted": {
    code: "DVRC4002",
    severity: "error",
    message: 'No {what} is left for "{owner}" in {pool}.',
    explanation: "An allocation pool, segmentation id range or range of numbers on a host has no free value.",
  },
  "lock-conflict": {
    code: "DVRC4003",
    severity: "error",
    message: "The lock file has merge conflict markers.",
    help: "Keep the lines of one side; dvrc allocates what is missing and drops what is left over.",
    explanation: "A version control system merged the lock and left both sides in it.",
  },
  "lock-syntax": {
    code: "DVRC4004",
    severity: "error",
    message: "The lock file is not a lock: {reason}.",
    explanation: "A lock is JSON with a version and an object of allocations.",
  },
  "lock-version": {
    code: "DVRC4005",
    severity: "error",
    message: "The lock file has version {version}, which this dvrc does not read.",
    help: "Use the dvrc that wrote it, or a newer one.",
    explanation: "The layout of the lock file is versioned.",
  },
  "lock-duplicate-key": {
    code: "DVRC4006",
    severity: "error",
    message: 'Lock entry "{key}" stands twice.',
    help: "Keep one of the two lines.",
    explanation: "Two branches allocated the same thing and a merge kept both.",
  },
  "lock-value-type": {
    code: "DVRC4007",
    severity: "error",
    message: 'Lock entry "{key}" is {value}, which is no string, number, boolean or list of strings.',
    explanation: "A value of the lock is a choice: a number, an order or a name.",
  },
  "lock-value-invalid": {
    code: "DVRC4008",
    severity: "error",
    message: 'Lock entry "{key}" is {value}, which is not {expected}.',
    help: "Delete the line; dvrc allocates the value anew.",
    explanation: "The lock was edited to a value that its owner cannot have.",
  },
  "lock-value-stale": {
    code: "DVRC4009",
    severity: "warning",
    message: 'Lock entry "{key}" is {value}, which the topology does not allow any more; it gets a new value.',
    explanation: "A range, subnet or zone changed in the topology, and what was allocated from it earlier lies outside.",
  },
  "lock-value-taken": {
    code: "DVRC4010",
    severity: "warning",
    message: 'Lock entry "{key}" is {value}, which "{other}" has; it gets a new value.',
    explanation:
      "A value that is pinned in the topology wins over the lock; of two equal entries of the lock the first in order of declaration does.",
  },
  ...nameEntries,
  ...networkEntries,
  ...hostEntries,
  ...routerEntries,
  ...portEntries,
  ...floatingIpEntries,
  ...securityGroupEntries,
  ...weaknessEntries,
} as const satisfies Record<string, CatalogEntry>;

/** Slug of a diagnostic. */
export type Slug = keyof typeof catalog;

/** The holes of a message template, so that `report` is checked by the compiler against the catalogue. */
type HolesOf<Template extends string> = Template extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;

type EntryOf<S extends Slug> = (typeof catalog)[S];
type HelpOf<S extends Slug> = EntryOf<S> extends { readonly help: infer H extends string } ? H : "";

/** Values for the holes of an entry's message and help. */
export type Holes<S extends Slug> = { readonly [H in HolesOf<EntryOf<S>["message"]> | HolesOf<HelpOf<S>>]: string | number };
