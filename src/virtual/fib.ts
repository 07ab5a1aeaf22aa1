import { because } from "../source/origin.js";
import type { Device, IpRule, Namespace, NextHop, Route, RouteTable } from "../ir/namespace.js";
import { type Cidr, cidrAddress, cidrBroadcast, cidrContains, cidrLength, cidrNetwork, cidrVersion } from "../net/cidr.js";
import { KernelSettings } from "./kernel-settings.js";
import { type Ip, ipToBigInt, type IpVersion, ipVersion } from "../net/ip.js";

/** What a route is looked up for. */
export interface RouteQuery {
  readonly source: Ip | undefined;
  readonly destination: Ip;
  /** Device that the packet came in by; undefined for the host's own packets, which are of `lo`. */
  readonly inDevice: string | undefined;
  readonly mark: number;
  /** A device that the answer must use. */
  readonly outDevice?: string;
}

/** Where a packet goes. */
export type RouteAnswer =
  | { readonly kind: "local"; readonly device: Device | undefined; readonly broadcast: boolean }
  | { readonly kind: "forward"; readonly rule: IpRule | undefined; readonly route: Route; readonly hop: NextHop }
  | { readonly kind: "unreachable" };

const kernelOrigin = because("kernel", "");

/** Rules that every namespace is born with: ip-rule(8). */
function standardRules(version: IpVersion): readonly IpRule[] {
  const rule = (priority: number, lookup: RouteTable): IpRule => ({ priority, lookup, origin: kernelOrigin });
  return version === 4 ? [rule(0, "local"), rule(32766, "main"), rule(32767, "default")] : [rule(0, "local"), rule(32766, "main")];
}

/** One routing table of one IP version: longest prefix first. */
class PrefixTable {
  readonly #byLength = new Map<number, Map<bigint, Route[]>>();
  #lengths: readonly number[] = [];

  constructor(readonly bits: number) {}

