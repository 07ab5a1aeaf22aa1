/** The words of a line: runs of anything but blanks and tabs. */
export function wordsOf(line: string): string[] {
  const trimmed = line.trim();
  return trimmed === "" ? [] : trimmed.split(/[ \t]+/);
}

/**
 * Splits a list at commas outside of parentheses and brackets; empty items are kept.
 *
 * Errors: undefined where they are not balanced.
 */
export function splitList(text: string): string[] | undefined {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 91) depth++;
    else if (code === 41 || code === 93) {
      if (--depth < 0) return undefined;
    } else if (code === 44 && depth === 0) {
      items.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (depth !== 0) return undefined;
  items.push(text.slice(start));
  return items;
}

const decimal = /^\d{1,20}$/;
const hexadecimal = /^0x[0-9a-f]{1,16}$/i;

/** Reads a number as tools take it, decimal or `0x` hexadecimal, up to 64 bits. Errors: undefined where it is neither. */
export function parseBig(text: string): bigint | undefined {
  if (!decimal.test(text) && !hexadecimal.test(text)) return undefined;
  const value = BigInt(text);
  return value > 0xffffffffffffffffn ? undefined : value;
}

/** Reads a number as tools take it, no greater than the limit. Errors: undefined where it is none or too great. */
export function parseCount(text: string, limit: number): number | undefined {
  if (!decimal.test(text) && !hexadecimal.test(text)) return undefined;
  const value = Number(text);
  return value <= limit ? value : undefined;
}

/** Texts of small numbers, as ports, marks and tunnel keys are: flows have them by the million. */
const smallHex = new Array<string | undefined>(4096);

/** A number as C's `%#x` prints it: zero has no prefix. */
export function hex(value: number | bigint): string {
  if (typeof value === "number" && value < smallHex.length) return (smallHex[value] ??= hexOf(value));
  return hexOf(value);
}

function hexOf(value: number | bigint): string {
  return Number(value) === 0 ? "0" : `0x${value.toString(16)}`;
}
