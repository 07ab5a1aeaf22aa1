import type { HostState } from "../ir/host-state.js";
import type { HostView } from "../model/host-view.js";
import type { Release } from "../releases/release.js";
import { lowerRoot } from "./hybrid/root.js";
import { lowerNamespaces } from "./l3/namespaces.js";
import { lowerBridges } from "./ovs/lower-bridges.js";

/** Hears of flows that overwrite one another. */
export type OnFlowCollision = NonNullable<Parameters<typeof lowerBridges>[2]>;

/**
 * Everything that Neutron's agents program on one host, for one release.
 *
 * `onCollision` hears of flows with the same match, of which the last is left.
 */
export function lowerHost(view: HostView, release: Release, onCollision?: OnFlowCollision): HostState {
  const { root, ipSets } = lowerRoot(view, release);
  return {
    host: view.host.name,
    bridges: lowerBridges(view, release, onCollision),
    namespaces: lowerNamespaces(view, release),
    root,
    ipSets,
  };
}
