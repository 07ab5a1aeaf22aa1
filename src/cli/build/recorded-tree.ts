import { hash } from "node:crypto";
import type { Moment } from "../../emit/write.js";
import type { Counts } from "./counts.js";

/** A host as a build left it. */
export interface RecordedHost {
  /** Fingerprint of all that its agents know. */
  readonly inputs: string;
  /** SHA-256 of its lines of the lock. */
  readonly lock: string;
  /** From then on nobody but a build may have touched its files. */
  readonly since: Moment;
  readonly counts: Counts;
  /** Where its lines of the list of allocations begin and end, in bytes; undefined where the list was written before the host. */
  readonly listed?: readonly [start: number, end: number];
}

/** What is known of a tree that a build has left. */
export interface RecordedTree {
  /** What tells its folder from another at the same place. */
  readonly folder: string;
  readonly release: string;
  /** From then on nobody but a build may have touched the list of allocations. Undefined where there is none. */
  readonly listSince?: Moment;
  readonly hosts: ReadonlyMap<string, RecordedHost>;
}

/** The text of a record: a checksum, and what it is of, so that what is damaged is not believed. */
export function printRecord({ hosts, ...tree }: RecordedTree): string {
  const text = JSON.stringify({ ...tree, hosts: [...hosts] });
  return `${hash("sha256", text)}\n${text}\n`;
}

/** Reads what {@link printRecord} printed in the same version of dvrc. Errors: undefined where it did not. */
export function parseRecord(text: string): RecordedTree | undefined {
  const line = text.indexOf("\n");
  const plain = text.slice(line + 1, -1);
  if (line < 0 || hash("sha256", plain) !== text.slice(0, line)) return undefined;
  const { hosts, ...tree } = JSON.parse(plain) as PlainRecord;
  return { ...tree, hosts: new Map(hosts) };
}

/** As JSON has it: names may be any, `__proto__` among them. */
interface PlainRecord extends Omit<RecordedTree, "hosts"> {
  readonly hosts: readonly (readonly [string, RecordedHost])[];
}
