import type { Origin } from "../source/origin.js";
import type { Entry } from "./entry.js";
import type { Renumbering } from "./translate/translation.js";

/** An entry on one side, as it stands there. */
export interface Side {
  readonly entry: Entry;
  readonly text: string;
  /** The rule and declarations of a compiled entry, the line of a dumped one. */
  readonly origin: Origin;
}

/** A difference between a host's expected and live state. */
export interface Finding {
  readonly host: string;
  /** Artefact below the host's folder; a namespace or bridge as a whole ends in a slash. */
  readonly artefact: string;
  readonly kind: "missing" | "unexpected" | "changed" | "moved" | "unreadable";
  /** What Neutron leaves to chance and history is told apart: it is a difference, but nothing is wrong. */
  readonly nature: "drift" | "chance";
  /** Absent where something is unexpected. */
  readonly expected?: Side;
  /** Absent where something is missing. */
  readonly live?: Side;
  /** What about it differs, as a clause: `other actions`. Empty where kind and texts say all. */
  readonly about: string;
  /** Line of the live side's file, counted from 1, of what could not be read. */
  readonly line?: number;
}

/** Something that was not compared, and why. */
export interface Omission {
  readonly host: string;
  /** Empty for the whole host. */
  readonly artefact: string;
  readonly reason: string;
}

/** The comparison of one host. */
export interface HostComparison {
  readonly host: string;
  readonly findings: readonly Finding[];
  readonly renumberings: readonly Renumbering[];
  readonly omissions: readonly Omission[];
  /** How many entries were compared. */
  readonly compared: number;
}
