import { byText, sorted } from "../../base/order.js";
import type { Compilation } from "../../compile.js";
import { type AllocationRow, printAllocation, printAllocations } from "../../emit/allocations.js";
import { type Allocation, entriesOf, type GroupTexts, type LineForm } from "../../resolve/index.js";

/** Every value that the server and the compiled hosts allocated, sorted, for `allocations.txt`. */
export function* allocationRows(compilation: Compilation): Generator<AllocationRow, void> {
  for (const allocation of entriesOf(compilation.allocationGroups())) yield rowOf(allocation);
}

/** Lines of the list of allocations by group, in order. All of it is ASCII. */
export type AllocationTexts = ReadonlyMap<string, string>;

/** How to make the list of allocations. */
export interface ListOptions {
  /** A group is printed once for as long as it stays. */
  readonly texts?: GroupTexts | undefined;
  /** Lines that are known, of groups that the compilation does not have. */
  readonly known?: AllocationTexts;
}

/** The text of `allocations.txt` in parts. */
export function allocationTexts(compilation: Compilation, { texts, known = new Map() }: ListOptions = {}): AllocationTexts {
  const groups = new Map(Array.from(compilation.allocationGroups(), (group) => [group.group, group]));
  const list = new Map<string, string>();
  for (const name of sorted([...groups.keys(), ...known.keys()], byText)) {
    const group = groups.get(name);
    const own = known.get(name) ?? (group && texts?.of(group));
    list.set(name, own ?? printAllocations((group?.entries() ?? []).map(rowOf)));
  }
  return list;
}

/** As the list has them, one by one. */
export const listForm: LineForm = { line: (allocation) => printAllocation(rowOf(allocation)), between: "" };

function rowOf({ key, value, how }: Allocation): AllocationRow {
  return { owner: key, value, how };
}
