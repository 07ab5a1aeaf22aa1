import type { Subfield } from "../../ir/action.js";

const subfieldText = /^(\w{1,64})\[(?:(\d{1,3})(?:\.\.(\d{1,3}))?)?\]$/;

/** Reads `NXM_NX_REG6[0..15]`, `NXM_NX_REG0[3]` or the whole `NXM_OF_ETH_SRC[]`. Errors: undefined where the text is none of them. */
export function parseSubfield(text: string): Subfield | undefined {
  const [, field, first, last] = subfieldText.exec(text) ?? [];
  if (field === undefined) return undefined;
  if (first === undefined) return { field };
  const bits = [Number(first), Number(last ?? first)] as const;
  return bits[0] <= bits[1] ? { field, bits } : undefined;
}
