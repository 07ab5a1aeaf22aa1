import { byText } from "../../base/order.js";
import type { Flow } from "../../ir/flow.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { type DumpedHost, macSetBy } from "./facts.js";

/** Flows by which a host's bridges hide distributed routers: each matches an interface and writes the host's own MAC in its place. */
export function maskingFlows(dump: DumpedHost, { flowTables: { brTun, brPhys } }: Release): Flow[] {
  const physical = dump.state.bridges.filter(({ name }) => name !== "br-int" && name !== "br-tun");
  const flows = [...dump.flows("br-tun", brTun.dvrProcess), ...physical.flatMap(({ name }) => dump.flows(name, brPhys.dvrProcess))];
  return flows.filter((flow) => macSetBy(flow, "ethSrc") !== undefined);
}

/**
 * The MAC by which a host hides its distributed routers: br-int expects replies to it, br-tun and physical bridges write it.
 *
 * Errors: undefined where the dump does not show it: a host of a release without ARP reply flows and without a distributed router.
 */
function dvrMacOf(dump: DumpedHost, release: Release): Mac | undefined {
  const { pipeline } = release.flowTables.brInt;
  const replies = new Set([pipeline?.arpDvrMacToDstMac, pipeline?.arpDvrMacToDstMacPhysical]);
  for (const flow of dump.flows("br-int", release.flowTables.brInt.localSwitching)) {
    const { ethDst } = flow.match;
    if (typeof ethDst === "string" && leadsTo(flow, replies)) return ethDst;
  }
  for (const flow of maskingFlows(dump, release)) {
    const mac = macSetBy(flow, "ethSrc");
    if (mac !== undefined) return mac;
  }
  return undefined;
}

/** The MACs of other hosts, whose frames br-int takes to its DVR tables. */
function othersOf(dump: DumpedHost, { flowTables: { brInt } }: Release): Set<Mac> {
  const tables = new Set([brInt.dvrToSrcMac, brInt.dvrToSrcMacPhysical]);
  const flows = dump.flows("br-int", brInt.localSwitching).filter((flow) => leadsTo(flow, tables));
  return new Set(flows.flatMap(({ match: { ethSrc } }) => (typeof ethSrc === "string" ? ethSrc : [])));
}

function leadsTo({ actions }: Flow, tables: ReadonlySet<number | undefined>): boolean {
  return actions.some((action) => action.kind === "goto-table" && tables.has(action.table));
}

/**
 * DVR MACs of hosts: those that a dump shows, then what the others know and nobody has: of a dumped host the one that it does not know itself.
 *
 * Which of the rest is whose cannot be told where there are several; on the hosts that were dumped it makes no difference.
 */
export function dvrMacs(dumps: ReadonlyMap<string, DumpedHost>, hosts: readonly string[], release: Release): Map<string, Mac> {
  const found = new Map<string, Mac>();
  const others = new Map([...dumps].map(([host, dump]) => [host, othersOf(dump, release)] as const));
  const left = new Set([...others.values()].flatMap((macs) => [...macs]));
  const take = (host: string, mac: Mac): void => {
    found.set(host, mac);
    left.delete(mac);
  };
  for (const [host, dump] of dumps) {
    const mac = dvrMacOf(dump, release);
    if (mac !== undefined) take(host, mac);
  }
  for (const [host, macs] of others) {
    if (found.has(host) || macs.size === 0) continue;
    const [own, ...more] = [...left].filter((mac) => !macs.has(mac));
    if (own !== undefined && more.length === 0) take(host, own);
  }
  const unknown = hosts.filter((host) => !found.has(host)).sort(byText);
  [...left].sort(byText).forEach((mac, index) => {
    const host = unknown[index];
    if (host !== undefined) found.set(host, mac);
  });
  return found;
}
