import process from "node:process";
import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";

/** By which a terminal, a supervisor and a closed terminal end a process. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What tells a thread that it runs a command line for the main one. */
export const commandLineThread = "dvrc command line";

/** What such a thread tells the main one, which alone hears signals: whether it wants to, or by which the process is to end now. */
export type ThreadSays = "hears signals" | "hears none" | NodeJS.Signals;

/**
 * Hears the next signal that would end the process; the one after it does end it.
 *
 * Shape: a function that stops hearing.
 */
export function hearSignals(hear: (signal: NodeJS.Signals) => void): () => void {
  const main = mainPort();
  return main === undefined ? hearOwnSignals(hear) : hearFrom(main, hear);
}

/** Ends the process by a signal that was heard. */
export function endBy(signal: NodeJS.Signals): void {
  const main = mainPort();
  if (main === undefined) process.kill(process.pid, signal);
  else main.postMessage(signal satisfies ThreadSays);
}

function mainPort(): MessagePort | undefined {
  return !isMainThread && workerData === commandLineThread ? (parentPort ?? undefined) : undefined;
}

function hearOwnSignals(hear: (signal: NodeJS.Signals) => void): () => void {
  const heard = (signal: NodeJS.Signals): void => {
    forget();
    hear(signal);
  };
  const forget = (): void => {
    for (const signal of signals) process.off(signal, heard);
  };
  for (const signal of signals) process.on(signal, heard);
  return forget;
}

function hearFrom(main: MessagePort, hear: (signal: NodeJS.Signals) => void): () => void {
  main.off("message", endBy).once("message", hear);
  main.postMessage("hears signals" satisfies ThreadSays);
  return () => {
    // One that is on its way is for nobody.
    main.off("message", hear).on("message", endBy).unref();
    main.postMessage("hears none" satisfies ThreadSays);
  };
}
