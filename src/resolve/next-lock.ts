import { defined, invariant } from "../base/invariant.js";
import { by, byText, sorted } from "../base/order.js";
import { remember } from "../base/remember.js";
import type { ResolvedTopology } from "../model/resolved.js";
import { hostPrefix, isResourceKind, keyGroup, type KeyScope, keyScope, resourceKey, unescapeName } from "./keys.js";
import type { Allocation } from "./ledger.js";
import type { Lock, LockEntry, LockValue } from "./lock.js";
import { hasExternalAccess } from "./presence.js";
import { PrintedAllocations } from "./printed-allocations.js";
import type { Resolution } from "./resolve.js";

/** What the hosts that were compiled chose, by host name. */
export type HostAllocations = ReadonlyMap<string, readonly Allocation[]>;

/**
 * The lock to write: what the server and the compiled hosts have now, and the entries of other releases and of hosts not compiled whose owners still exist.
 *
 * Pinned values are not in it: the topology has them. Everything else is an orphan and dropped.
 */
export function nextLock(resolution: Resolution, compiled: HostAllocations): Lock {
  const allocations = new Map<string, LockValue>();
  for (const { key, value } of entriesOf(nextGroups(resolution, compiled))) allocations.set(key, value);
  const source = resolution.lock?.source;
  return source === undefined ? { allocations } : { source, allocations };
}

/** Entries whose keys begin alike. */
export interface EntryGroup<E extends LockEntry> {
  /** As `keyGroup` gives it. No group's is the beginning of another's, so that the order of the groups is that of their entries. */
  readonly group: string;
  /** What they are made of alone, in the order in which it was allocated; undefined where there is more. */
  readonly from: readonly Allocation[] | undefined;
  /** The entries, sorted by key. */
  readonly entries: () => readonly E[];
  /** Their lines and number in the lock, where it is known to have them already. */
  readonly locked?: { readonly lines: string; readonly count: number };
}

/** The entries of {@link nextLock}, sorted by key; of the hosts in `locked`, which need not be compiled, those that the lock has. */
export function* nextGroups(
  resolution: Resolution,
  compiled: HostAllocations,
  locked: ReadonlySet<string> = noHosts,
): Generator<EntryGroup<LockEntry>, void> {
  const kept = new Map<string, LockEntry[]>();
  for (const entry of keptEntries(resolution, compiled, locked)) append(kept, keyGroup(entry.key), entry);
  const groups = new Map(Array.from(allocationGroups(resolution, compiled), (one) => [one.group, one]));
  const asLocked = new Set(Array.from(locked, (host) => hostPrefix(resolution.release.name, host)));
  for (const group of sorted(new Set([...groups.keys(), ...kept.keys(), ...asLocked]), byText)) {
    if (asLocked.has(group)) {
      yield lockedGroup(resolution, group);
      continue;
    }
    const { from, entries = (): readonly Allocation[] => [] } = groups.get(group) ?? {};
    const more = kept.get(group);
    const own = (): readonly LockEntry[] => entries().filter(({ how }) => how !== "pinned");
    yield more === undefined ? { group, from, entries: own } : { group, from: undefined, entries: () => [...own(), ...more].sort(byKey) };
  }
}

/** A group of the lock's entries as they are. */
function lockedGroup({ lock }: Resolution, group: string): EntryGroup<LockEntry> {
  const allocations = lock?.allocations;
  invariant(allocations instanceof PrintedAllocations, "the lock's entries are in groups");
  const entries = (): readonly LockEntry[] => Array.from(allocations.group(group), ([key, value]) => ({ key, value }));
  return { group, from: undefined, entries, locked: { lines: allocations.linesOf(group), count: allocations.count(group) } };
}

const noHosts: ReadonlySet<string> = new Set();

/** Every allocation, in the order of `allocations.txt`: by key. */
export function* allocationGroups(resolution: Resolution, compiled: HostAllocations): Generator<EntryGroup<Allocation>, void> {
  const groups = new Map(serverGroups(resolution));
  // What hosts chose is sorted already.
  for (const [host, from] of compiled) {
    const group = hostPrefix(resolution.release.name, host);
    groups.set(group, { group, from, entries: () => from });
  }
  for (const group of sorted(groups.keys(), byText)) yield defined(groups.get(group), "group");
}

/** What the server allocated: sorting each group alone is faster than all at once, and most are never asked for where texts of them are known. */
const serverGroups = remember(({ allocations }: Resolution): ReadonlyMap<string, EntryGroup<Allocation>> => {
  const lists = new Map<string, Allocation[]>();
  for (const allocation of allocations) append(lists, keyGroup(allocation.key), allocation);
  const entriesOf = remember((from: readonly Allocation[]) => sorted(from, byKey));
  return new Map(Array.from(lists, ([group, from]) => [group, { group, from, entries: () => entriesOf(from) }]));
});

