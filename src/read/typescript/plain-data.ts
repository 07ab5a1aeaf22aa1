import { type Pointer, pointerTo } from "../../source/pointer.js";
import { setMember } from "../plain.js";

/** Values that one topology may have, what is shared counted wherever it stands. */
const sizeLimit = 5_000_000;

/** Misfits that are told one by one: a loop makes many of a kind. */
const toldMisfits = 100;

/** A value that JSON has not. */
export interface Misfit {
  readonly pointer: Pointer;
  /** What it is, as in "The value is a function". */
  readonly what: string;
}

/** A plain copy of a value, and what in it is no plain data. */
export interface PlainCopy {
  readonly value: unknown;
  readonly misfits: readonly Misfit[];
  /** Where the value is nested too deep. */
  readonly tooDeep: Pointer | undefined;
}

/** Copies a value that code has made: getters are read once, and later changes do not matter. */
export function plainCopy(value: unknown, nestingLimit: number): PlainCopy {
  const misfits: Misfit[] = [];
  let tooDeep: Pointer | undefined;
  let size = 0;
  const enclosing = new Set<object>();

  const copy = (part: unknown, pointer: Pointer, level: number): unknown => {
    if (size > sizeLimit) return undefined;
    size++;
    const isTooLarge = size + (Array.isArray(part) ? part.length : 0) > sizeLimit;
    if (isTooLarge) size = Infinity;
    const what = isTooLarge ? `one of more than ${sizeLimit}` : misfit(part);
    if (what !== undefined && misfits.length < toldMisfits) misfits.push({ pointer, what });
    if (what !== undefined || typeof part !== "object" || part === null) return part;
    if (enclosing.has(part)) {
      misfits.push({ pointer, what: "a part of itself" });
      return undefined;
    }
    if (level > nestingLimit) {
      tooDeep ??= pointer;
      return undefined;
    }
    enclosing.add(part);
    const copied = Array.isArray(part) ? copyList(part, pointer, level) : copyObject(part, pointer, level);
    enclosing.delete(part);
    return copied;
  };
  const copyList = (list: readonly unknown[], pointer: Pointer, level: number): unknown[] =>
    Array.from(list, (item, index) => copy(item, pointerTo(pointer, index), level + 1));
  const copyObject = (object: object, pointer: Pointer, level: number): object => {
    const result: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(object)) setMember(result, key, copy(member, pointerTo(pointer, key), level + 1));
    return result;
  };

  return { value: copy(value, "", 1), misfits, tooDeep };
}

function misfit(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isNaN(value) ? "not a number" : Number.isFinite(value) ? undefined : "infinite";
    case "object":
      return value === null || Array.isArray(value) ? undefined : misfitObject(value);
    case "undefined":
      return "undefined";
    default:
      return `a ${typeof value}`;
  }
}

function misfitObject(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null;
  if (prototype === null || prototype === Object.prototype) return undefined;
  const maker = prototype.constructor;
  return typeof maker === "function" && maker.name !== "" ? `an instance of ${maker.name}` : "an object with a prototype of its own";
}
