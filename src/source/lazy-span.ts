import type { SourceSpan, SourceText } from "./span.js";

/** A span that is looked up at the first question: finding a place may mean reading its text again, and most are never shown. */
export class LazySpan implements SourceSpan {
  #found: SourceSpan | undefined;

  constructor(readonly find: () => SourceSpan) {}

  get source(): SourceText {
    return this.#span().source;
  }

  get start(): number {
    return this.#span().start;
  }

  get end(): number {
    return this.#span().end;
  }

  #span(): SourceSpan {
    this.#found ??= this.find();
    return this.#found;
  }
}
