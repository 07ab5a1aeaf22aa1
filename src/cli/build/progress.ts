import { visible } from "../../diagnostics/visible.js";
import { coloursOf } from "../colours.js";
import type { Context } from "../context.js";

/** Tells how far a long build is. */
export interface Progress {
  /** So many of all hosts are done; the next one's name. */
  at(done: number, next: string): void;
  /** Wipes the line. */
  end(): void;
}

/** Milliseconds before a build counts as long, and between two updates of the line. */
const patience = 400;
const interval = 80;

/** Progress on the terminal's last line; silent where standard error is none. */
export function progressOf(context: Context, hosts: number, now: () => number = Date.now): Progress {
  if (context.stderr.isTTY !== true) return { at: () => undefined, end: () => undefined };
  const colours = coloursOf(context.stderr, context.env);
  const startedAt = now();
  let shownAt = 0;
  return {
    at(done, next) {
      const time = now();
      if (time - startedAt < patience || time - shownAt < interval) return;
      shownAt = time;
      const room = Math.max(10, (context.stderr.columns ?? 80) - 30);
      context.stderr.write(`\r\x1b[K${colours.cyan(`host ${done + 1} of ${hosts}`)} ${colours.dim(visible(next).slice(0, room))}`);
    },
    end() {
      if (shownAt > 0) context.stderr.write("\r\x1b[K");
    },
  };
}
