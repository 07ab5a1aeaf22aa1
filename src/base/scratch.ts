/** What a text is made of: texts, or bytes of whole characters in UTF-8, that follow one another. */
export type Pieces = readonly (string | Uint8Array)[];

/** Bytes of UTF-8 that a UTF-16 code unit takes at most. */
const bytesOfUnit = 3;

/**
 * Memory for the bytes of one file after the other. To fetch memory from the system for each costs more than all that is done with the bytes.
 *
 * What is answered holds until something else is asked for.
 */
export class Scratch {
  private buffer = Buffer.alloc(0);

  /** So many bytes or more, with what was there before. */
  room(size: number): Buffer {
    if (this.buffer.length < size) this.buffer = Buffer.allocUnsafeSlow(Math.max(size, 2 * this.buffer.length));
    return this.buffer;
  }

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
}
