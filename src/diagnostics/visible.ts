/**
 * Characters that a terminal obeys or hides instead of showing: controls, line separators, bidirectional overrides, zero-width and
 * other format characters, lone surrogates.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const invisibles = new RegExp(invisible, "gu");

/** East Asian wide and fullwidth characters and emoji: two columns each. Source: Unicode Standard Annex 11. */
const wide =
  /[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;

/** Marks that share the column of the character before. */
const combining = /\p{M}/u;

/** A text that is safe to print on one line: what a terminal would obey is written as an escape, as JavaScript writes it. */
export function visible(text: string): string {
  return text.replace(invisibles, escape);
}

/** A character as it is shown in a line of source, and the columns that it takes. A tab takes one to four. */
export function cell(character: string, column: number): { readonly text: string; readonly width: number } {
  if (character === "\t") {
    const width = 4 - (column % 4);
    return { text: " ".repeat(width), width };
  }
  if (invisible.test(character)) {
    const text = escape(character);
    return { text, width: text.length };
  }
  return { text: character, width: combining.test(character) ? 0 : wide.test(character) ? 2 : 1 };
}

/** The beginning of a text that would be too long to read; an ellipsis stands for the rest. */
export function clipped(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

const shortEscapes = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return shortEscapes.get(character) ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`);
}
