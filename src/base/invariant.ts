/** A broken assumption of dvrc's own: a bug, never a fault of the input. The command line reports it with exit code 3. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * Asserts what dvrc's own code guarantees.
 *
 * Errors: throws {@link InvariantError}, which means a bug in dvrc.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/**
 * The value, which dvrc's own code guarantees to be there.
 *
 * Errors: throws {@link InvariantError} where it is undefined.
 */
export function defined<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new InvariantError(`${what} is missing`);
  return value;
}

/**
 * Does a part of the work; a bug in it says what was being done: `lowering br-tun of host "a": ...`.
 *
 * Errors: throws what the work throws. What the system refused is no bug and stays as it is.
 */
export function during<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && !("syscall" in error)) error.message = `${what}: ${error.message}`;
    throw error;
  }
}
