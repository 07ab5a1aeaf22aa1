import type { Pointer } from "./pointer.js";

/**
 * Why an entry of the IR exists: the lowering that made it and the declared things that caused it, first cause first.
 *
 * The lowering's id is a key of the catalogue in `lower/lowerings.ts`, which has its sentence for `dvrc explain`. Origins never enter artefact text.
 */
export interface Origin {
  readonly lowering: string;
  readonly because: readonly [Pointer, ...Pointer[]];
}

/** An origin, written as `because("dvr-process/hide-local-router", interface.pointer)`. */
export function because(lowering: string, ...pointers: readonly [Pointer, ...Pointer[]]): Origin {
  return { lowering, because: pointers };
}
