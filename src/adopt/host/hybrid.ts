import type { IptablesRule, IptablesTable } from "../../ir/iptables.js";
import type { HostView } from "../../model/host-view.js";
import type { DumpedHost } from "./facts.js";
import { adoptPassOrder, adoptRuleOrders, chainRules, textOf } from "./hybrid-orders.js";
import type { Adopt } from "./numbers.js";

/** What the iptables firewall chose: conntrack zones, the order of a port's groups, which is that of a Python set, and orders of events. */
export function adoptHybrid(view: HostView, compiled: DumpedHost, dump: DumpedHost, adopt: Adopt): void {
  const zones = new Map<string, number>();
  for (const rule of rulesOf(dump.state.root?.iptables, "raw")) {
    const physdev = rule.matches.find((match) => match.kind === "physdev");
    if (physdev?.kind === "physdev" && physdev.in !== undefined && rule.target?.kind === "ct-zone") zones.set(physdev.in, rule.target.zone);
  }
  for (const { port } of view.ports) {
    if (view.firewall.zones.has(port.key)) adopt("conntrack_zone", port.key, zones.get(`tap${port.id.slice(0, 11)}`));
    if (port.securityGroups.length > 1) adopt("group_order", port.key, groupOrder(port, compiled, dump));
  }
  adoptRuleOrders(view, compiled, dump, adopt);
  adoptPassOrder(view, dump, adopt);
}

function rulesOf(tables: readonly IptablesTable[] | undefined, table: string): readonly IptablesRule[] {
  return (tables ?? []).filter(({ name }) => name === table).flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
}

/** Groups in order of the first rule that is theirs alone, in the chains of the port. */
function groupOrder(port: HostView["ports"][number]["port"], compiled: DumpedHost, dump: DumpedHost): string[] | undefined {
  const groupOf = new Map(port.securityGroups.flatMap((group) => group.rules.map(({ pointer }) => [pointer, group.key] as const)));
  const positions = new Map<string, number>();
  for (const [direction, version] of [
    ["i", 4],
    ["o", 4],
    ["i", 6],
    ["o", 6],
  ] as const) {
    const name = `neutron-openvswi-${direction}${port.id.slice(0, 10)}`;
    const place = new Map(chainRules(dump, name, version).map((rule, index) => [textOf(rule), index] as const));
    const owners = new Map<string, Set<string>>();
    for (const rule of chainRules(compiled, name, version)) {
      const group = groupOf.get(rule.origin.because[0]);
      if (group !== undefined) owners.set(textOf(rule), (owners.get(textOf(rule)) ?? new Set()).add(group));
    }
    for (const [text, groups] of owners) {
      const [group] = groups;
      const index = place.get(text);
      if (groups.size === 1 && group !== undefined && index !== undefined && !positions.has(`${direction}${version} ${group}`)) {
        positions.set(`${direction}${version} ${group}`, index);
      }
    }
    const known = port.securityGroups.filter(({ key }) => positions.has(`${direction}${version} ${key}`));
    if (known.length > 1) {
      const at = (key: string): number => positions.get(`${direction}${version} ${key}`) ?? 0;
      return known.map(({ key }) => key).sort((a, b) => at(a) - at(b));
    }
  }
  return undefined;
}
