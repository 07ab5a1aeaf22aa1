import type { ResolvedHost } from "../../model/resolved.js";
import { uuidOf } from "../../net/uuid.js";
import type { Pointer } from "../../source/pointer.js";
import { hostPrefix } from "../keys.js";
import { Ledger, readNames, readNumber, readText, type ValueReader } from "../ledger.js";
import type { LockValue } from "../lock.js";
import type { Resolution } from "../resolve.js";
import { type Claim, type Pool, settle } from "../settle.js";

/** Somebody on the host who needs a value. */
export interface HostClaim<T> {
  /** Whose value it is: a resource key, or a part of the host such as `bridge/br-ex/phy`. */
  readonly owner: string;
  readonly pointer: Pointer;
  readonly assign: (value: T) => void;
}

/** What one host chooses, under its prefix of the lock. */
export class HostChoices {
  readonly ledger: Ledger;
  private readonly prefix: string;

  constructor(
    private readonly resolution: Resolution,
    readonly host: ResolvedHost,
  ) {
    this.ledger = new Ledger(resolution.lock);
    this.prefix = hostPrefix(resolution.release.name, host.name);
  }

  /** Gives every claim a value of a pool: locked ones first, then new ones in order of the claims. */
  settle<T extends LockValue>(what: string, claims: readonly HostClaim<T>[], pool: Pool<T>, used = new Map<T, string>()): void {
    const keyed: Claim<T>[] = claims.map(({ owner, pointer, assign }) => ({ key: `${this.prefix}${what}/${owner}`, pointer, assign }));
    settle(this.ledger, this.resolution.document, keyed, pool, used);
  }

  /** One of some names: the locked one while it is among them, else the default, which is locked from then on. */
  chooseName(what: string, owner: string, names: readonly string[], standard: string): string {
    const key = `${this.prefix}${what}/${owner}`;
    const locked = this.ledger.locked(key, readText, "a name");
    const value = locked !== undefined && names.includes(locked) ? locked : standard;
    this.ledger.record(key, value, "allocated");
    return value;
  }

  /** An order of names: the locked one, without those that are gone, new ones last. */
  chooseOrder(what: string, owner: string, names: readonly string[]): readonly string[] {
    const key = `${this.prefix}${what}/${owner}`;
    const locked = this.ledger.locked(key, readNames, "a list of names") ?? [];
    const present = new Set(names);
    const order = [...new Set([...locked.filter((name) => present.has(name)), ...names])];
    this.ledger.record(key, order, "allocated");
    return order;
  }

  /** Some of several names: the locked ones that are still among them, else the default. */
  chooseSome(what: string, owner: string, names: readonly string[], standard: () => readonly string[]): readonly string[] {
    const key = `${this.prefix}${what}/${owner}`;
    const locked = this.ledger.locked(key, readNames, "a list of names");
    const present = new Set(names);
    const value = locked?.filter((name) => present.has(name)) ?? standard();
    this.ledger.record(key, value, "allocated");
    return value;
  }

  /** The locked number of an owner, which others may have too. Errors: undefined where there is none that fits. */
  lockedNumber(what: string, owner: string, expected: string, fits: (value: number) => boolean): number | undefined {
    const value = this.ledger.locked(`${this.prefix}${what}/${owner}`, readNumber, expected);
    return value !== undefined && fits(value) ? value : undefined;
  }

  /** Keeps a value that was chosen elsewhere. */
  keep(what: string, owner: string, value: LockValue): void {
    this.ledger.record(`${this.prefix}${what}/${owner}`, value, "allocated");
  }

  /** A choice whose default never changes: the lock has it only where it differs. */
  exception<T extends LockValue>(what: string, owner: string, read: ValueReader<T>, expected: string): T | undefined {
    const key = `${this.prefix}${what}/${owner}`;
    const value = this.ledger.locked(key, read, expected);
    if (value !== undefined) this.ledger.record(key, value, "allocated");
    return value;
  }

  /** An order of names whose default never changes: the lock has it only where it differs, without those that are gone. */
  orderException(what: string, owner: string, names: readonly string[]): readonly string[] | undefined {
    const key = `${this.prefix}${what}/${owner}`;
    const present = new Set(names);
    const order = this.ledger.locked(key, readNames, "a list of names")?.filter((name) => present.has(name));
    if (order === undefined || order.length === 0) return undefined;
    this.ledger.record(key, order, "allocated");
    return order;
  }

  /** A value that Neutron draws at random: locked, or a function of its place. */
  derive<T>(
    what: string,
    owner: string,
    parse: (text: string) => T | undefined,
    expected: string,
    print: (value: T) => string,
    make: (hex: string) => T,
  ): T {
    const key = `${this.prefix}${what}/${owner}`;
    const derived = make(uuidOf(key).replaceAll("-", ""));
    const value = this.ledger.locked(key, (locked) => (typeof locked === "string" ? parse(locked) : undefined), expected) ?? derived;
    this.ledger.record(key, print(value), print(value) === print(derived) ? "derived" : "allocated");
    return value;
  }
}
