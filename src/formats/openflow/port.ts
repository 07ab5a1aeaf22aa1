import type { OfPort } from "../../ir/match.js";
import { parseCount } from "../words.js";

/** Number of a port that a flow names: `patch-tun`. Undefined where the bridge has none of that name. */
export type PortResolver = (name: string) => OfPort | undefined;

/** What the parsers of flows take besides the text. */
export interface FlowParseOptions {
  /** Without one, a port must be written as a number or `LOCAL`. */
  readonly resolvePort?: PortResolver;
}

/** Reads a port of a flow: a number, `LOCAL`, or a name that the resolver knows. Errors: undefined where it is none. */
export function parsePort(text: string, options: FlowParseOptions): OfPort | undefined {
  if (/^local$/i.test(text)) return "local";
  const number = parseCount(text, 65535);
  if (number !== undefined) return number === 65534 ? "local" : number;
  return options.resolvePort?.(text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text);
}
