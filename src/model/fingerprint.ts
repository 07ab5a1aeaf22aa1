import { hash } from "node:crypto";
import { defined, invariant } from "../base/invariant.js";
import { byText, sorted } from "../base/order.js";
import type { PortList } from "./port-list.js";
import type { ResolvedPort, ResolvedTopology } from "./resolved.js";
import { resourcesOf, servesNetwork } from "./sharing.js";

/**
 * Tells data that is made of a topology from other data, in this process and in later ones: a resource counts with all that it refers to, by however
 * many steps. Lists of ports that belong to a resource without being a part of it do not, as {@link PortList} says.
 */
export class Fingerprints {
  /** Of resources. */
  private readonly names = new Map<object, string>();
  private readonly digests = new Map<string, string>();
  private readonly lists: Readonly<Record<PortList["kind"], ReadonlyMap<string, readonly ResolvedPort[]>>>;
  private readonly digestsOfLists = new Map<readonly unknown[], string>();

  /** Cost: that of reading the whole topology once. */
  constructor(topology: ResolvedTopology) {
    const { networks, securityGroups } = topology;
    const resources = resourcesOf(topology);
    for (const [name, resource] of resources) this.names.set(resource, name);
    const ports = new Map(networks.map((network) => [network.key, network.ports]));
    const members = new Map(securityGroups.map((group) => [group.key, group.members]));
    const services = new Map(Array.from(ports, ([key, list]) => [key, list.filter(servesNetwork)]));
    this.lists = { ports, services, members };
    const apart = new Set<readonly unknown[]>([...ports.values(), ...members.values()]);
    const nodes = new Map<string, Node>();
    for (const [name, resource] of resources) {
      const flat = new Flat(this.names, (list) => (apart.has(list) ? "" : undefined));
      flat.members(resource);
      nodes.set(name, { name, digest: sha256(flat.text), references: [...flat.references] });
    }
    for (const circle of circlesOf(nodes)) this.digestTogether(circle);
  }

  /** The fingerprint of plain data. Errors: an invariant for an object of a class, which is no data. */
  of(data: object): string {
    const flat = new Flat(this.names, (list) => (list.length < longList ? undefined : this.ofList(list)));
    flat.members(data);
    return sha256(flat.text + this.digestsOf(flat.references));
  }

  /** The fingerprint of a list's ports; undefined where nobody has the list. */
  ofPorts({ kind, of }: PortList): string | undefined {
    const ports = this.lists[kind].get(of);
    return ports && this.ofList(ports);
  }

  private ofList(list: readonly unknown[]): string {
    let digest = this.digestsOfLists.get(list);
    if (digest === undefined) this.digestsOfLists.set(list, (digest = this.of(list)));
    return digest;
  }

  /** Resources that refer to each other have one digest: of all of them, by name, and of what they refer to besides. */
  private digestTogether(circle: readonly Node[]): void {
    const inside = new Set(circle.map(({ name }) => name));
    const inOrder = circle.length === 1 ? circle : sorted(circle, (a, b) => byText(a.name, b.name));
    let text = "";
    for (const { digest, references } of inOrder) text += digest + this.digestsOf(references.filter((name) => !inside.has(name)));
    const together = sha256(text);
    for (const { name } of circle) this.digests.set(name, together);
  }

  private digestsOf(names: Iterable<string>): string {
    let text = "";
    for (const name of names) text += defined(this.digests.get(name), `fingerprint of ${name}`);
    return text;
  }
}

/** Items of a list from which its fingerprint is kept, since it may be in the data of many hosts. */
const longList = 8;

/** A resource, without those that it refers to by name. */
interface Node {
  readonly name: string;
  readonly digest: string;
  readonly references: readonly string[];
}

/** Data as text that other data does not have: every text with its length, every collection with its end. Resources are only named. */
class Flat {
  text = "";
  /** Names that were met, in order of the first meeting. */
  readonly references = new Set<string>();

  constructor(
    private readonly names: ReadonlyMap<object, string>,
    /** What stands for a list; undefined for what is in it. */
    private readonly short: (list: readonly unknown[]) => string | undefined,
  ) {}

  value(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.text += `"${value.length}:${value}`;
        return;
      case "object":
        if (value === null) this.text += "-";
        else this.object(value);
        return;
      case "function":
      case "symbol":
        invariant(false, `a ${typeof value} is no data`);
        return;
      default:
        // The type tells the number 1 from the bigint 1.
        this.text += `${typeof value}:${String(value)};`;
    }
  }

  /** What an object has, whatever is known of itself. */
  members(value: object): void {
    if (Array.isArray(value)) this.items("[", value);
    else if (value instanceof Map) this.items("<", [...value].flat());
    else if (value instanceof Set) this.items("(", value);
    else {
      const prototype: unknown = Object.getPrototypeOf(value);
      invariant(prototype === Object.prototype || prototype === null, "an object of a class is no data");
      this.text += "{";
      for (const key of Object.keys(value)) {
        this.value(key);
        this.value((value as Readonly<Record<string, unknown>>)[key]);
      }
      this.text += "]";
    }
  }

  private items(start: string, items: Iterable<unknown>): void {
    this.text += start;
    for (const item of items) this.value(item);
    this.text += "]";
  }

  private object(value: object): void {
    const name = this.names.get(value);
    if (name !== undefined) {
      this.references.add(name);
      this.text += `@${name.length}:${name}`;
      return;
    }
    const short = Array.isArray(value) ? this.short(value) : undefined;
    if (short === undefined) this.members(value);
    else this.text += `%${short.length}:${short}`;
  }
}

/** A resource on the way through the references, as Tarjan's algorithm has it. */
interface Visit {
  readonly node: Node;
  readonly index: number;
  /** The least index of those still open that it leads to. */
  low: number;
  /** How many of its references were followed. */
  followed: number;
  open: boolean;
}

/**
 * Resources that lead to each other, each set after all that it refers to. Most are alone.
 *
 * Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972); with a stack of its own, for references may go deep.
 */
function* circlesOf(nodes: ReadonlyMap<string, Node>): Generator<readonly Node[], void> {
  const visits = new Map<string, Visit>();
  const path: Visit[] = [];
  const open: Visit[] = [];
  const enter = (node: Node): void => {
    const visit = { node, index: visits.size, low: visits.size, followed: 0, open: true };
    visits.set(node.name, visit);
    path.push(visit);
    open.push(visit);
  };
  for (const start of nodes.values()) {
    if (!visits.has(start.name)) enter(start);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = visit.node.references[visit.followed++];
      if (next !== undefined) {
        const met = visits.get(next);
        if (met === undefined) enter(defined(nodes.get(next), next));
        else if (met.open) visit.low = Math.min(visit.low, met.index);
        continue;
      }
      path.pop();
      const from = path.at(-1);
      if (from !== undefined) from.low = Math.min(from.low, visit.low);
      if (visit.low === visit.index) yield closed(open, visit);
    }
  }
}

/** Takes a circle from what is open: all since its first was met. */
function closed(open: Visit[], first: Visit): readonly Node[] {
  const circle = open.splice(open.lastIndexOf(first));
  for (const visit of circle) visit.open = false;
  return circle.map(({ node }) => node);
}

function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}
