import type { Origin } from "../source/origin.js";

/** A line of an artefact and why it is there. */
export interface ArtefactLine {
  readonly text: string;
  /** Undefined only for lines that are pure form: `COMMIT`, blank lines. They take the origin of the line before. */
  readonly origin: Origin | undefined;
}

/** A file of the output tree. */
export interface Artefact {
  /** Relative to the tree, `/` between parts, every part safe as a file name. */
  readonly path: string;
  /** LF at the end of each line; undefined lines when only text was asked for. */
  readonly text: string;
}
