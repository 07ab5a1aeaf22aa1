import type { Bridge } from "./bridge.js";
import type { IpSet } from "./iptables.js";
import type { Namespace } from "./namespace.js";

/** Everything that Neutron's agents program on one host. */
export interface HostState {
  readonly host: string;
  /** br-int, br-tun, then physical bridges in order of name. */
  readonly bridges: readonly Bridge[];
  /** qdhcp-, fip-, qrouter-, snat- in order of name. */
  readonly namespaces: readonly Namespace[];
  /** The host's own namespace, where the iptables_hybrid firewall works; undefined where nothing is programmed there. */
  readonly root: Namespace | undefined;
  readonly ipSets: readonly IpSet[];
}

/** A piece of a host's state that is whole by itself: a host's pieces may be made, printed and forgotten one after the other. */
export type HostPart =
  | { readonly kind: "bridge"; readonly bridge: Bridge }
  | { readonly kind: "namespace"; readonly namespace: Namespace }
  | { readonly kind: "root"; readonly root: Namespace | undefined; readonly ipSets: readonly IpSet[] };

/** The parts of a state: bridges, namespaces, then the host's own namespace, whether there is one or not. */
export function* partsOf(state: HostState): Generator<HostPart, void> {
  for (const bridge of state.bridges) yield { kind: "bridge", bridge };
  for (const namespace of state.namespaces) yield { kind: "namespace", namespace };
  yield { kind: "root", root: state.root, ipSets: state.ipSets };
}

/** The state of which these are all parts. */
export function stateOf(host: string, parts: Iterable<HostPart>): HostState {
  const bridges: Bridge[] = [];
  const namespaces: Namespace[] = [];
  let root: Namespace | undefined;
  let ipSets: readonly IpSet[] = [];
  for (const part of parts) {
    if (part.kind === "bridge") bridges.push(part.bridge);
    else if (part.kind === "namespace") namespaces.push(part.namespace);
    else ({ root, ipSets } = part);
  }
  return { host, bridges, namespaces, root, ipSets };
}
