import { hash } from "node:crypto";
import { defined, invariant } from "../base/invariant.js";
import { byText, sorted } from "../base/order.js";
import { memo } from "../base/remember.js";
import type { PortList } from "./port-list.js";
import type { ResolvedPort, ResolvedTopology } from "./resolved.js";
import { resourcesOf, servesNetwork } from "./sharing.js";

/**
 * Tells data that is made of a topology from other data, in this process and in later ones: a resource counts with all that it refers to, by however
 * many steps. Lists of ports that belong to a resource without being a part of it do not, as {@link PortList} says.
 */
export class Fingerprints {
  private readonly resources: ReadonlyMap<string, object>;
  /** Of resources. */
  private readonly names: ReadonlyMap<object, string>;
  private readonly lists: Readonly<Record<PortList["kind"], (of: string) => readonly ResolvedPort[] | undefined>>;
  /** Lists that are no part of the resource that has them. */
  private readonly apart: ReadonlySet<object>;
  private readonly digests = new Map<string, string>();
  private readonly digestsOfLists = new Map<readonly unknown[], string>();

  /** What nobody asks for is not read. */
  constructor(topology: ResolvedTopology) {
    const { networks, securityGroups } = topology;
    this.resources = resourcesOf(topology);
    this.names = new Map(Array.from(this.resources, ([name, resource]) => [resource, name]));
    const ports = new Map(networks.map((network) => [network.key, network.ports]));
    const members = new Map(securityGroups.map((group) => [group.key, group.members]));
    const services = memo((of: string) => ports.get(of)?.filter(servesNetwork));
    this.lists = { ports: (of) => ports.get(of), members: (of) => members.get(of), services };
    this.apart = new Set([...ports.values(), ...members.values()]);
  }

  /** The fingerprint of plain data. Errors: an invariant for an object of a class, which is no data. */
  of(data: object): string {
    const flat = new Flat(this.names, (list) => (list.length < longList ? undefined : this.ofList(list)));
    flat.members(data);
    return sha256(flat.text + this.digestsOf(flat.references));
  }

  /** The fingerprint of a list's ports; undefined where nobody has the list. */
  ofPorts({ kind, of }: PortList): string | undefined {
    const ports = this.lists[kind](of);
    return ports && this.ofList(ports);
  }

  private ofList(list: readonly unknown[]): string {
    let digest = this.digestsOfLists.get(list);
    if (digest === undefined) this.digestsOfLists.set(list, (digest = this.of(list)));
    return digest;
  }

  private digestsOf(names: Iterable<string>): string {
    let text = "";
    for (const name of names) {
      if (!this.digests.has(name)) this.digestAllFrom(name);
      text += defined(this.digests.get(name), `fingerprint of ${name}`);
    }
    return text;
  }

  /**
   * Finds the digests of a resource and of all that it leads to. Resources that lead to each other have one together, each after all that it refers to.
   *
   * Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972); with a stack of its own, for references may go deep.
   */
  private digestAllFrom(start: string): void {
    const visits = new Map<string, Visit>();
    const path: Visit[] = [];
    const open: Visit[] = [];
    const enter = (name: string): void => {
      const flat = new Flat(this.names, (list) => (this.apart.has(list) ? "" : undefined));
      flat.members(defined(this.resources.get(name), name));
      const index = visits.size;
      const visit = { name, digest: sha256(flat.text), references: [...flat.references], index, low: index, followed: 0 };
      visits.set(name, visit);
      path.push(visit);
      open.push(visit);
    };
    enter(start);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = visit.references[visit.followed++];
      if (next !== undefined) {
        if (this.digests.has(next)) continue;
        const met = visits.get(next);
        if (met === undefined) enter(next);
        else visit.low = Math.min(visit.low, met.index);
        continue;
      }
      path.pop();
      const from = path.at(-1);
      if (from !== undefined) from.low = Math.min(from.low, visit.low);
      if (visit.low === visit.index) this.digestTogether(open.splice(open.lastIndexOf(visit)));
    }
  }

  /** One digest for some resources: of all of them, by name, and of what they refer to besides. */
  private digestTogether(circle: readonly Visit[]): void {
    const inside = new Set(circle.map(({ name }) => name));
    const inOrder = circle.length === 1 ? circle : sorted(circle, (a, b) => byText(a.name, b.name));
    let text = "";
    for (const { digest, references } of inOrder) text += digest + this.digestsOf(references.filter((name) => !inside.has(name)));
    const together = sha256(text);
    for (const { name } of circle) this.digests.set(name, together);
  }
}

/** A resource on the way through the references. */
interface Visit {
  readonly name: string;
  /** Of itself: those that it refers to are only named. */
  readonly digest: string;
  readonly references: readonly string[];
  /** In order of the first meeting. */
  readonly index: number;
  /** The least index of those without digest that it leads to. */
  low: number;
  /** How many of its references were followed. */
  followed: number;
}

/** Items of a list from which its fingerprint is kept, since it may be in the data of many hosts. */
const longList = 8;

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

function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}
