import type { CatalogEntry } from "./entry.js";

/** DVRC5xxx: what a host cannot hold as it was asked for. */
export const lowerEntries = {
  "overwritten-flows": {
    code: "DVRC5001",
    severity: "warning",
    message: 'On bridge "{bridge}" of host "{host}", flows of a port overwrite {count} of another port that have the same match.',
    help: "Put the ports on different hosts, or give their address pairs MACs of their own.",
    explanation:
      "Open vSwitch keeps one flow for each table, priority and match. Two ports of one host and network that allow the same MAC want the same flows with other actions; the one that is programmed last is left, and dvrc keeps those of the port wired last.",
  },
} as const satisfies Record<string, CatalogEntry>;
