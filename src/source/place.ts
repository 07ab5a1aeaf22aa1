import { type Pointer, pointerKeys } from "./pointer.js";
import type { Located, Part } from "./document.js";
import type { SourceSpan } from "./span.js";

/** Where a value is written, and the way to its members. */
export interface Place {
  readonly span: SourceSpan;
  /** False where the span only encloses what stands for the value: an alias, a computed expression. */
  readonly exact: boolean;
  /** The member of an object or list; undefined where it is not written here. */
  member(key: string): MemberPlace | undefined;
}

/** Where a member is written. Items of lists have no key. */
export interface MemberPlace {
  readonly key: SourceSpan | undefined;
  readonly value: Place;
}

/** Members that were asked for: the place of a large section is made once, not for each diagnostic in it. */
const known = new WeakMap<Place, Map<string, MemberPlace | undefined>>();

function memberOf(place: Place, key: string): MemberPlace | undefined {
  const members = known.get(place) ?? new Map<string, MemberPlace | undefined>();
  known.set(place, members);
  if (members.has(key)) return members.get(key);
  const member = place.member(key);
  members.set(key, member);
  return member;
}

/** Follows a pointer from the place of a document as far as it goes; total. */
export function locateFrom(root: Place, pointer: Pointer, part: Part): Located {
  let place = root;
  let key: SourceSpan | undefined;
  for (const step of pointerKeys(pointer)) {
    const member = memberOf(place, step);
    if (member === undefined) return { span: place.span, exact: false };
    place = member.value;
    key = member.key;
  }
  return part === "key" && key !== undefined ? { span: key, exact: true } : { span: place.span, exact: place.exact };
}

/** The place of everything inside what is written elsewhere: always the same span, never exact. */
export function enclosingPlace(span: SourceSpan): Place {
  const place: Place = { span, exact: false, member: () => ({ key: undefined, value: place }) };
  return place;
}
