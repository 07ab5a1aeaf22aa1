import type { CtState } from "../../ir/match.js";

/** Flags of `ct_state` in the order of their bits, which is print order. Source: ovs-fields(7). */
export const ctStateFlags = ["new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"] as const;

const flagPlaces: ReadonlyMap<string, number> = new Map(ctStateFlags.map((flag, place) => [flag, place]));

/**
 * Reads `+trk-new` (the flags named are compared) or `est|trk` (all are: the others are unset) and puts the flags in print order.
 *
 * Errors: undefined where a flag is unknown or named twice.
 */
export function parseCtState(text: string): CtState | undefined {
  return text.startsWith("+") || text.startsWith("-") ? parseSigned(text) : parseExact(text);
}

function parseSigned(text: string): CtState | undefined {
  const signs: string[] = [];
  for (const [whole, sign = "", flag = ""] of text.matchAll(/([+-])(\w*)|[^+-]+/g)) {
    const place = flagPlaces.get(flag);
    if (place === undefined || whole === "" || signs[place] !== undefined) return undefined;
    signs[place] = sign;
  }
  return ctStateFlags.map((flag, place) => (signs[place] === undefined ? "" : signs[place] + flag)).join("");
}

function parseExact(text: string): CtState | undefined {
  const set: boolean[] = [];
  for (const flag of text === "0" ? [] : text.split("|")) {
    const place = flagPlaces.get(flag);
    if (place === undefined || set[place] === true) return undefined;
    set[place] = true;
  }
  return ctStateFlags.filter((_, place) => set[place] === true).join("|") || "0";
}
