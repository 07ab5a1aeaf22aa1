import { because, type Origin } from "../../source/origin.js";
import type { Pointer } from "../../source/pointer.js";
import type { OvsLowering } from "./lowerings.js";

/** An origin whose lowering is in this folder's catalogue. */
export const cause: (lowering: OvsLowering, ...pointers: readonly [Pointer, ...Pointer[]]) => Origin = because;
