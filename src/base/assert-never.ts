import { InvariantError } from "./invariant.js";

/**
 * Makes a `switch` over a closed union exhaustive: a new member is a type error here.
 *
 * Errors: throws {@link InvariantError} when reached at run time.
 */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected variant ${JSON.stringify(value)}`);
}
