import { setFlagsFromString } from "node:v8";

/** Servers of a topology from which threads collect garbage before their heaps are several times what they keep. */
const serversForThrift = 4000;

/** V8's heaps may grow by this much before they are looked through. */
const thriftyHeap = "--heap-growing-percent=70";

/** Lets the heaps of all threads grow less where a topology is large. Source: V8's `flag-definitions.h`. */
export function keepHeapsSmall(servers: number): void {
  if (servers >= serversForThrift) setFlagsFromString(thriftyHeap);
}
