import type { Bridge, BridgePort } from "../../ir/bridge.js";
import type { HostState } from "../../ir/host-state.js";
import type { Namespace } from "../../ir/namespace.js";
import type { AuditedHost } from "../audited-host.js";
import { inNamespace } from "../entry.js";

/** What each file of a namespace's dump tells. */
const parts = [
  ["ip-addr.txt", "devices"],
  ["ip-rule.txt", "ipRules"],
  ["ip6-rule.txt", "ip6Rules"],
  ["ip-route.txt", "routes"],
  ["ip6-route.txt", "routes6"],
  ["ip-neigh.txt", "neighbours"],
  ["iptables-save.txt", "iptables"],
  ["ip6tables-save.txt", "ip6tables"],
  ["sysctl.txt", "sysctls"],
] as const satisfies readonly (readonly [string, keyof Namespace])[];

/**
 * A host for the simulation, with the other side's state in place of what was not dumped: what nobody looked at is not what loses packets.
 *
 * A sosreport, for one, has no kernel parameters of namespaces.
 */
export function withUndumped({ state, has }: AuditedHost, other: HostState): HostState {
  const namespaces = new Map(other.namespaces.map((namespace) => [namespace.name, namespace]));
  return {
    ...state,
    bridges: bridgesOf(state, has, other),
    namespaces: state.namespaces.map((namespace) => completed(namespace, has, namespaces.get(namespace.name))),
    root: state.root === undefined && !has("iptables-save.txt") ? other.root : state.root,
    ipSets: has("ipset.txt") ? state.ipSets : other.ipSets,
  };
}

function completed(namespace: Namespace, has: AuditedHost["has"], other: Namespace | undefined): Namespace {
  if (other === undefined) return namespace;
  const missing = parts.filter(([file]) => !has(inNamespace(namespace.name, file)));
  return missing.length === 0 ? namespace : { ...namespace, ...Object.fromEntries(missing.map(([, part]) => [part, other[part]])) };
}

/** Bridges as they were dumped. Those of one side do not fit those of another whose ports and VLANs have other numbers: then all are the other side's. */
function bridgesOf(state: HostState, has: AuditedHost["has"], other: HostState): readonly Bridge[] {
  const wholly = ({ name }: Bridge): boolean => has(`${name}.flows`) && has(`${name}.ports`);
  const found = new Map(state.bridges.map((bridge) => [bridge.name, bridge]));
  const absent = (bridge: Bridge): boolean => !found.has(bridge.name) && has("bridges.txt");
  if (other.bridges.every((bridge) => wholly(bridge) || absent(bridge))) return state.bridges;
  const fits = other.bridges.every((bridge) => sameNumbers(bridge.ports, found.get(bridge.name)?.ports ?? []));
  const others = other.bridges.filter((bridge) => !absent(bridge) && !(fits && wholly(bridge)));
  const replaced = new Set(others.map(({ name }) => name));
  return [...state.bridges.filter(({ name }) => !replaced.has(name)), ...others];
}

/** A port without a number is one that nobody told. */
function sameNumbers(ports: readonly BridgePort[], others: readonly BridgePort[]): boolean {
  const byName = new Map(others.map((port) => [port.name, port]));
  return ports.every(({ name, ofport, tag }) => {
    const found = byName.get(name);
    return found === undefined || ((found.ofport === ofport || found.ofport === 0) && found.tag === tag);
  });
}