  add(route: Route): void {
    const [length, network] =
      route.destination === "default" ? [0, 0n] : [cidrLength(route.destination), ipToBigInt(cidrNetwork(route.destination))];
    const prefixes = this.#byLength.get(length) ?? new Map<bigint, Route[]>();
    const routes = [...(prefixes.get(network) ?? []), route];
    prefixes.set(
      network,
      routes.sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0)),
    );
    this.#byLength.set(length, prefixes);
    this.#lengths = [...this.#byLength.keys()].sort((a, b) => b - a);
  }

  lookup(address: bigint, usable: (route: Route) => boolean): Route | undefined {
    for (const length of this.#lengths) {
      const shift = BigInt(this.bits - length);
      const found = this.#byLength
        .get(length)
        ?.get((address >> shift) << shift)
        ?.find(usable);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/**
 * The routing policy database and the tables of a namespace, as one lookup.
 *
 * The local table is the addresses of the devices; all other routes are those of the compiled state. Of IPv6 a router also takes each prefix's
 * first address for its own, which is every router's on the link, and answers nothing under it.
 * Source: ip-rule(8), ip-route(8); RFC 4291, 2.6.1; Linux `addrconf_join_anycast`, `icmpv6_echo_reply`.
 */
export class Fib {
  readonly #rules: Readonly<Record<IpVersion, readonly IpRule[]>>;
  readonly #tables: Readonly<Record<IpVersion, ReadonlyMap<RouteTable, PrefixTable>>>;
  readonly #local = new Map<Ip, Device>();
  readonly #broadcast = new Map<Ip, Device>();
  readonly #anycast = new Map<Ip, Device>();
  readonly #devices: ReadonlyMap<string, Device>;

  /** `isElsewhere` tells addresses that no route leads to and that the namespace takes for its own all the same. */
  constructor(
    namespace: Namespace,
    private readonly isElsewhere: (address: Ip) => boolean = () => false,
  ) {
    this.#rules = { 4: rulesOf(namespace.ipRules, 4), 6: rulesOf(namespace.ip6Rules, 6) };
    this.#tables = { 4: tablesOf(namespace.routes, 32), 6: tablesOf(namespace.routes6, 128) };
    this.#devices = new Map(namespace.devices.map((device) => [device.name, device]));
    const routes6 = new KernelSettings(namespace).forwards(6);
    for (const device of namespace.devices) {
      for (const { cidr, broadcast } of device.addresses) {
        this.#local.set(cidrAddress(cidr), device);
        if (routes6 && cidrVersion(cidr) === 6 && cidrLength(cidr) < 127) this.#anycast.set(cidrNetwork(cidr), device);
        if (broadcast !== undefined) this.#broadcast.set(broadcast, device);
        else if (cidrVersion(cidr) === 4 && cidrLength(cidr) < 31) this.#broadcast.set(cidrBroadcast(cidr), device);
      }
    }
  }

  /** The device that has an address; undefined where it is not the namespace's own. */
  deviceOf(address: Ip): Device | undefined {
    return this.#local.get(address);
  }

  /** Rules of a version in order of evaluation. */
  rules(version: IpVersion): readonly IpRule[] {
    return this.#rules[version];
  }

  /** Where a packet goes by the first rule whose table knows. */
  lookup(query: RouteQuery): RouteAnswer {
    const version = ipVersion(query.destination);
    const address = ipToBigInt(query.destination);
    for (const rule of this.#rules[version]) {
      if (!applies(rule, query)) continue;
      if (rule.lookup === "local") {
        const local = this.#localAnswer(query.destination);
        if (local !== undefined) return local;
        continue;
      }
      const route = this.#tables[version].get(rule.lookup)?.lookup(address, (each) => this.#isUsable(each, query));
      if (route !== undefined) return { kind: "forward", rule, route, hop: chooseHop(route, query) };
    }
    return this.isElsewhere(query.destination) ? { kind: "local", device: undefined, broadcast: false } : { kind: "unreachable" };
  }

  /**
   * The source address of a packet that the namespace itself sends by a route.
   *
   * The route's own, else the device's address on the next hop's subnet, else the device's first of the scope, else the first of any device.
   */
  sourceFor(answer: RouteAnswer & { readonly kind: "forward" }, destination: Ip): Ip | undefined {
    const { route, hop } = answer;
    if (route.src !== undefined) return route.src;
    return this.addressOn(
      hop.dev,
      hop.via !== undefined && ipVersion(hop.via) === ipVersion(destination) ? hop.via : destination,
      destination,
    );
  }

  /** The address with which a device speaks to a neighbour; where it has none, the first of another device. */
  addressOn(deviceName: string, neighbour: Ip, destination: Ip = neighbour): Ip | undefined {
    const version = ipVersion(neighbour);
    const linkLocal = version === 6 && destination.startsWith("fe80:");
    const own = addressesOf(this.#devices.get(deviceName), version, linkLocal);
    const near = own.find((cidr) => cidrContains(cidr, neighbour)) ?? own[0];
    if (near !== undefined) return cidrAddress(near);
    for (const device of this.#devices.values()) {
      const [first] = device.name === "lo" ? [] : addressesOf(device, version, linkLocal);
      if (first !== undefined) return cidrAddress(first);
    }
    return undefined;
  }

  #localAnswer(destination: Ip): RouteAnswer | undefined {
    const device = this.#local.get(destination);
    if (device !== undefined) return { kind: "local", device, broadcast: false };
    const anycast = this.#anycast.get(destination);
    if (anycast !== undefined) return { kind: "local", device: anycast, broadcast: true };
    if (destination.startsWith("127.")) return { kind: "local", device: this.#devices.get("lo"), broadcast: false };
    const broadcast = this.#broadcast.get(destination);
    if (broadcast !== undefined || destination === "255.255.255.255") return { kind: "local", device: broadcast, broadcast: true };
    return destination.startsWith("ff") && destination.includes(":") ? { kind: "local", device: undefined, broadcast: true } : undefined;
  }

  #isUsable(route: Route, query: RouteQuery): boolean {
    return route.nextHops.some((hop) => this.#devices.has(hop.dev) && (query.outDevice === undefined || hop.dev === query.outDevice));
  }
}

function addressesOf(device: Device | undefined, version: IpVersion, linkLocal: boolean): readonly Cidr[] {
  return (device?.addresses ?? [])
    .filter(({ cidr, scope }) => cidrVersion(cidr) === version && (version === 4 ? scope !== "host" : (scope === "link") === linkLocal))
    .map(({ cidr }) => cidr);
}

function rulesOf(rules: readonly IpRule[], version: IpVersion): readonly IpRule[] {
  const given = new Set(rules.map((rule) => rule.lookup));
  const missing = standardRules(version).filter((rule) => !given.has(rule.lookup));
  return [...rules, ...missing].sort((a, b) => a.priority - b.priority);
}

function tablesOf(routes: readonly Route[], bits: number): ReadonlyMap<RouteTable, PrefixTable> {
  const tables = new Map<RouteTable, PrefixTable>();
  for (const route of routes) {
    const table = tables.get(route.table) ?? new PrefixTable(bits);
    table.add(route);
    tables.set(route.table, table);
  }
  return tables;
}

function applies(rule: IpRule, query: RouteQuery): boolean {
  if (rule.from !== undefined && (query.source === undefined || !cidrContains(rule.from, query.source))) return false;
  if (rule.to !== undefined && !cidrContains(rule.to, query.destination)) return false;
  if (rule.iif !== undefined && rule.iif !== (query.inDevice ?? "lo")) return false;
  return rule.fwmark === undefined || (query.mark & (rule.fwmark.mask ?? 0xffffffff)) >>> 0 === rule.fwmark.value;
}

/** One hop for one pair of addresses, as the kernel's layer 3 hash policy; which one is the kernel's secret, so any fixed choice will do. */
function chooseHop(route: Route, query: RouteQuery): NextHop {
  const hops = route.nextHops.filter((hop) => query.outDevice === undefined || hop.dev === query.outDevice);
  let hash = 0;
  for (const character of `${query.source ?? ""}>${query.destination}`) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return hops[hash % Math.max(hops.length, 1)] ?? route.nextHops[0];
}
