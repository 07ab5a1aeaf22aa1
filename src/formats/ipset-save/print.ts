import type { IpSet } from "../../ir/iptables.js";
import { printPrefix } from "../iproute.js";
import { type LineSink, printedText } from "../printed.js";

/**
 * Writes sets as `ipset save` does, without what a kernel chooses for itself (hash seed, bucket size), so that `ipset restore` takes them.
 *
 * Source: ipset(8).
 */
export function writeIpSets(sets: readonly IpSet[], sink: LineSink): void {
  for (const set of sets) {
    sink(`create ${set.name} ${set.type} family ${set.family} hashsize 1024 maxelem 65536`, set.origin);
    for (const member of set.members) sink(`add ${set.name} ${printPrefix(member)}`, set.origin);
  }
}

/** Text of `ipset.txt`: as {@link writeIpSets}. */
export function printIpSets(sets: readonly IpSet[]): string {
  return printedText((sink) => writeIpSets(sets, sink));
}
