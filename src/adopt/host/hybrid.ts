import type { IptablesRule, IptablesTable } from "../../ir/iptables.js";
import type { HostView } from "../../model/host-view.js";
import type { DumpedHost } from "./facts.js";
import type { Adopt } from "./numbers.js";

/** What the iptables firewall chose: conntrack zones, and the order of a port's groups, which is that of a Python set. */
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
}

function rulesOf(tables: readonly IptablesTable[] | undefined, table: string): readonly IptablesRule[] {
  return (tables ?? []).filter(({ name }) => name === table).flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
}

/** Groups in order of the first rule that is theirs alone, in the chains of the port. */
function groupOrder(port: HostView["ports"][number]["port"], compiled: DumpedHost, dump: DumpedHost): string[] | undefined {
  const groupOf = new Map(port.securityGroups.flatMap((group) => group.rules.map(({ pointer }) => [pointer, group.key] as const)));
  const positions = new Map<string, number>();
  for (const direction of ["i", "o"]) {
    const name = `neutron-openvswi-${direction}${port.id.slice(0, 10)}`;
    const place = new Map(chainRules(dump, name).map((rule, index) => [textOf(rule), index] as const));
    const owners = new Map<string, Set<string>>();
    for (const rule of chainRules(compiled, name)) {
      const group = groupOf.get(rule.origin.because[0]);
      if (group !== undefined) owners.set(textOf(rule), (owners.get(textOf(rule)) ?? new Set()).add(group));
    }
    for (const [text, groups] of owners) {
      const [group] = groups;
      const index = place.get(text);
      if (groups.size === 1 && group !== undefined && index !== undefined && !positions.has(`${direction} ${group}`)) {
        positions.set(`${direction} ${group}`, index);
      }
    }
    const known = port.securityGroups.filter(({ key }) => positions.has(`${direction} ${key}`));
    if (known.length > 1) {
      const at = (key: string): number => positions.get(`${direction} ${key}`) ?? 0;
      return known.map(({ key }) => key).sort((a, b) => at(a) - at(b));
    }
  }
  return undefined;
}

function chainRules(host: DumpedHost, name: string): readonly IptablesRule[] {
  const filter = host.state.root?.iptables.find((table) => table.name === "filter");
  return filter?.chains.find((chain) => chain.name === name)?.rules ?? [];
}

function textOf({ matches, target }: IptablesRule): string {
  return JSON.stringify([matches, target]);
}
