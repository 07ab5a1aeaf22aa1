import { during } from "../base/invariant.js";
import type { FlowChange } from "../ir/flow.js";
import { type HostPart, type HostState, stateOf } from "../ir/host-state.js";
import type { HostView } from "../model/host-view.js";
import type { PortList } from "../model/port-list.js";
import type { Release } from "../releases/release.js";
import { lowerRoot } from "./hybrid/root.js";
import { planNamespaces } from "./l3/namespaces.js";
import { type OnFlowCollision, planBridges } from "./ovs/lower-bridges.js";
import { listsOfFirewall, listsOfRouter } from "./lists.js";
import type { IsSame } from "./ovs/tunnel-change.js";
import type { RootSlice } from "./slices.js";

export { listsOfParts } from "./lists.js";
export type { OnFlowCollision } from "./ovs/lower-bridges.js";
export type { IsSame } from "./ovs/tunnel-change.js";

/** A part of a host before it is lowered. */
export interface PartPlan {
  /** What it is and its name: no two parts of a host share one. */
  readonly id: string;
  /** All that the part is made of besides the release, and lists of ports that are no part of what has them. */
  readonly slice: object;
  readonly lists: readonly PortList[];
  readonly lower: () => HostPart;
  /** How the flows of a bridge differ from those of an earlier slice, and nothing else does. Errors: undefined where that is not so, or not known. */
  readonly change?: (before: object, isSame: IsSame) => FlowChange | undefined;
}

/**
 * Everything that Neutron's agents program on one host, for one release.
 *
 * `onCollision` hears of flows with the same match, of which the last is left.
 */
export function lowerHost(view: HostView, release: Release, onCollision?: OnFlowCollision): HostState {
  return stateOf(view.host.name, lowerParts(planParts(view, release, onCollision)));
}

/** Each part of a plan, made when it is asked for. */
export function* lowerParts(plans: readonly PartPlan[]): Generator<HostPart, void> {
  for (const { lower } of plans) yield lower();
}

/**
 * As {@link lowerHost}, part by part.
 *
 * Order: as `partsOf` gives the parts of a state.
 */
export function planParts(view: HostView, release: Release, onCollision?: OnFlowCollision): PartPlan[] {
  const { host, ports, firewall } = view;
  const filtered = listsOfFirewall(view);
  const root: RootSlice = { host, ports, firewall };
  return [
    ...planBridges(view, release, onCollision).map(({ name, slice, lower, change }) => ({
      id: `bridge ${name}`,
      slice,
      lists: name === "br-int" ? filtered : [],
      lower: (): HostPart => ({ kind: "bridge", bridge: lower() }),
      ...(change === undefined ? {} : { change }),
    })),
    ...planNamespaces(view, release).map(({ name, slice, lower }) => ({
      id: `namespace ${name}`,
      slice,
      lists: slice.router === undefined ? [] : listsOfRouter(slice.router),
      lower: (): HostPart => ({ kind: "namespace", namespace: lower() }),
    })),
    {
      id: "root",
      slice: root,
      lists: filtered,
      lower: () => ({ kind: "root", ...during(`lowering the own namespace of host "${host.name}"`, () => lowerRoot(root, release)) }),
    },
  ];
}
