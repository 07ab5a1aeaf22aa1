import type { Compilation } from "../../compile.js";
import type { AllocationRow } from "../../emit/allocations.js";

/** Every value that the server and the compiled hosts allocated, sorted, for `allocations.txt`. */
export function allocationRows(compilation: Compilation): readonly AllocationRow[] {
  return compilation.allocations().map(({ key, value, how }) => ({ owner: key, value, how }));
}
