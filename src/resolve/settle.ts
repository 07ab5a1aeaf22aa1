import { report } from "../diagnostics/report.js";
import type { SourceDocument } from "../source/document.js";
import type { Pointer } from "../source/pointer.js";
import { keyScope } from "./keys.js";
import type { LockValue } from "./lock.js";
import type { Ledger, Provenance, ValueReader } from "./ledger.js";

/** Somebody who needs a value of a pool. */
export interface Claim<T> {
  /** Key of the lock. */
  readonly key: string;
  /** The value that the topology pins, and where. */
  readonly pinned?: { readonly value: T; readonly pointer: Pointer } | undefined;
  /** Takes the value. Called once, if one is found. */
  readonly assign: (value: T) => void;
  /** Where to point where the pool is empty. */
  readonly pointer: Pointer;
  /** Only keeps its locked value from others: its owner exists in another release, or is settled in a later round. */
  readonly reserve?: boolean;
}

/** A pool of values no two of which may be equal. */
export interface Pool<T extends LockValue, C extends Claim<T> = Claim<T>> {
  /** What a value is called in messages: `segmentation id`. */
  readonly what: string;
  /** What the pool is called in messages. */
  readonly name: string;
  /** Two owners may pin the same value: MACs of two networks. */
  readonly pinsMayRepeat?: boolean;
  /** Two owners may have the same value in the lock: a race of Neutron's gave it to both. A new one is never given out twice. */
  readonly locksMayRepeat?: boolean;
  readonly read: ValueReader<T>;
  /** What the lock should have held: `a MAC address`. */
  readonly expected: string;
  /** False where a locked value is not in the pool any more. */
  readonly fits?: (claim: C, value: T) => boolean;
  /** A free value for a claim; undefined where none is left. */
  readonly propose: (claim: C, used: ReadonlyMap<T, string>) => { readonly value: T; readonly how: Provenance } | undefined;
  /** How a locked value came about. */
  readonly provenance?: (claim: C, value: T) => Provenance;
}

/**
 * Gives every claim a value: pinned ones first, then locked ones, then new ones in order of the claims.
 *
 * `used` holds what is taken, by whom, and is added to, so that several rounds can share it.
 * Errors: `pin-collides`, `pool-exhausted`; warnings `lock-value-taken`, `lock-value-stale`.
 */
export function settle<T extends LockValue, C extends Claim<T>>(
  ledger: Ledger,
  document: SourceDocument,
  claims: readonly C[],
  pool: Pool<T, C>,
  used: Map<T, string> = new Map<T, string>(),
): void {
  const unpinned: C[] = [];
  for (const claim of claims) {
    if (claim.pinned === undefined) unpinned.push(claim);
    else settlePinned(ledger, document, claim, claim.pinned, pool, used);
  }
  const unlocked = unpinned.filter((claim) =>
    claim.reserve === true ? !reserve(ledger, claim, pool, used) : !settleLocked(ledger, claim, pool, used),
  );
  for (const claim of unlocked) settleNew(ledger, document, claim, pool, used);
}

/** Marks the locked value of a claim as taken. Never leaves it for a new value. */
function reserve<T extends LockValue, C extends Claim<T>>(ledger: Ledger, claim: C, pool: Pool<T, C>, used: Map<T, string>): true {
  const locked = ledger.lock?.allocations.get(claim.key);
  const value = locked === undefined ? undefined : pool.read(locked);
  if (value !== undefined && !used.has(value)) used.set(value, claim.key);
  return true;
}

function settlePinned<T extends LockValue, C extends Claim<T>>(
  ledger: Ledger,
  document: SourceDocument,
  claim: C,
  pinned: { readonly value: T; readonly pointer: Pointer },
  pool: Pool<T, C>,
  used: Map<T, string>,
): void {
  const other = used.get(pinned.value);
  if (other !== undefined && pool.pinsMayRepeat !== true) {
    const holes = { what: pool.what, value: String(pinned.value), owner: ownerOf(claim.key), other: ownerOf(other) };
    ledger.diagnostics.push(report("pin-collides", holes, document.locate(pinned.pointer).span));
    return;
  }
  take(ledger, claim, pinned.value, "pinned", used);
}

function settleLocked<T extends LockValue, C extends Claim<T>>(ledger: Ledger, claim: C, pool: Pool<T, C>, used: Map<T, string>): boolean {
  const value = ledger.locked(claim.key, pool.read, pool.expected);
  if (value === undefined) return false;
  const other = used.get(value);
  if (other !== undefined && other !== claim.key && pool.locksMayRepeat !== true) ledger.taken(claim.key, ownerOf(other));
  else if (pool.fits?.(claim, value) === false) ledger.stale(claim.key);
  else {
    take(ledger, claim, value, pool.provenance?.(claim, value) ?? "allocated", used);
    return true;
  }
  return false;
}

function settleNew<T extends LockValue, C extends Claim<T>>(
  ledger: Ledger,
  document: SourceDocument,
  claim: C,
  pool: Pool<T, C>,
  used: Map<T, string>,
): void {
  const found = pool.propose(claim, used);
  if (found !== undefined) return take(ledger, claim, found.value, found.how, used);
  const holes = { what: pool.what, owner: ownerOf(claim.key), pool: pool.name };
  ledger.diagnostics.push(report("pool-exhausted", holes, document.locate(claim.pointer).span));
}

function take<T extends LockValue>(ledger: Ledger, claim: Claim<T>, value: T, how: Provenance, used: Map<T, string>): void {
  used.set(value, claim.key);
  ledger.record(claim.key, value, how);
  claim.assign(value);
}

/** Whom a key is about, for messages: the resource, or host and owner of a host's choice. */
export function ownerOf(key: string): string {
  const scope = keyScope(key);
  return scope?.kind === "host" ? `${scope.host}/${scope.owner}` : key.slice(0, key.lastIndexOf("/"));
}

/** A proposal of the lowest free number from `first` to `last`; remembers how far it came, so that many proposals cost linear time. */
export function lowestFree(
  first: number,
  last: number,
): (claim: unknown, used: ReadonlyMap<number, string>) => { value: number; how: "allocated" } | undefined {
  let next = first;
  return (_, used) => {
    while (next <= last && used.has(next)) next++;
    return next <= last ? { value: next, how: "allocated" } : undefined;
  };
}

/** A proposal of the first free one of a sequence that is computed when it is first asked for. */
export function firstFree<T>(
  sequence: () => readonly T[],
): (claim: unknown, used: ReadonlyMap<T, string>) => { value: T; how: "allocated" } | undefined {
  let values: readonly T[] | undefined;
  let next = 0;
  return (_, used) => {
    values ??= sequence();
    for (; next < values.length; next++) {
      const value = values[next];
      if (value !== undefined && !used.has(value)) return { value, how: "allocated" };
    }
    return undefined;
  };
}
