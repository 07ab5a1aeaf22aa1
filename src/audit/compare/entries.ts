import type { HostState } from "../../ir/host-state.js";
import type { IptablesChain, IptablesTable } from "../../ir/iptables.js";
import type { Namespace } from "../../ir/namespace.js";
import type { IpVersion } from "../../net/ip.js";
import type { ChainPlace, Entry } from "../entry.js";

/** Flows of a bridge but those that Open vSwitch has learned: they time out. */
export function flowEntries({ name, flows }: HostState["bridges"][number]): Entry[] {
  const entries: Entry[] = [];
  for (const flow of flows) {
    if (flow.hardTimeout === undefined && flow.idleTimeout === undefined) entries.push({ kind: "flow", bridge: name, flow });
  }
  return entries;
}

/** Entries of a namespace whose order says nothing, but what is learned: neighbours, and routes of router advertisements. */
export function namespaceEntries({ name, devices, neighbours, ipRules, ip6Rules, routes, routes6 }: Namespace): Entry[] {
  const entries: Entry[] = [];
  for (const { name: device, addresses } of devices) {
    for (const address of addresses) entries.push({ kind: "address", namespace: name, device, address });
  }
  for (const [version, rules] of [[4, ipRules] as const, [6, ip6Rules] as const]) {
    for (const rule of rules) entries.push({ kind: "ip-rule", namespace: name, version, rule });
  }
  for (const [version, list] of [[4, routes] as const, [6, routes6] as const]) {
    for (const route of list) if (route.protocol !== "ra") entries.push({ kind: "route", namespace: name, version, route });
  }
  for (const neighbour of neighbours) if (neighbour.state === "PERMANENT") entries.push({ kind: "neighbour", namespace: name, neighbour });
  return entries;
}

/** A chain of a namespace, with the table that it is in. */
export interface PlacedChain extends ChainPlace {
  readonly chain: IptablesChain;
}

/** Chains of a namespace, of both IP versions. In the host's own namespace only what is Neutron's. */
export function chainsOf({ name, kind, iptables, ip6tables }: Namespace): PlacedChain[] {
  const chains: PlacedChain[] = [];
  for (const [version, tables] of [[4, iptables] as const, [6, ip6tables] as const]) {
    for (const table of tables) {
      for (const chain of table.chains) {
        const own = kind === "root" ? neutronPart(chain) : chain;
        if (own !== undefined) chains.push({ namespace: name, version, table: table.name, chain: own });
      }
    }
  }
  return chains;
}

/** What of a chain of the host's own is the agent's: its chains, and the rules of built-in chains that jump there. */
function neutronPart(chain: IptablesChain): IptablesChain | undefined {
  if (chain.name.startsWith("neutron-")) return chain;
  const rules = chain.rules.filter(({ target }) => target?.kind === "jump" && target.chain.startsWith("neutron-"));
  const { policy: _, ...rest } = chain;
  return rules.length === 0 ? undefined : { ...rest, rules };
}

/** The key of a chain among those of a namespace. */
export function chainKey({
  version,
  table,
  chain,
}: {
  readonly version: IpVersion;
  readonly table: IptablesTable["name"];
  readonly chain: IptablesChain;
}): string {
  return `${version} ${table} ${chain.name}`;
}

/** Rules of a chain in order. */
export function ruleEntries({ namespace, version, table, chain }: PlacedChain): Entry[] {
  return chain.rules.map((rule): Entry => ({ kind: "iptables-rule", namespace, version, table, chain: chain.name, rule }));
}

/** Members of sets, without those sets that are not Neutron's. */
export function setMemberEntries({ ipSets }: HostState): Entry[] {
  return ipSets
    .filter(({ name }) => isNeutronSet(name))
    .flatMap((set) => set.members.map((member): Entry => ({ kind: "ip-set-member", set, member })));
}

/** True for names that Neutron gives to sets. Source: Neutron `IpsetManager.get_name`. */
export function isNeutronSet(name: string): boolean {
  return /^N(?:IPv4|IPv6)/.test(name);
}
