import type { Compilation } from "../../compile.js";
import { type AllocationRow, printAllocations } from "../../emit/allocations.js";
import { type Allocation, entriesOf, type GroupTexts } from "../../resolve/index.js";

/** Every value that the server and the compiled hosts allocated, sorted, for `allocations.txt`. */
export function* allocationRows(compilation: Compilation): Generator<AllocationRow, void> {
  for (const allocation of entriesOf(compilation.allocationGroups())) yield rowOf(allocation);
}

/** The text of `allocations.txt`; a group of them is printed once for as long as it stays. */
export function allocationsText(compilation: Compilation, texts: GroupTexts | undefined): string {
  let text = "";
  for (const group of compilation.allocationGroups()) {
    const print = (): string => printAllocations(group.entries().map(rowOf));
    text += texts === undefined ? print() : texts.of(group, print);
  }
  return text;
}

function rowOf({ key, value, how }: Allocation): AllocationRow {
  return { owner: key, value, how };
}
