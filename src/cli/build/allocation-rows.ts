import type { Compilation, ListTexts } from "../../compile.js";
import { type AllocationRow, printAllocations } from "../../emit/allocations.js";
import { type Allocation, entriesOf } from "../../resolve/index.js";

/** Every value that the server and the compiled hosts allocated, sorted, for `allocations.txt`. */
export function* allocationRows(compilation: Compilation): Generator<AllocationRow, void> {
  for (const allocation of entriesOf(compilation.allocationGroups())) yield rowOf(allocation);
}

/** The text of `allocations.txt`; what hosts chose is printed once for as long as it stays. */
export function allocationsText(compilation: Compilation, texts: ListTexts | undefined): string {
  let text = "";
  for (const { entries, chosen } of compilation.allocationGroups()) {
    const print = (): string => printAllocations(entries.map(rowOf));
    text += chosen === undefined || texts === undefined ? print() : texts.of(chosen, print);
  }
  return text;
}

function rowOf({ key, value, how }: Allocation): AllocationRow {
  return { owner: key, value, how };
}
