import type { SourceSpan } from "./span.js";

/**
 * A span that is looked up at the first question: finding a place may mean reading its text again, and most are never shown.
 *
 * To who copies or prints it, it is a span like any other.
 */
export function lazySpan(find: () => SourceSpan): SourceSpan {
  let found: SourceSpan | undefined;
  const span = (): SourceSpan => (found ??= find());
  return {
    get source() {
      return span().source;
    },
    get start() {
      return span().start;
    },
    get end() {
      return span().end;
    },
  };
}
