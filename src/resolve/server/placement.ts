import { defined } from "../../base/invariant.js";
import { externalObstacleTo, obstacleTo } from "../../model/carriage.js";
import { placementOf } from "../../model/placement.js";
import type { HostDeclaration, RouterDeclaration, Topology } from "../../model/topology.js";
import { readNames, readText } from "../ledger.js";
import { resourceKey } from "../keys.js";
import type { ServerContext } from "./context.js";

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
  /** Hosts for a new choice. */
  readonly candidates: readonly HostDeclaration[];
  /** Whether a locked choice may stay. */
  readonly fits: (host: string) => boolean;
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
    if (!one.fits(host)) {
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

/** The host of every server: pinned, or the one with fewest servers of those that Nova may take. */
export function placeServers(context: ServerContext): ReadonlyMap<string, string> {
  const { topology } = context;
  const placement = placementOf(topology);
  const placed = new Map<string, string>();
  const seats = [...topology.servers.values()].map((server): Seat => {
    const allowed = placement.allowedHosts(server);
    const networks = server.ports.flatMap((port) => topology.networks.get(topology.ports.get(port)?.network.key ?? "") ?? []);
    const carries = (host: HostDeclaration) => networks.every((network) => obstacleTo(host, network, topology.server) === undefined);
    return {
      key: `${resourceKey("server", server.key)}/host`,
      pinned: server.host?.key,
      candidates: server.host === undefined ? placement.candidateHosts(server) : [],
      fits: (name) => allowed.some((host) => host.name === name && carries(host)),
      assign: (host) => void placed.set(server.key, host),
    };
  });
  seat(context, seats);
  return placed;
}

/**
 * The L3 agent of every router that has one: the SNAT host of a distributed router, the only host of a centralised one.
 *
 * Centralised routers go to `legacy` and `dvr_snat` agents, distributed ones to `dvr_snat` agents, to those that can carry the router's networks where
 * there are any. Source: Neutron `LeastRoutersScheduler`, `get_l3_agent_candidates`.
 */
export function scheduleRouters(context: ServerContext): ReadonlyMap<string, string> {
  const hosts = [...context.topology.hosts.values()];
  const distributed = hosts.filter((host) => host.agentMode === "dvr_snat");
  const centralised = hosts.filter((host) => host.agentMode === "legacy" || host.agentMode === "dvr_snat");
  const scheduled = new Map<string, string>();
  // A router comes to an agent with its first interface or its gateway, and stays there without them.
  const routers = [...context.topology.routers.values()].filter(
    ({ key, interfaces, gateway, host }) =>
      interfaces.length > 0 || gateway !== undefined || host !== undefined || context.ledger.lock?.allocations.has(hostKey(key)) === true,
  );
  const seats = routers.map((router): Seat => {
    const allowed = router.distributed ? distributed : networkHosts(centralised);
    const known = router.distributed ? distributed : centralised;
    const capable = allowed.filter((host) => carriesRouter(context.topology, host, router));
    return {
      key: hostKey(router.key),
      pinned: router.host?.key,
      candidates: capable.length > 0 ? capable : allowed,
      fits: (name) => known.some((host) => host.name === name),
      assign: (host) => void scheduled.set(router.key, host),
    };
  });
  seat(context, seats);
  return scheduled;
}

function hostKey(router: string): string {
  return `${resourceKey("router", router)}/host`;
}

/** Legacy hosts without a network service are computes, which run no L3 agent, unless there is no other host. */
function networkHosts(hosts: readonly HostDeclaration[]): readonly HostDeclaration[] {
  const serving = hosts.filter((host) => host.agentMode === "dvr_snat" || host.dhcpAgent);
  return serving.length > 0 ? serving : hosts;
}

function carriesRouter(topology: Topology, host: HostDeclaration, router: RouterDeclaration): boolean {
  const outside = topology.networks.get(router.gateway?.network.key ?? "");
  if (outside !== undefined && externalObstacleTo(host, outside, topology.server) !== undefined) return false;
  return router.interfaces.every(({ subnet, port }) => {
    const key = subnet === undefined ? topology.ports.get(port?.key ?? "")?.network.key : topology.subnets.get(subnet.key)?.network;
    const network = topology.networks.get(key ?? "");
    return network === undefined || obstacleTo(host, network, topology.server) === undefined;
  });
}

/**
 * The hosts of every network's DHCP agents, for networks with a subnet that has DHCP: those with fewest networks of the ones that can carry it.
 *
 * Source: Neutron `dhcp_agent_scheduler.WeightScheduler`, `_filter_agents_with_network_access`, `dhcp_agents_per_network`.
 */
export function scheduleDhcp(context: ServerContext): ReadonlyMap<string, readonly string[]> {
  const { topology, ledger } = context;
  const agents = [...topology.hosts.values()].filter((host) => host.dhcpAgent);
  const load = new Load();
  const requests = [...topology.networks.values()]
    .filter((network) => network.subnets.some((subnet) => subnet.enableDhcp))
    .map((network) => {
      const pinned = network.dhcpAgents?.map((host) => host.key);
      const capable = agents.filter((host) => obstacleTo(host, network, topology.server) === undefined);
      const key = `${resourceKey("network", network.key)}/dhcp_agents`;
      if (pinned !== undefined) pinned.forEach((host) => load.add(host));
      if (pinned !== undefined) return { network, key, pinned, capable, hosts: pinned };
      const names = new Set(capable.map((host) => host.name));
      const locked = ledger.locked(key, readNames, "a list of hosts") ?? [];
      const hosts = [...new Set(locked)].filter((host) => names.has(host)).slice(0, topology.server.dhcpAgentsPerNetwork);
      hosts.forEach((host) => load.add(host));
      return { network, key, pinned, capable, hosts };
    });
  for (const { key, pinned, capable, hosts } of requests) {
    if (pinned !== undefined) {
      ledger.record(key, hosts, "pinned");
      continue;
    }
    const wanted = Math.min(topology.server.dhcpAgentsPerNetwork, capable.length);
    while (hosts.length < wanted) {
      const host = defined(load.least(capable.filter((agent) => !hosts.includes(agent.name))), "DHCP agent");
      load.add(host.name);
      hosts.push(host.name);
    }
    if (hosts.length > 0) ledger.record(key, hosts, "allocated");
  }
  return new Map(requests.map(({ network, hosts }) => [network.key, hosts]));
}
