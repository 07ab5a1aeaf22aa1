import process from "node:process";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";

/** By which a terminal, a supervisor and a closed terminal end a process. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a thread is given that runs a command line for the main one, which alone hears signals. */
export interface CommandLineThread {
  /** One number: 1 while the thread wants to be sent signals. */
  readonly hearsSignals: SharedArrayBuffer;
}

/**
 * Hears the next signal that would end the process; the one after it does end it.
 *
 * Shape: a function that stops hearing.
 */
export function hearSignals(hear: (signal: NodeJS.Signals) => void): () => void {
  const thread = thisThread();
  return thread === undefined ? hearOwnSignals(hear) : hearMain(thread, hear);
}

/** Ends the process by a signal that was heard: nothing more is done in this thread. */
export function endBy(signal: NodeJS.Signals): void {
  const thread = thisThread();
  if (thread === undefined) process.kill(process.pid, signal);
  else {
    thread.main.postMessage(signal);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0);
  }
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

interface ThisThread {
  readonly main: MessagePort;
  readonly hears: Int32Array;
}

/** Undefined where nobody sends this thread signals. */
function thisThread(): ThisThread | undefined {
  const data = workerData as Partial<CommandLineThread> | null;
  if (parentPort === null || !(data?.hearsSignals instanceof SharedArrayBuffer)) return undefined;
  return { main: parentPort, hears: new Int32Array(data.hearsSignals) };
}

function hearMain({ main, hears }: ThisThread, hear: (signal: NodeJS.Signals) => void): () => void {
  main.off("message", endBy).once("message", hear);
  Atomics.store(hears, 0, 1);
  return () => {
    Atomics.store(hears, 0, 0);
    // One that is on its way is for nobody.
    main.off("message", hear).on("message", endBy).unref();
  };
}
