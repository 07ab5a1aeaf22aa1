import type { HostState } from "../../ir/host-state.js";
import type { IptablesChain, IptablesTable } from "../../ir/iptables.js";
import type { IpRule, Namespace, Route } from "../../ir/namespace.js";
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

/** Entries of a namespace whose order says nothing, by artefact, but what is learned: neighbours, and routes of router advertisements. */
export const namespaceEntries: ReadonlyMap<string, (namespace: Namespace) => Entry[]> = new Map([
  ["ip-addr.txt", addressEntries],
  ["ip-rule.txt", ({ name, ipRules }) => ruleEntriesOf(name, 4, ipRules)],
  ["ip6-rule.txt", ({ name, ip6Rules }) => ruleEntriesOf(name, 6, ip6Rules)],
  ["ip-route.txt", ({ name, routes }) => routeEntries(name, 4, routes)],
  ["ip6-route.txt", ({ name, routes6 }) => routeEntries(name, 6, routes6)],
  ["ip-neigh.txt", neighbourEntries],
]);

function addressEntries({ name, devices }: Namespace): Entry[] {
  return devices.flatMap(({ name: device, addresses }) =>
    addresses.map((address): Entry => ({ kind: "address", namespace: name, device, address })),
  );
}

function ruleEntriesOf(namespace: string, version: IpVersion, rules: readonly IpRule[]): Entry[] {
  return rules.map((rule) => ({ kind: "ip-rule", namespace, version, rule }));
}

function routeEntries(namespace: string, version: IpVersion, routes: readonly Route[]): Entry[] {
  return routes.flatMap((route) => (route.protocol === "ra" ? [] : [{ kind: "route", namespace, version, route }]));
}

function neighbourEntries({ name, neighbours }: Namespace): Entry[] {
  return neighbours.flatMap((neighbour) => (neighbour.state === "PERMANENT" ? [{ kind: "neighbour", namespace: name, neighbour }] : []));
}

/** A chain of a namespace, with the table that it is in. */
export interface PlacedChain extends ChainPlace {
  readonly chain: IptablesChain;
}

/** Chains of a namespace. In the host's own namespace only what is Neutron's. */
export function chainsOf({ name, kind, iptables, ip6tables }: Namespace, version: IpVersion): PlacedChain[] {
  return (version === 4 ? iptables : ip6tables).flatMap((table) =>
    table.chains.flatMap((chain) => {
      const own = kind === "root" ? neutronPart(chain) : chain;
      return own === undefined ? [] : [{ namespace: name, version, table: table.name, chain: own }];
    }),
  );
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
