/**
 * A value of the lock: a number, an order or a name, never a flow, rule or route.
 *
 * Orders are arrays of names.
 */
export type LockValue = string | number | boolean | readonly string[];
