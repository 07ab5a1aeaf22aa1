import type { PrintedLine } from "../formats/printed.js";

/** A line of an artefact and why it is there; only lines before the first cause have none. */
export type ArtefactLine = PrintedLine;

/** A file of the output tree. */
export interface Artefact {
  /** Relative to the tree, `/` between parts, every part safe as a file name. */
  readonly path: string;
  /** LF at the end of each line. */
  readonly text: string;
}
