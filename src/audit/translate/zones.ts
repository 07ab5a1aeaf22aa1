import type { HostState } from "../../ir/host-state.js";
import { printIptablesMatch } from "../../formats/iptables-save/print-rule.js";
import { majority, oneToOne, type Renumbering } from "./translation.js";

/** Conntrack zones of the hybrid firewall, matched by the devices whose traffic they get. */
export function translateZones(expected: HostState, live: HostState, renumberings: Renumbering[]): ReadonlyMap<number, number> {
  const there = zones(live);
  const votes = new Map<number, number[]>();
  for (const [matches, zone] of zones(expected)) {
    const other = there.get(matches);
    votes.set(zone, [...(votes.get(zone) ?? []), ...(other === undefined ? [] : [other])]);
  }
  const claims = [...votes].map(([zone, others]) => [majority(zone, others), zone] as const);
  const map = oneToOne(claims, new Set(there.values()));
  for (const [other, zone] of claims) {
    if (map.get(other) !== zone) continue;
    const owner = `${votes.get(zone)?.length ?? 0} rules of the host`;
    renumberings.push({ what: "conntrack zone", owner, expected: String(zone), live: String(other), nature: "renumbering" });
  }
  return map;
}

function zones({ root }: HostState): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const table of root?.iptables ?? []) {
    if (table.name !== "raw") continue;
    for (const { rules } of table.chains) {
      for (const { matches, target } of rules) {
        if (target?.kind === "ct-zone") found.set(matches.map(printIptablesMatch).join(" "), target.zone);
      }
    }
  }
  return found;
}
