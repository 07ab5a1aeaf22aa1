import { invariant } from "../base/invariant.js";
import type { PortList } from "./port-list.js";
import type { ResolvedPort, ResolvedTopology } from "./resolved.js";
import { haveSameMembers } from "./same.js";

type Ports = readonly ResolvedPort[];

/** By the key of whose they are. */
type Lists = Readonly<Record<PortList["kind"], Map<string, Ports>>>;

type Members = Record<string, unknown>;

/** A list that belongs to a resource without being a part of it. */
interface OwnedList {
  readonly list: PortList & { readonly kind: "ports" | "members" };
  readonly owner: object;
  readonly ports: Ports;
}

/** Owners of the ports that serve a network. */
const services: ReadonlySet<string> = new Set(["network:dhcp", "network:router_interface", "network:router_interface_distributed"]);

/** Whether a port is one of those in the list `services` of its network. */
export function servesNetwork({ deviceOwner }: ResolvedPort): boolean {
  return services.has(deviceOwner);
}

/**
 * Lets each topology share with the one before what is the same: a resource that is what it was, with all that it refers to, is the very object.
 *
 * Who has kept something of an earlier topology, or of what was made of one, so sees at once what still holds. A {@link PortList} does not count
 * for the resource that it belongs to, which may have another list then; a list of the same ports is the very list.
 */
export class TopologySharing {
  /** Of the last topology, by name. */
  private resources: ReadonlyMap<string, object> = new Map();
  private lists = emptyLists();
  private current: ReadonlySet<object> = new Set();

  /** The next topology. What is given is changed and goes into it; of the one before, lists of what is the same are now its own. */
  share(topology: ResolvedTopology): ResolvedTopology {
    const named = resourcesOf(topology);
    const lists = listsOf(topology);
    const before = new Map<object, object>();
    for (const [name, resource] of named) before.set(resource, this.resources.get(name) ?? nothing);
    for (const { list, ports } of lists) before.set(ports, this.portsOf(list) ?? nothing);
    const changed = changedOf(named.values(), before);
    const shared = new Map<object, object>();
    const resources = new Map<string, object>();
    for (const [name, resource] of named) {
      const one = changed.has(resource) ? resource : (this.resources.get(name) ?? resource);
      shared.set(resource, one);
      resources.set(name, one);
    }
    this.lists = this.shareLists(lists, shared);
    for (const one of changed) for (const [name, value] of Object.entries(one)) (one as Members)[name] = relinked(value, shared);
    this.resources = resources;
    this.current = new Set(resources.values());
    return relinked(topology, shared) as ResolvedTopology;
  }

  /** One that knows the same, for a topology that is not to be remembered: until {@link restore}, lists of what is the same are that one's. */
  copy(): TopologySharing {
    const copy = new TopologySharing();
    copy.resources = this.resources;
    copy.lists = this.lists;
    copy.current = this.current;
    return copy;
  }

  /** Gives the resources of the last topology their lists back. */
  restore(): void {
    for (const kind of ["ports", "members"] as const) {
      for (const [key, ports] of this.lists[kind]) Object.assign(this.resources.get(key) ?? {}, { [kind]: ports });
    }
  }

  /** Whether this is a resource of the last topology. */
  has(value: object): boolean {
    return this.current.has(value);
  }

  /** The ports of a list; undefined where it is gone with whose it was. */
  portsOf({ kind, of }: PortList): Ports | undefined {
    return this.lists[kind].get(of);
  }

  private shareLists(lists: readonly OwnedList[], shared: Map<object, object>): Lists {
    const found = emptyLists();
    const share = (list: PortList, ports: Ports): Ports => {
      const old = this.portsOf(list);
      const kept = old !== undefined && isSameList(old, ports) ? old : ports;
      found[list.kind].set(list.of, kept);
      return kept;
    };
    for (const { list, owner, ports } of lists) {
      const now = share(list, relinked(ports, shared) as Ports);
      shared.set(ports, now);
      Object.assign(shared.get(owner) ?? owner, { [list.kind]: now });
      const serving = now.filter(servesNetwork);
      if (list.kind === "ports") share({ kind: "services", of: list.of }, serving);
    }
    return found;
  }
}

function emptyLists(): Lists {
  return { ports: new Map(), services: new Map(), members: new Map() };
}

/** The resources of a topology by names that stay. */
export function resourcesOf({ hosts, networks, ...others }: ResolvedTopology): ReadonlyMap<string, object> {
  const { routers, ports, servers, floatingIps, securityGroups, addressGroups } = others;
  const resources = new Map<string, object>(hosts.map((host) => [`host ${host.name}`, host]));
  const subnets = networks.flatMap((network) => network.subnets);
  const kinds = [networks, subnets, routers, ports, servers, floatingIps, securityGroups, addressGroups];
  for (const kind of kinds) for (const resource of kind) resources.set(resource.key, resource);
  const count = kinds.reduce((sum, kind) => sum + kind.length, hosts.length);
  invariant(resources.size === count, "two resources have one key");
  return resources;
}

function listsOf({ networks, securityGroups }: ResolvedTopology): OwnedList[] {
  return [
    ...networks.map((owner): OwnedList => ({ list: { kind: "ports", of: owner.key }, owner, ports: owner.ports })),
    ...securityGroups.map((owner): OwnedList => ({ list: { kind: "members", of: owner.key }, owner, ports: owner.members })),
  ];
}

/** Stands for what was there before of a resource that was not. */
const nothing = {};

/** What is new or is not what it was before, and all that refers to it, by however many steps. */
function changedOf(resources: Iterable<object>, before: ReadonlyMap<object, object>): ReadonlySet<object> {
  const changed = new Set<object>();
  // Who refers to a resource, and the one who did before: a list for each resource would take longer to make.
  const referrers = new Map<object, Referrer>();
  for (const resource of resources) {
    const same = haveSameMembers(before.get(resource) ?? nothing, resource, (a, b) => {
      const was = before.get(b);
      if (was === undefined) return undefined;
      referrers.set(b, { resource, before: referrers.get(b) });
      return was === a;
    });
    if (!same) changed.add(resource);
  }
  // What is added on the way is visited, too.
  for (const one of changed) {
    for (let referrer = referrers.get(one); referrer !== undefined; referrer = referrer.before) changed.add(referrer.resource);
  }
  return changed;
}

interface Referrer {
  readonly resource: object;
  readonly before: Referrer | undefined;
}

/** A value that refers to what is shared; itself where it does already. */
function relinked(value: unknown, shared: ReadonlyMap<object, object>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const one = shared.get(value);
  if (one !== undefined) return one;
  return Array.isArray(value) ? relinkedList(value, shared) : relinkedRecord(value, shared);
}

function relinkedList(list: readonly unknown[], shared: ReadonlyMap<object, object>): readonly unknown[] {
  let copy: unknown[] | undefined;
  list.forEach((item, at) => {
    const next = relinked(item, shared);
    if (next !== item) (copy ??= [...list])[at] = next;
  });
  return copy ?? list;
}

function relinkedRecord(record: object, shared: ReadonlyMap<object, object>): object {
  let copy: Members | undefined;
  for (const [name, member] of Object.entries(record)) {
    const next = relinked(member, shared);
    if (next !== member) (copy ??= { ...record })[name] = next;
  }
  return copy ?? record;
}

function isSameList(a: Ports, b: Ports): boolean {
  return a.length === b.length && a.every((port, at) => port === b[at]);
}
