import { hash } from "node:crypto";
import { defined, invariant } from "../base/invariant.js";
import { Flattening } from "./flatten.js";
import type { PortList } from "./port-list.js";
import type { Resource, ResolvedTopology } from "./resolved.js";

/** What was last known of a resource. */
interface Known {
  /** All that it has of its own; what it refers to is numbered. */
  readonly text: string;
  /** When it, or something that it refers to, last changed. */
  readonly version: number;
}

/** A resource of the topology at hand, or a list of its own. */
interface Node {
  readonly text: string;
  /** Numbers of what it refers to. */
  readonly references: ReadonlySet<string>;
}

/** Owners of the ports that serve a network. */
const services: ReadonlySet<string> = new Set(["network:dhcp", "network:router_interface", "network:router_interface_distributed"]);

/**
 * Tells of parts of a topology, or of what was made of them, whether anything has changed since an earlier topology.
 *
 * Each resource has a version that rises when it changes, or what it refers to does. Lists of ports ({@link PortList}) have versions of their own.
 */
export class TopologyVersions {
  private known: ReadonlyMap<string, Known> = new Map();
  /** By name. Who has had a name keeps its number, which is shorter. */
  private readonly numbers = new Map<string, string>();
  private resources: ReadonlyMap<object, string> = new Map();
  private generation = 0;

  /** Takes over the next topology. What {@link fingerprint} is asked for is then of it. */
  update(topology: ResolvedTopology): void {
    this.generation++;
    this.resources = this.numbered(topology);
    const nodes = this.nodesOf(topology);
    const stale = staleOf(nodes, this.known);
    const known = new Map<string, Known>();
    for (const [number, { text }] of nodes) {
      const version = stale.has(number) ? this.generation : defined(this.known.get(number), "version").version;
      known.set(number, { text, version });
    }
    this.known = known;
  }

  /** Lets go of the topology, whose versions stay. */
  release(): void {
    this.resources = new Map();
  }

  /** A text that two values, each with lists of ports, have in common only where they are the same, with all that they refer to. */
  fingerprint(value: unknown, lists: readonly PortList[]): string {
    const flat = new Flattening(this.resources);
    flat.put(value);
    let text = flat.text;
    for (const number of flat.references) text += this.versionOf(number);
    for (const list of lists) text += this.versionOf(this.numberOf(listName(list)));
    return hash("sha256", text, "hex");
  }

  private versionOf(number: string): string {
    // A list may be gone with whose it was.
    return `@${number}@${this.known.get(number)?.version ?? "-"}`;
  }

  private numberOf(name: string): string {
    let number = this.numbers.get(name);
    if (number === undefined) this.numbers.set(name, (number = String(this.numbers.size)));
    return number;
  }

  private numbered({ hosts, networks, ...others }: ResolvedTopology): ReadonlyMap<object, string> {
    const resources = new Map<object, string>();
    for (const host of hosts) resources.set(host, this.numberOf(`host ${host.name}`));
    const subnets = networks.flatMap((network) => network.subnets);
    const { routers, ports, servers, floatingIps, securityGroups } = others;
    for (const kind of [networks, subnets, routers, ports, servers, floatingIps, securityGroups]) {
      for (const resource of kind) resources.set(resource, this.numberOf(resource.key));
    }
    invariant(new Set(resources.values()).size === resources.size, "two resources have one key");
    return resources;
  }

  private nodesOf({ hosts, networks, ...others }: ResolvedTopology): ReadonlyMap<string, Node> {
    const nodes = new Map<string, Node>();
    const add = (resource: object, members: object): void => {
      nodes.set(defined(this.resources.get(resource), "number"), this.nodeOf(members));
    };
    const addList = (list: PortList, ports: readonly Resource[]): void => {
      nodes.set(this.numberOf(listName(list)), this.nodeOf(ports));
    };
    for (const host of hosts) add(host, host);
    for (const network of networks) {
      const { ports, ...own } = network;
      add(network, own);
      for (const subnet of network.subnets) add(subnet, subnet);
      addList({ kind: "ports", of: network.key }, ports);
      const serving = ports.filter(({ deviceOwner }) => services.has(deviceOwner));
      addList({ kind: "services", of: network.key }, serving);
    }
    const { routers, ports, servers, floatingIps, securityGroups } = others;
    for (const kind of [routers, ports, servers, floatingIps]) for (const resource of kind) add(resource, resource);
    for (const group of securityGroups) {
      const { members, ...own } = group;
      add(group, own);
      addList({ kind: "members", of: group.key }, members);
    }
    return nodes;
  }

  private nodeOf(members: object): Node {
    const flat = new Flattening(this.resources);
    flat.putMembers(members);
    return flat;
  }
}

function listName({ kind, of }: PortList): string {
  return `${kind} of ${of}`;
}

/** What is new or has changed, and all that refers to it, by however many steps. */
function staleOf(nodes: ReadonlyMap<string, Node>, known: ReadonlyMap<string, Known>): ReadonlySet<string> {
  const stale = new Set<string>();
  let fresh: (readonly [string, Node])[] = [];
  for (const node of nodes) {
    const [number, { text }] = node;
    if (known.get(number)?.text === text) fresh.push(node);
    else stale.add(number);
  }
  // References lead through few steps: a port, its router, that one's floating IPs.
  for (let before = -1; before !== stale.size;) {
    before = stale.size;
    fresh = fresh.filter(([number, { references }]) => {
      for (const reference of references) {
        if (!stale.has(reference)) continue;
        stale.add(number);
        return false;
      }
      return true;
    });
  }
  return stale;
}
