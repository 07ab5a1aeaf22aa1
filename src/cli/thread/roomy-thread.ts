import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { type CommandLineThread, endBy, hearSignals } from "./signals.js";

/**
 * Young generation of a thread that builds, in MB, three times what V8 collects at once: most of what a host takes should die in it. That of the
 * main thread is half of this, and cannot be made larger once the process runs.
 */
export const roomyMegabytes = 96;

/** As {@link roomyMegabytes}, of a thread that builds what changes: what a rebuild of 1,000 servers takes has room, and is collected when it is over. */
const watchingMegabytes = 384;

/** Seen from here, and from the bundled file of a command. */
const program = join(import.meta.dirname, "../../../bin/dvrc.js");

/**
 * Runs a command line in a thread with room for what dies young, and hands it the signals that it wants to hear.
 *
 * Shape: the exit code. Errors: what ends the thread from outside, as memory that is used up does.
 */
export async function runInRoomyThread(args: readonly string[], isWatching: boolean): Promise<number> {
  const megabytes = isWatching ? watchingMegabytes : roomyMegabytes;
  const hearsSignals = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  // It has its size from the beginning: V8 would give back what a pause leaves unused, and to fetch that again takes longer than to collect garbage.
  setFlagsFromString(`--min-semi-space-size=${megabytes / 3}`);
  const thread = new Worker(program, {
    argv: [...args],
    workerData: { hearsSignals } satisfies CommandLineThread,
    resourceLimits: { maxYoungGenerationSizeMb: megabytes },
  });
  const forget = hearSignals((signal) => {
    if (Atomics.load(new Int32Array(hearsSignals), 0) === 1) thread.postMessage(signal);
    else endBy(signal);
  });
  // The thread has left everything as it should be.
  thread.on("message", endBy);
  try {
    return await new Promise<number>((resolve, reject) => {
      thread.once("error", reject);
      thread.once("exit", resolve);
    });
  } finally {
    forget();
  }
}
