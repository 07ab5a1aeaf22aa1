import { commandLineEntries } from "./catalog/command-line.js";
import { type CatalogEntry } from "./catalog/entry.js";
import { floatingIpEntries } from "./catalog/floating-ips.js";
import { hostEntries } from "./catalog/hosts.js";
import { nameEntries } from "./catalog/names.js";
import { networkEntries } from "./catalog/networks.js";
import { portEntries } from "./catalog/ports.js";
import { readEntries } from "./catalog/read.js";
import { routerEntries } from "./catalog/routers.js";
import { securityGroupEntries } from "./catalog/security-groups.js";
import { shapeEntries } from "./catalog/shape.js";
import { weaknessEntries } from "./catalog/weaknesses.js";

export type { CatalogEntry, Severity } from "./catalog/entry.js";

/**
 * Every diagnostic of dvrc by slug.
 *
 * 1xxx read, 2xxx shape, 3xxx check, 4xxx resolve and lock, 5xxx lower, 6xxx command line and output folder, 7xxx import and dumps.
 */
export const catalog = {
  ...readEntries,
  ...shapeEntries,
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
  ...commandLineEntries,
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
