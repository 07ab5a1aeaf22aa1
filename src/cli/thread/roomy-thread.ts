import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { commandLineThread, endBy, hearSignals, type ThreadSays } from "./signals.js";

/**
 * Young generation of a thread that builds, in MB, three times what V8 collects at once: most of what a host takes should die in it. That of the
 * main thread is a quarter of this, and cannot be made larger once the process runs.
 */
export const roomyMegabytes = 192;

/** Seen from the bundled file of a command; it is not there where dvrc runs from its sources. */
const program = join(import.meta.dirname, "../../../bin/dvrc.js");

/** True where {@link runInRoomyThread} can be. */
export function hasRoomyThread(): boolean {
  return existsSync(program);
}

/**
 * Runs a command line in a thread with room for what dies young, and hands it the signals that it wants to hear.
 *
 * Shape: the exit code. Errors: what ends the thread from outside, as memory that is used up does.
 */
export function runInRoomyThread(args: readonly string[]): Promise<number> {
  const thread = new Worker(program, {
    argv: [...args],
    workerData: commandLineThread,
    resourceLimits: { maxYoungGenerationSizeMb: roomyMegabytes },
  });
  let forget = (): void => undefined;
  thread.on("message", (said: ThreadSays) => {
    forget();
    if (said === "hears signals") forget = hearSignals((signal) => thread.postMessage(signal));
    else if (said !== "hears none") endBy(said);
  });
  return new Promise((resolve, reject) => {
    thread.once("error", reject);
    thread.once("exit", resolve);
  });
}
