import { endBy, hearSignals } from "../thread/signals.js";

/**
 * Does work that must not leave its traces when the process is told to end: `giveUp` removes them, and then the process ends as it was told to.
 *
 * A second signal ends it at once. Signals are heard whenever the work waits for something.
 */
export async function interruptible<T>(work: () => Promise<T>, giveUp: () => Promise<void>): Promise<T> {
  const ending = new AbortController();
  const forget = hearSignals((signal) => {
    ending.abort();
    void giveUp().finally(() => endBy(signal));
  });
  try {
    return await work();
  } catch (error) {
    // What was given up may fail in any way: the process is about to end.
    if (ending.signal.aborted) await new Promise<never>(() => undefined);
    throw error;
  } finally {
    forget();
  }
}
