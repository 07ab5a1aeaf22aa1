import type { TellProgress } from "../../lab/up.js";
import { coloursOf } from "../colours.js";
import type { Context } from "../context.js";

/** Shows on the terminal's last line what is done now; silent where standard error is none. */
export function stepsOf(context: Context): { readonly tell: TellProgress; readonly end: () => void } {
  if (context.stderr.isTTY !== true) return { tell: () => undefined, end: () => undefined };
  const { cyan, dim } = coloursOf(context.stderr, context.env);
  return {
    tell: (step, done, of) => void context.stderr.write(`\r\x1b[K${cyan(step)} ${dim(`${done} of ${of}`)}`),
    end: () => void context.stderr.write("\r\x1b[K"),
  };
}
