import process from "node:process";

/** By which a terminal, a supervisor and a closed terminal end a process. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that must not leave its traces when the process is told to end: `giveUp` removes them, and then the process ends as it was told to.
 *
 * A second signal ends it at once. Signals are heard whenever the work waits for something.
 */
export async function interruptible<T>(work: () => Promise<T>, giveUp: () => Promise<void>): Promise<T> {
  const ending = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    ending.abort();
    forget();
    void giveUp().finally(() => process.kill(process.pid, signal));
  };
  const forget = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
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
