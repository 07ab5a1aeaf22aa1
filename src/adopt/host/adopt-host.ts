import type { HostState } from "../../ir/host-state.js";
import type { HostView } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import { hostPrefix } from "../../resolve/keys.js";
import type { LockValue } from "../../resolve/lock.js";
import { adoptConjunctions } from "./conjunctions.js";
import { adoptDvr } from "./dvr.js";
import { type DumpedHost, dumpedHost } from "./facts.js";
import { adoptFloods } from "./floods.js";
import { adoptHybrid } from "./hybrid.js";
import { adoptNumbers } from "./numbers.js";
import { adoptRouters } from "./routers.js";

/**
 * What only a host knows, as entries of the lock: numbers, and the outcome of chance and history. A flow, rule or route is never adopted.
 *
 * `compiled` is the host as it compiles with the numbers that were adopted before: ids inside flows and orders of rules are found by comparing with
 * it. Undefined while the numbers are not known: then the rest is adopted.
 */
export function adoptHost(view: HostView, compiled: HostState | undefined, dump: DumpedHost, release: Release): Map<string, LockValue> {
  const entries = new Map<string, LockValue>();
  const prefix = hostPrefix(release.name, view.host.name);
  const adopt = (what: string, owner: string, value: LockValue | undefined): void => {
    if (value !== undefined) entries.set(`${prefix}${what}/${owner}`, value);
  };
  const { brInt } = release.flowTables;
  adoptNumbers(view, dump, adopt);
  adoptRouters(view, dump, release, adopt);
  adoptDvr(view, dump, release, adopt);
  adoptFloods(view, dump, release, adopt);
  if (compiled === undefined) return entries;
  const own = dumpedHost(compiled);
  adoptConjunctions(view, own, dump, [brInt.rulesEgress, brInt.rulesIngress], adopt);
  adoptHybrid(view, own, dump, adopt);
  return entries;
}
