import { defined, invariant } from "../base/invariant.js";
import { Flattening } from "./flatten.js";
import type { HostView } from "./host-view.js";
import type { ResolvedNetwork, ResolvedTopology } from "./resolved.js";

/** What was last known of a resource. */
interface Known {
  /** All that it has of its own; what it refers to is named. */
  readonly text: string;
  /** When it, or something that it refers to, last changed. */
  readonly version: number;
}

/** A resource of the topology at hand. */
interface Node {
  readonly text: string;
  /** Names of what it refers to. */
  readonly references: ReadonlySet<string>;
}

/** Owners of the ports that serve a network: the hybrid firewall has rules for them, wherever they are. */
const services: ReadonlySet<string> = new Set(["network:dhcp", "network:router_interface", "network:router_interface_distributed"]);

/**
 * Tells of a host's view whether anything that its artefacts are made of has changed since an earlier topology.
 *
 * Each resource has a version that rises when it changes, or what it refers to does. A network's list of ports is no part of the network:
 * an external one would tie every tenant to every other. Of such lists lowering reads the ports of the networks that routers have interfaces in
 * (permanent neighbours), and of the networks of the host's ports those in {@link services}.
 */
export class TopologyVersions {
  private known: ReadonlyMap<string, Known> = new Map();
  private names: ReadonlyMap<object, string> = new Map();
  private generation = 0;

  /** Takes over the next topology. Views are then its. */
  update(topology: ResolvedTopology): void {
    this.generation++;
    this.names = namesOf(topology);
    const nodes = this.nodesOf(topology);
    const stale = staleOf(nodes, this.known);
    const known = new Map<string, Known>();
    for (const [name, { text }] of nodes) {
      const version = stale.has(name) ? this.generation : defined(this.known.get(name), name).version;
      known.set(name, { text, version });
    }
    this.known = known;
  }

  /** Lets go of the topology, whose versions stay. */
  release(): void {
    this.names = new Map();
  }

  /** A text that two views have in common only where the same artefacts are made of them. */
  fingerprint(view: HostView): string {
    const named = (name: string): string => `${name}@${defined(this.known.get(name), name).version}`;
    const flat = new Flattening(this.names);
    flat.put(view);
    const lists = new Set<string>();
    for (const { port } of view.ports) lists.add(named(servicesName(port.network)));
    for (const { router } of view.routers) {
      for (const { port } of router.interfaces) for (const { subnet } of port.fixedIps) lists.add(named(portsName(subnet.network)));
    }
    return JSON.stringify([flat.text, [...flat.references].map(named), [...lists]]);
  }

  private nodesOf(topology: ResolvedTopology): ReadonlyMap<string, Node> {
    const nodes = new Map<string, Node>();
    const add = (name: string, value: object): void => {
      const flat = new Flattening(this.names);
      flat.putMembers(value);
      nodes.set(name, flat);
    };
    for (const [resource, name] of this.names) if (!name.startsWith("network ")) add(name, resource);
    for (const network of topology.networks) {
      const { ports, ...own } = network;
      add(networkName(network), own);
      add(portsName(network), { ports });
      add(servicesName(network), { ports: ports.filter(({ deviceOwner }) => services.has(deviceOwner)) });
    }
    return nodes;
  }
}

function namesOf(topology: ResolvedTopology): ReadonlyMap<object, string> {
  const names = new Map<object, string>();
  for (const host of topology.hosts) names.set(host, `host ${host.name}`);
  for (const network of topology.networks) {
    names.set(network, networkName(network));
    for (const subnet of network.subnets) names.set(subnet, `subnet ${subnet.key}`);
  }
  for (const router of topology.routers) names.set(router, `router ${router.key}`);
  for (const port of topology.ports) names.set(port, `port ${port.key}`);
  for (const server of topology.servers) names.set(server, `server ${server.key}`);
  for (const floatingIp of topology.floatingIps) names.set(floatingIp, `floating-ip ${floatingIp.key}`);
  for (const group of topology.securityGroups) names.set(group, `group ${group.key}`);
  invariant(new Set(names.values()).size === names.size, "two resources have one key");
  return names;
}

function networkName({ key }: ResolvedNetwork): string {
  return `network ${key}`;
}

function portsName({ key }: ResolvedNetwork): string {
  return `ports-of ${key}`;
}

function servicesName({ key }: ResolvedNetwork): string {
  return `services-of ${key}`;
}

/** What is new or has changed, and all that refers to it, by however many steps. */
function staleOf(nodes: ReadonlyMap<string, Node>, known: ReadonlyMap<string, Known>): ReadonlySet<string> {
  const stale = new Set<string>();
  const referrers = new Map<string, string[]>();
  for (const [name, { text, references }] of nodes) {
    if (known.get(name)?.text !== text) stale.add(name);
    for (const reference of references) {
      const others = referrers.get(reference);
      if (others === undefined) referrers.set(reference, [name]);
      else others.push(name);
    }
  }
  // A set that grows while it is walked is walked to its end.
  for (const name of stale) for (const referrer of referrers.get(name) ?? []) stale.add(referrer);
  return stale;
}
