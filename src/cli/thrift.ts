import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Servers of a topology from which threads collect garbage before their heaps are several times what they keep. */
const serversForThrift = 4000;

/** V8's heaps may grow by this much before they are looked through. */
const thriftyHeap = "--heap-growing-percent=70";

/** Lets the heaps of all threads grow less where a topology is large. Source: V8's `flag-definitions.h`. */
export function keepHeapsSmall(servers: number): void {
  if (servers >= serversForThrift) setFlagsFromString(thriftyHeap);
}

/** Servers of a topology from which a build runs so long that what V8 does beside it counts. */
const serversForPatience = 400;

/**
 * How much of a function's bytecode runs before V8 considers to optimise it: seven times as much as by default.
 *
 * Of a build of a few seconds that has all processors, optimising takes a quarter of their time: functions that are worth it run millions of times,
 * and what is optimised early is often thrown away when objects of another shape come along. To longer builds it makes no difference.
 */
const patientOptimiser = "--interrupt-budget=500000";

/** Lets V8 optimise less where a topology is large and is built once. Source: V8's `flag-definitions.h`. */
export function optimiseLate(servers: number): void {
  if (servers >= serversForPatience) setFlagsFromString(patientOptimiser);
}

type Collector = (options: { readonly type: "minor" }) => void;

let collector: Collector | undefined;

/** Collects what died young while nobody waits for it: a build would have to stop for it several times. Source: V8's `gc-extension.cc`. */
export function collectYoung(): void {
  collector ??= exposedCollector();
  collector({ type: "minor" });
}

/** V8's own function, which is there for contexts that are made once the flag is set. */
function exposedCollector(): Collector {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as Collector;
}
