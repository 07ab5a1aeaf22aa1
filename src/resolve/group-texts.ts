import { isSame } from "../model/same.js";
import type { Allocation } from "./ledger.js";
import type { LockEntry } from "./lock.js";
import type { EntryGroup } from "./next-lock.js";

/** Texts that are made of groups of allocations, each kept for as long as builds make the same of the group. */
export class GroupTexts {
  private before: ReadonlyMap<string, GroupText> = new Map();
  private texts = new Map<string, GroupText>();

  /** One that knows the same, for a build that is not to be remembered. */
  copy(): GroupTexts {
    const copy = new GroupTexts();
    copy.before = this.before;
    copy.texts = new Map(this.texts);
    return copy;
  }

  /** Begins the next build: texts that the last one did not ask for go. */
  begin(): void {
    this.before = this.texts;
    this.texts = new Map();
  }

  /** The text of a group, which is made where it is of other allocations than before, or of more than these. */
  of({ group, from }: EntryGroup<LockEntry>, make: () => string): string {
    if (from === undefined) return make();
    let known = this.texts.get(group) ?? this.before.get(group);
    if (known === undefined || !areSame(known.from, from)) known = { from, text: make() };
    this.texts.set(group, known);
    return known.text;
  }
}

interface GroupText {
  readonly from: readonly Allocation[];
  readonly text: string;
}

function areSame(a: readonly Allocation[], b: readonly Allocation[]): boolean {
  return a === b || (a.length === b.length && a.every((one, at) => isSameAllocation(one, b[at])));
}

function isSameAllocation(a: Allocation, b: Allocation | undefined): boolean {
  return a.key === b?.key && a.how === b.how && isSame(a.value, b.value, () => undefined);
}
