import type { Masked } from "../../ir/match.js";
import { parseCount } from "../words.js";

/** Reads `0x2/0xffff`, or `0x5`, whose mask takes all bits. Errors: undefined where a number is none. */
export function parseMaskedMark(text: string): Masked<number> | undefined {
  const slash = text.indexOf("/");
  const value = parseCount(slash < 0 ? text : text.slice(0, slash), 0xffffffff);
  const mask = slash < 0 ? 0xffffffff : parseCount(text.slice(slash + 1), 0xffffffff);
  return value === undefined || mask === undefined ? undefined : { value, mask };
}
