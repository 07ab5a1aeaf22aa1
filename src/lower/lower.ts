import { during } from "../base/invariant.js";
import { type HostPart, type HostState, stateOf } from "../ir/host-state.js";
import type { HostView } from "../model/host-view.js";
import type { Release } from "../releases/release.js";
import { lowerRoot } from "./hybrid/root.js";
import { eachNamespace } from "./l3/namespaces.js";
import { eachBridge, type OnFlowCollision } from "./ovs/lower-bridges.js";

export type { OnFlowCollision } from "./ovs/lower-bridges.js";

/**
 * Everything that Neutron's agents program on one host, for one release.
 *
 * `onCollision` hears of flows with the same match, of which the last is left.
 */
export function lowerHost(view: HostView, release: Release, onCollision?: OnFlowCollision): HostState {
  return stateOf(view.host.name, lowerParts(view, release, onCollision));
}

/**
 * As {@link lowerHost}, each part made when it is asked for.
 *
 * Order: as `partsOf` gives the parts of a state.
 */
export function* lowerParts(view: HostView, release: Release, onCollision?: OnFlowCollision): Generator<HostPart, void> {
  for (const bridge of eachBridge(view, release, onCollision)) yield { kind: "bridge", bridge };
  for (const namespace of eachNamespace(view, release)) yield { kind: "namespace", namespace };
  yield { kind: "root", ...during(`lowering the own namespace of host "${view.host.name}"`, () => lowerRoot(view, release)) };
}
