import process from "node:process";
import { dirname, sep } from "node:path";
import { exitCode, type Context } from "./context.js";
import { printFailure, printTopologyFailure } from "./failure.js";

/** Files of dvrc, as a stack names them. */
const own = dirname(import.meta.dirname) + sep;

/**
 * Watches for what a TypeScript topology does beyond what dvrc waits for: it ends the process, never settles, or fails later on.
 *
 * Without this Node would print a stack, or end without a word.
 * Shape: a function to call when the command is over, after which the process may end.
 */
export function watchStrays(context: Context, debug: boolean): () => void {
  let told = false;
  const blame = (message: string): void => {
    told = true;
    process.exitCode = printTopologyFailure(message, context);
  };
  process.on("uncaughtException", (error: unknown) => {
    const byUser = !(error instanceof Error) || !isOwn(error.stack ?? "");
    if (byUser) blame(error instanceof Error ? error.message : "what it throws is no Error");
    told = true;
    process.exit(byUser ? exitCode.trouble : printFailure(error, context, debug));
  });
  // Nothing is left to do, and the command is not over.
  const waits = (): void => blame("it waits for what never comes");
  const ends = (): void => {
    if (!told) blame("it ends the process");
  };
  process.once("beforeExit", waits);
  process.once("exit", ends);
  return () => {
    process.off("beforeExit", waits);
    process.off("exit", ends);
  };
}

/** True where the innermost frame that is not Node's own is in dvrc's files. */
function isOwn(stack: string): boolean {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line) && !line.includes("node:"));
  return frames.length === 0 || (frames[0] ?? "").includes(own);
}
