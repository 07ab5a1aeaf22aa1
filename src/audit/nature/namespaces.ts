import type { HostState } from "../../ir/host-state.js";
import type { IpRule, Route } from "../../ir/namespace.js";
import { cidrContains } from "../../net/cidr.js";
import type { Ip } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import type { Entry } from "../entry.js";

/** True where only the priority of a floating IP's rule is another of the pool. */
export function isChanceRule(expected: IpRule, live: IpRule, { floatingIp }: Release): boolean {
  const { first, count } = floatingIp.rulePriorities;
  const inPool = live.priority >= first && live.priority < first + count;
  return inPool && expected.lookup === floatingIp.routeTable && live.lookup === expected.lookup && live.from === expected.from;
}

/** True where next hops are in another order, another one of several was kept, or another subnet's gateway is the default of a DHCP namespace. */
export function isChanceRoute(namespace: string, expected: Route, live: Route, state: HostState): boolean {
  if (expected.destination !== live.destination || expected.table !== live.table) return false;
  const own = hopsOf(expected);
  const others = hopsOf(live);
  if (own.length > 1) return own.length === others.length && own.every((hop) => others.includes(hop));
  const [to] = others;
  if (to === undefined || others.length > 1) return false;
  if (namespace.startsWith("snat-")) return keepsOneOf(namespace, expected, to, state);
  return namespace.startsWith("qdhcp-") && expected.destination === "default" && isOnSubnet(namespace, to, state);
}

function hopsOf({ nextHops }: Route): Ip[] {
  return nextHops.flatMap(({ via }) => via ?? []);
}

/** A route of several next hops in the router's own namespace leaves one of them in its snat namespace. */
function keepsOneOf(namespace: string, { destination }: Route, to: Ip, { namespaces }: HostState): boolean {
  const router = namespaces.find(({ name }) => name === `qrouter-${namespace.slice("snat-".length)}`);
  const whole = [...(router?.routes ?? []), ...(router?.routes6 ?? [])];
  return whole.some((route) => route.table === "main" && route.destination === destination && hopsOf(route).includes(to));
}

function isOnSubnet(namespace: string, gateway: Ip, { namespaces }: HostState): boolean {
  const devices = namespaces.find(({ name }) => name === namespace)?.devices ?? [];
  return devices.some(({ addresses }) => addresses.some(({ cidr, scope }) => scope === "global" && cidrContains(cidr, gateway)));
}

/**
 * True for rules whose order is that of a Python set or of events: devices of the external scope, and with the hybrid firewall the groups of a port and
 * the ports that pass unfiltered.
 */
export function isChanceOrder({ table, chain, rule }: Extract<Entry, { kind: "iptables-rule" }>): boolean {
  if (table === "mangle" && chain.endsWith("-float-snat")) return rule.target?.kind === "set-mark";
  const isPassing = rule.target?.kind === "accept" && rule.matches.some(({ kind }) => kind === "physdev");
  if (table === "nat") return chain === "neutron-openvswi-PREROUTING" && isPassing;
  if (table !== "filter") return false;
  if (chain === "neutron-openvswi-FORWARD") return isPassing;
  return /^neutron-openvswi-[io][0-9a-f]{8}-/.test(chain);
}
