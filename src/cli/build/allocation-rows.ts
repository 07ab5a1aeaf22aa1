import type { Compilation } from "../../compile.js";
import type { AllocationRow } from "../../emit/allocations.js";

/** Every value that the server and the compiled hosts allocated, sorted, for `allocations.txt`. */
export function* allocationRows(compilation: Compilation): Generator<AllocationRow, void> {
  for (const { key, value, how } of compilation.allocations()) yield { owner: key, value, how };
}
