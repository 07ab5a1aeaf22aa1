import type { HostDeclaration, RouterDeclaration, ServerDeclaration, Topology } from "../../model/topology.js";
import { readNames, readText } from "../ledger.js";
import { resourceKey } from "../keys.js";
import type { ServerContext } from "./context.js";

/** Zone of hosts that no aggregate puts into another. Source: Nova `default_availability_zone`. */
const defaultZone = "nova";

/** Hosts by availability zone, in order of declaration. */
function hostsByZone(topology: Topology): Map<string, HostDeclaration[]> {
  const zoneOf = new Map<string, string>();
  for (const aggregate of topology.aggregates.values()) {
    for (const host of aggregate.hosts) zoneOf.set(host.key, aggregate.availabilityZone);
  }
  const zones = new Map<string, HostDeclaration[]>();
  for (const host of topology.hosts.values()) {
    const zone = zoneOf.get(host.name) ?? defaultZone;
    const hosts = zones.get(zone);
    if (hosts === undefined) zones.set(zone, [host]);
    else hosts.push(host);
  }
  return zones;
}

/** Computes first: hosts that hold no network service take machines, others only where there is no such host. */
function computesOf(hosts: readonly HostDeclaration[]): readonly HostDeclaration[] {
  const computes = hosts.filter((host) => host.agentMode !== "dvr_snat" && !host.dhcpAgent);
  return computes.length > 0 ? computes : hosts;
}

/** Counts what hosts carry, and tells the host with least among some: the first of several in order of declaration. */
class Load {
  private readonly count = new Map<string, number>();

  add(host: string): void {
    this.count.set(host, (this.count.get(host) ?? 0) + 1);
  }

  least(hosts: readonly HostDeclaration[]): HostDeclaration | undefined {
    let best: HostDeclaration | undefined;
    for (const host of hosts) {
      if (best === undefined || (this.count.get(host.name) ?? 0) < (this.count.get(best.name) ?? 0)) best = host;
    }
    return best;
  }
}

/** Somebody who needs a host. */
interface Seat {
  readonly key: string;
  readonly pinned: string | undefined;
  readonly candidates: readonly HostDeclaration[];
  readonly assign: (host: string) => void;
}

/** Pinned seats first, then locked ones whose host may still have them, then new ones on the host with least. */
function seat(context: ServerContext, seats: readonly Seat[]): void {
  const load = new Load();
  const open: Seat[] = [];
  const take = (one: Seat, host: string) => {
    load.add(host);
    one.assign(host);
  };
  for (const one of seats) {
    if (one.pinned === undefined) open.push(one);
    else {
      take(one, one.pinned);
      context.ledger.record(one.key, one.pinned, "pinned");
    }
  }
  const unlocked = open.filter((one) => {
    const host = context.ledger.locked(one.key, readText, "the name of a host");
    if (host === undefined) return true;
    if (!one.candidates.some((candidate) => candidate.name === host)) {
      context.ledger.stale(one.key);
      return true;
    }
    take(one, host);
    context.ledger.record(one.key, host, "allocated");
    return false;
  });
  for (const one of unlocked) {
    const host = load.least(one.candidates);
    if (host === undefined) continue;
    take(one, host.name);
    context.ledger.record(one.key, host.name, "allocated");
  }
}

/**
 * The host of every server: pinned, or the one with fewest servers in its zone.
 *
 * A zone whose every host was removed leaves its servers out; `check` refuses such a topology.
 */
export function placeServers(context: ServerContext): ReadonlyMap<string, string> {
  const { topology } = context;
  const zones = new Map([...hostsByZone(topology)].map(([zone, hosts]) => [zone, { all: hosts, computes: computesOf(hosts) }]));
  const everywhere = { all: [...topology.hosts.values()], computes: computesOf([...topology.hosts.values()]) };
  const placed = new Map<string, string>();
  const seats: (Seat & { readonly server: ServerDeclaration })[] = [];
  for (const server of topology.servers.values()) {
    const zone = server.availabilityZone === undefined ? everywhere : zones.get(server.availabilityZone.key);
    seats.push({
      server,
      key: `${resourceKey("server", server.key)}/host`,
      pinned: server.host?.key,
      candidates: zone?.computes ?? [],
      assign: (host) => void placed.set(server.key, host),
    });
  }
  seat(context, seats);
  return placed;
}

/**
 * The L3 agent of every router that has one: the SNAT host of a distributed router, the only host of a centralised one.
 *
 * Centralised routers go to `legacy` and `dvr_snat` agents, distributed ones to `dvr_snat` agents.
 * Source: Neutron `LeastRoutersScheduler`, `get_l3_agent_candidates`.
 */
export function scheduleRouters(context: ServerContext): ReadonlyMap<string, string> {
  const hosts = [...context.topology.hosts.values()];
  const distributed = hosts.filter((host) => host.agentMode === "dvr_snat");
  const centralised = computesLast(hosts.filter((host) => host.agentMode === "legacy" || host.agentMode === "dvr_snat"));
  const scheduled = new Map<string, string>();
  const seats = [...context.topology.routers.values()].map((router: RouterDeclaration) => ({
    key: `${resourceKey("router", router.key)}/host`,
    pinned: router.host?.key,
    candidates: router.distributed ? distributed : centralised,
    assign: (host: string) => void scheduled.set(router.key, host),
  }));
  seat(context, seats);
  return scheduled;
}

/** Legacy hosts without a network service are computes, which run no L3 agent, unless there is no other host. */
function computesLast(hosts: readonly HostDeclaration[]): readonly HostDeclaration[] {
  const networkHosts = hosts.filter((host) => host.agentMode === "dvr_snat" || host.dhcpAgent);
  return networkHosts.length > 0 ? networkHosts : hosts;
}

/**
 * The hosts of every network's DHCP agents, for networks with a subnet that has DHCP.
 *
 * Source: Neutron `dhcp_agent_scheduler.WeightScheduler`, `dhcp_agents_per_network`.
 */
export function scheduleDhcp(context: ServerContext): ReadonlyMap<string, readonly string[]> {
  const { topology, ledger } = context;
  const agents = [...topology.hosts.values()].filter((host) => host.dhcpAgent);
  const known = new Set(agents.map((host) => host.name));
  const wanted = Math.min(topology.server.dhcpAgentsPerNetwork, agents.length);
  const load = new Load();
  const scheduled = new Map<string, string[]>();
  const networks = [...topology.networks.values()].filter((network) => network.subnets.some((subnet) => subnet.enableDhcp));
  if (wanted === 0) return scheduled;
  for (const network of networks) {
    const locked = ledger.locked(`${resourceKey("network", network.key)}/dhcp_agents`, readNames, "a list of hosts") ?? [];
    const kept = locked.filter((host) => known.has(host)).slice(0, wanted);
    kept.forEach((host) => load.add(host));
    scheduled.set(network.key, kept);
  }
  for (const network of networks) {
    const hosts = scheduled.get(network.key) ?? [];
    while (hosts.length < wanted) {
      const host = load.least(agents.filter((agent) => !hosts.includes(agent.name)));
      if (host === undefined) break;
      load.add(host.name);
      hosts.push(host.name);
    }
    ledger.record(`${resourceKey("network", network.key)}/dhcp_agents`, hosts, "allocated");
  }
  return scheduled;
}
