import { type Pointer, pointerKeys } from "./pointer.js";

/** The member of an object or list; undefined where there is none. */
export function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** The value that a pointer leads to; undefined where it leads nowhere. */
export function valueAt(document: unknown, pointer: Pointer): unknown {
  return pointerKeys(pointer).reduce(memberOf, document);
}
