import type { HostState } from "../../ir/host-state.js";
import type { Route } from "../../ir/namespace.js";
import type { LeftOut } from "../../model/left-out.js";
import type { Entry } from "../entry.js";
import type { Finding } from "../finding.js";
import { FlowOwners } from "./flow-owners.js";

/** Characters of a port's id in the names of its devices, and of a router's in those of its link to a fip namespace. Source: Neutron `DEV_NAME_LEN`. */
const deviceIdLength = 11;
const linkIdLength = 10;

/** Whose the differences of one host are, by its own numbers and names. */
export class Owners {
  /** By the name of a namespace or of a link, and by a port's id as devices have it. */
  readonly #named = new Map<string, LeftOut>();
  /** By MAC. */
  readonly #macs = new Map<string, LeftOut>();
  /** By floating IP. */
  readonly #floating = new Map<string, LeftOut>();
  /** Routing tables, by `namespace number`. */
  readonly #tables = new Map<string, LeftOut>();
  readonly #flows: FlowOwners;

  constructor(leftOut: readonly LeftOut[], { bridges }: HostState, findings: readonly Finding[]) {
    for (const one of leftOut) this.#add(one);
    for (const { live } of findings) {
      const owner = live?.entry.kind === "ip-rule" ? this.#device(live.entry.rule.iif) : undefined;
      if (owner !== undefined && live?.entry.kind === "ip-rule")
        this.#tables.set(`${live.entry.namespace} ${live.entry.rule.lookup}`, owner);
    }
    const flows = findings.flatMap(({ live }) => (live?.entry.kind === "flow" ? live.entry.flow : []));
    this.#flows = new FlowOwners(leftOut, bridges, (device) => this.#device(device), flows);
  }

  /** The resource whose a difference is; undefined where it is none's. */
  of({ kind, expected, live }: Finding): LeftOut | undefined {
    if (live === undefined) return undefined;
    if (kind === "unexpected") return this.#entry(live.entry);
    const isFlow = kind === "changed" && expected?.entry.kind === "flow" && live.entry.kind === "flow";
    return isFlow ? this.#flows.ofFlood(expected.entry.flow, live.entry.flow) : undefined;
  }

  #add(one: LeftOut): void {
    for (const kind of ["qrouter", "snat", "fip", "qdhcp"]) this.#named.set(`${kind}-${one.id}`, one);
    for (const kind of ["rfp", "fpr"]) this.#named.set(`${kind}-${one.id.slice(0, linkIdLength)}`, one);
    for (const { id, mac } of one.ports) {
      this.#named.set(id.slice(0, deviceIdLength), one);
      this.#macs.set(mac, one);
    }
    for (const address of one.addresses) this.#floating.set(address, one);
  }

  /** A device bears three characters that say what it is, then an id. */
  #device(name = ""): LeftOut | undefined {
    return this.#named.get(name) ?? this.#named.get(name.slice(3));
  }

  #entry(entry: Entry): LeftOut | undefined {
    switch (entry.kind) {
      case "namespace":
        return this.#named.get(entry.namespace.name);
      case "port":
        return this.#device(entry.port.name);
      case "flow":
        return this.#flows.of(entry.bridge, entry.flow);
      case "device":
        return this.#device(entry.device.name);
      case "address":
        return this.#device(entry.device) ?? this.#floating.get(addressOf(entry.address.cidr));
      case "ip-rule":
        return this.#device(entry.rule.iif);
      case "route":
        return this.#route(entry.namespace, entry.route);
      case "neighbour":
        return this.#device(entry.neighbour.dev) ?? this.#macs.get(entry.neighbour.lladdr);
      case "sysctl":
        return entry.sysctl.key.split(/[./]/).flatMap((word) => this.#device(word) ?? [])[0];
      default:
        return undefined;
    }
  }

  #route(namespace: string, { table, destination, nextHops: [hop] }: Route): LeftOut | undefined {
    return this.#device(hop.dev) ?? this.#tables.get(`${namespace} ${table}`) ?? this.#floating.get(addressOf(destination));
  }
}

function addressOf(cidr: string): string {
  return cidr.split("/")[0] ?? "";
}
