import { because as becauseOf, type Origin } from "../../source/origin.js";
import type { Pointer } from "../../source/pointer.js";
import type { L3Lowering } from "./lowerings.js";

/** An origin whose lowering is one of this folder's. */
export const because: (lowering: L3Lowering, ...pointers: readonly [Pointer, ...Pointer[]]) => Origin = becauseOf;
