import type { Pieces } from "../base/scratch.js";
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

/** An artefact on its way to the disk. */
export interface ArtefactInPieces {
  readonly path: string;
  /** Bytes hold until the next artefact is asked for. */
  readonly pieces: Pieces;
}

/** The same in one piece. */
export function wholeArtefact({ path, pieces }: ArtefactInPieces): Artefact {
  return { path, text: pieces.map((piece) => (typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8"))).join("") };
}
