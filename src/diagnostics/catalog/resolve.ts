import type { CatalogEntry } from "./entry.js";

/** DVRC40xx: allocation and the lock file. */
export const resolveEntries = {
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
} as const satisfies Record<string, CatalogEntry>;
