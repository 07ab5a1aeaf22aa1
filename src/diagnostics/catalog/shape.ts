import type { CatalogEntry } from "./entry.js";

/** DVRC2xxx: the shape that schema/topology.schema.json gives a topology. */
export const shapeEntries = {
  "wrong-type": {
    code: "DVRC2001",
    severity: "error",
    message: "{subject} is {found}, not {expected}.",
    explanation: "The schema (`dvrc schema`) gives each attribute its type.",
  },
  "unknown-property": {
    code: "DVRC2002",
    severity: "error",
    message: '{subject} has no attribute "{key}".',
    explanation: "The schema (`dvrc schema`) lists the attributes; one that dvrc does not know would be ignored silently.",
  },
  "missing-property": {
    code: "DVRC2003",
    severity: "error",
    message: '{subject} lacks the attribute "{key}".',
    explanation: "The schema (`dvrc schema`) says which attributes are required.",
  },
  "not-one-of": {
    code: "DVRC2004",
    severity: "error",
    message: "{subject} is {found}, not {choices}.",
    explanation: "The attribute has a fixed set of values, Neutron's own.",
  },
  "wrong-length": {
    code: "DVRC2005",
    severity: "error",
    message: "{subject} has {found}, not {expected}.",
    explanation: "The list has a fixed length, such as the first and the last number of a range.",
  },
  "out-of-range": {
    code: "DVRC2006",
    severity: "error",
    message: "{subject} is {found}, which is {relation} {limit}.",
    explanation: "The attribute has bounds: those of the protocol field or of Neutron's option.",
  },
  "repeated-item": {
    code: "DVRC2007",
    severity: "error",
    message: "{subject} has the same item twice.",
    explanation: "The list is a set: an item counts once.",
  },
  "empty-value": {
    code: "DVRC2008",
    severity: "error",
    message: "{subject} is empty.",
    explanation: "The value needs content to mean anything.",
  },
} as const satisfies Record<string, CatalogEntry>;
