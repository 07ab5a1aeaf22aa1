import { InvalidArgumentError } from "commander";
import { didYouMean } from "../../base/did-you-mean.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";

/** One of several machines that split a build: the `index`th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `2/8`. Errors: commander's `InvalidArgumentError`. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (index === undefined || Number(index) > Number(count)) throw new InvalidArgumentError("Write it as i/n, with i from 1 to n.");
  return { index: Number(index), count: Number(count) };
}

/** Reads a number of threads. Errors: commander's `InvalidArgumentError`. */
export function parseJobs(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("Write a number from 1 to 999.");
  return Number(text);
}

/**
 * The hosts to build, in the topology's order: those that `--host` names, or all, and of these the shard's, round robin.
 *
 * Errors: a diagnostic for each name that is no host.
 */
export function selectHosts(
  hosts: readonly string[],
  named: readonly string[],
  shard: Shard | undefined,
): { readonly selected: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  const known = new Set(hosts);
  const diagnostics = named.filter((host) => !known.has(host)).map((host) => unknownHost(host, hosts));
  const wanted = new Set(named);
  const selected = named.length === 0 ? hosts : hosts.filter((host) => wanted.has(host));
  return { selected: shard === undefined ? selected : selected.filter((_, at) => at % shard.count === shard.index - 1), diagnostics };
}

function unknownHost(host: string, hosts: readonly string[]): Diagnostic {
  const meant = didYouMean(host, hosts);
  return report("unknown-host-option", { host }, undefined, { help: meant === undefined ? undefined : `Did you mean "${meant}"?` });
}