/** The entries of groups, one by one. */
export function* entriesOf<E extends LockEntry>(groups: Iterable<EntryGroup<E>>): Generator<E, void> {
  for (const { entries } of groups) yield* entries();
}

/** The entries of a group of the lock in any order: to sort those of a large cloud takes long. */
export function looseEntriesOf({ from, entries }: EntryGroup<LockEntry>): readonly LockEntry[] {
  return from?.filter(({ how }) => how !== "pinned") ?? entries();
}

/** Entries of other releases and of hosts not compiled, whose owners still exist. */
function* keptEntries(resolution: Resolution, compiled: HostAllocations, locked: ReadonlySet<string>): Generator<LockEntry, void> {
  const { lock, allocations } = resolution;
  if (lock === undefined) return;
  const own = new Set(allocations.flatMap(({ key }) => (key.startsWith(gatewayGroup) ? key : [])));
  for (const entries of otherGroups(resolution, lock, [...compiled.keys(), ...locked])) {
    for (const [key, value] of entries) {
      if (!own.has(key) && isKept(key, resolution, compiled)) yield { key, value };
    }
  }
}

/** Of what the server allocates, the group of which entries are kept: those of agent gateways, see {@link isKept}. */
const gatewayGroup = "network/";

/** The lock's entries that may be kept, where they are apart without those of some hosts: what is left out need not be read. */
function* otherGroups({ release }: Resolution, { allocations }: Lock, hosts: readonly string[]): Generator<Iterable<[string, LockValue]>> {
  if (!(allocations instanceof PrintedAllocations)) {
    yield allocations;
    return;
  }
  const left = new Set(hosts.map((host) => hostPrefix(release.name, host)));
  for (const { group } of allocations.sections) {
    const isServers = isResourceKind(group.slice(0, -1));
    if (isServers ? group === gatewayGroup : !left.has(group)) yield allocations.group(group);
  }
}

function isKept(key: string, { topology, release }: Resolution, compiled: HostAllocations): boolean {
  const scope = keyScope(key);
  if (scope === undefined) return false;
  const owners = ownersIn(topology);
  if (scope.kind === "server") return owners.hasAgentGateway(key.split("/"));
  if (!owners.hasHost(scope.host)) return false;
  if (scope.release === release.name && compiled.has(scope.host)) return false;
  return owners.has(scope);
}

/** Choices whose owner is followed by more: a scope, a destination, a remote group, an IP version. */
const qualified: ReadonlySet<string> = new Set(["scope_mark", "multipath_order", "snat_next_hop", "conjunction_id", "dhcp_gateway"]);

/** Who may own an entry of the lock. */
class Owners {
  private readonly hosts: ReadonlyMap<string, ResolvedTopology["hosts"][number]>;
  private readonly external: ReadonlySet<string>;
  private readonly resources: ReadonlySet<string>;

  constructor(topology: ResolvedTopology) {
    this.hosts = new Map(topology.hosts.map((host) => [host.name, host]));
    this.external = new Set(topology.networks.filter((network) => network.external).map((network) => network.key));
    const { networks, routers, servers, ports, floatingIps, securityGroups, addressGroups } = topology;
    const subnets = networks.flatMap((network) => network.subnets);
    const all = [networks, subnets, routers, servers, ports, floatingIps, securityGroups, addressGroups].flat();
    this.resources = new Set(all.map(({ key }) => key));
  }

  hasHost(name: string): boolean {
    return this.hosts.has(name);
  }

  /** Agent gateways depend on the release: one that exists in another keeps its entries. */
  hasAgentGateway([kind, network = "", role, host = ""]: readonly string[]): boolean {
    if (kind !== "network" || role !== "agent_gateway") return false;
    const owner = this.hosts.get(unescapeName(host));
    return owner !== undefined && hasExternalAccess(owner) && this.external.has(resourceKey("network", unescapeName(network)));
  }

  has({ host, what, owner }: Extract<KeyScope, { kind: "host" }>): boolean {
    if (this.resources.has(owner)) return true;
    const parts = owner.split("/");
    if (parts[0] === "bridge") return this.hasBridge(host, unescapeName(parts[1] ?? ""));
    if (parts[0] === "tunnel") return parts[2] === undefined || this.hasHost(unescapeName(parts[2]));
    if (this.hasAgentGateway(parts)) return true;
    return qualified.has(what) && this.resources.has(parts.slice(0, 2).join("/"));
  }

  private hasBridge(host: string, bridge: string): boolean {
    return bridge === "br-int" || bridge === "br-tun" || [...(this.hosts.get(host)?.bridgeMappings.values() ?? [])].includes(bridge);
  }
}

/** Most locks have nothing that is asked about. */
const ownersIn = remember((topology: ResolvedTopology) => new Owners(topology));

function append<E>(lists: Map<string, E[]>, key: string, entry: E): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [entry]);
  else list.push(entry);
}

const byKey = by(({ key }: LockEntry) => key, byText);
