import type { HostPart } from "../../ir/host-state.js";
import type { Namespace } from "../../ir/namespace.js";

/** How much is programmed on a host. */
export interface Counts {
  readonly bridges: number;
  readonly namespaces: number;
  readonly flows: number;
  /** Routes, rules and permanent neighbours. */
  readonly routing: number;
  /** Rules of iptables and ip6tables. */
  readonly iptables: number;
}

/** Counts what a part of a host's state programs. */
export function countPart(part: HostPart): Counts {
  if (part.kind === "bridge") return { bridges: 1, namespaces: 0, flows: part.bridge.flows.length, routing: 0, iptables: 0 };
  const namespace = part.kind === "root" ? part.root : part.namespace;
  return {
    bridges: 0,
    namespaces: part.kind === "root" ? 0 : 1,
    flows: 0,
    routing: namespace === undefined ? 0 : routingOf(namespace),
    iptables: namespace === undefined ? 0 : iptablesOf(namespace),
  };
}

/** The sum of several counts. */
export function sumCounts(counts: readonly Counts[]): Counts {
  return {
    bridges: total(counts, (each) => each.bridges),
    namespaces: total(counts, (each) => each.namespaces),
    flows: total(counts, (each) => each.flows),
    routing: total(counts, (each) => each.routing),
    iptables: total(counts, (each) => each.iptables),
  };
}

function routingOf(namespace: Namespace): number {
  return (
    namespace.routes.length + namespace.routes6.length + namespace.ipRules.length + namespace.ip6Rules.length + namespace.neighbours.length
  );
}

function iptablesOf(namespace: Namespace): number {
  return total([...namespace.iptables, ...namespace.ip6tables], (table) => total(table.chains, (chain) => chain.rules.length));
}

function total<T>(values: readonly T[], count: (value: T) => number): number {
  let sum = 0;
  for (const value of values) sum += count(value);
  return sum;
}
