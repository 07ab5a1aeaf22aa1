import { hasErrors, type Result } from "../diagnostics/diagnostic.js";
import type { ResolvedTopology } from "../model/resolved.js";
import type { Topology } from "../model/topology.js";
import type { Release } from "../releases/release.js";
import type { SourceDocument } from "../source/document.js";
import { type Allocation, Ledger } from "./ledger.js";
import type { Lock } from "./lock.js";
import { AddressBook } from "./server/addresses.js";
import { possibleAgentGateways } from "./server/agent-gateways.js";
import { assemble } from "./server/assemble.js";
import type { ServerContext } from "./server/context.js";
import { planServer, settleIdentities } from "./server/plan-server.js";

/** The server's database, and what it took to fill it. */
export interface Resolution {
  readonly topology: ResolvedTopology;
  readonly release: Release;
  /** As it was read; {@link nextLock} gives the one to write. */
  readonly lock: Lock | undefined;
  /** What the server allocated. Hosts' choices are in their own outcome. */
  readonly allocations: readonly Allocation[];
  readonly document: SourceDocument;
}

/**
 * Makes the server's database of a checked topology: ids, MACs, addresses, segmentation ids, placement, and the ports that the server makes itself.
 *
 * Pinned values win over locked ones, which win over new ones; new ones are derived or the lowest free, in order of declaration.
 * Errors: DVRC40xx.
 */
export function resolveTopology(
  topology: Topology,
  release: Release,
  lock: Lock | undefined,
  document: SourceDocument,
): Result<Resolution> {
  const ledger = new Ledger(lock);
  const context: ServerContext = {
    topology,
    release,
    document,
    ledger,
    ids: new Map(),
    usedIds: new Map(),
    macs: new Map(),
    usedMacs: new Map(),
  };
  const plan = planServer(context);
  settleIdentities(context, plan);
  const book = new AddressBook(context);
  book.settle(plan.ports, possibleAgentGateways(context));
  if (hasErrors(ledger.diagnostics)) return [undefined, ledger.diagnostics];
  const resolved = assemble(context, plan, book);
  if (hasErrors(ledger.diagnostics)) return [undefined, ledger.diagnostics];
  return [{ topology: resolved, release, lock, allocations: ledger.allocations, document }, ledger.diagnostics];
}
