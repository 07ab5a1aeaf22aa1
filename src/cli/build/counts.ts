import type { HostState } from "../../ir/host-state.js";
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

/** Counts what a host's agents program. */
export function countState(state: HostState): Counts {
  const everywhere = state.root === undefined ? state.namespaces : [...state.namespaces, state.root];
  return {
    bridges: state.bridges.length,
    namespaces: state.namespaces.length,
    flows: total(state.bridges, (bridge) => bridge.flows.length),
    routing: total(everywhere, routingOf),
    iptables: total(everywhere, iptablesOf),
  };
}

/** The sum of several hosts' counts. */
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
