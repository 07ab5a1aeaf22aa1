import { fstatSync, readSync } from "node:fs";
import type { Pieces } from "../artefact.js";

/** Bytes of UTF-8 that a UTF-16 code unit takes at most. */
const bytesOfUnit = 3;

/**
 * Memory for the bytes of one file after the other. To fetch memory from the system for each costs more than all that is done with the bytes.
 *
 * What is answered holds until something else is asked for.
 */
export class Scratch {
  private buffer = Buffer.alloc(0);

  /** What pieces are together. */
  join(pieces: Pieces): Buffer {
    let most = 0;
    for (const piece of pieces) most += typeof piece === "string" ? bytesOfUnit * piece.length : piece.length;
    const buffer = this.room(most);
    let end = 0;
    for (const piece of pieces) {
      if (typeof piece === "string") end += buffer.write(piece, end);
      else {
        buffer.set(piece, end);
        end += piece.length;
      }
    }
    return buffer.subarray(0, end);
  }

  /** What an open file has from its beginning. */
  read(file: number): Buffer {
    // One byte more, to see that the file ends.
    let buffer = this.room(fstatSync(file).size + 1);
    let end = 0;
    for (let count = -1; count !== 0; end += count) {
      if (end === buffer.length) {
        const whole = buffer;
        buffer = this.room(2 * end);
        buffer.set(whole);
      }
      count = readSync(file, buffer, end, buffer.length - end, end);
    }
    return buffer.subarray(0, end);
  }

  /** The memory, which is fetched where it is not enough. */
  private room(size: number): Buffer {
    if (this.buffer.length < size) this.buffer = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.buffer.length));
    return this.buffer;
  }
}
