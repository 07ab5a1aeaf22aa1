import picocolors from "picocolors";
import type { Context, TextStream } from "./context.js";

/** Functions that wrap text in terminal colours, or leave it as it is. */
export type Colours = ReturnType<typeof picocolors.createColors>;

/**
 * True where a stream is to have colours: `NO_COLOR` turns them off, `FORCE_COLOR` on, else a terminal that is not dumb has them.
 *
 * Source: no-color.org, force-color.org.
 */
export function wantsColours(stream: TextStream, env: Context["env"]): boolean {
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** The colours of a stream. */
export function coloursOf(stream: TextStream, env: Context["env"]): Colours {
  return picocolors.createColors(wantsColours(stream, env));
}
