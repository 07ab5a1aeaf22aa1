import type { FlowChange } from "../../ir/flow.js";
import type { HostNetwork } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import type { TunnelSlice } from "../slices.js";
import { tunnelledNetworkFlows } from "./br-tun.js";
import { FlowSet } from "./flow-set.js";
import { isTunnelled } from "./host-facts.js";

/** Whether an earlier value and a later one are the same data. */
export type IsSame = (before: unknown, now: unknown) => boolean;

/**
 * Flows of br-tun that are gone, and those that have come, since an earlier slice that differs in some networks alone: a server more on
 * another host is one line on each that hears of it. What both have may be in both.
 *
 * A network's flows never have the match of another's: each names the network's local VLAN, or its tunnel key in the table of its type.
 * Errors: undefined where the bridge has to be lowered in whole.
 */
export function tunnelChange(before: TunnelSlice, now: TunnelSlice, release: Release, isSame: IsSame): FlowChange | undefined {
  if (!isSame({ ...before, networks: [] }, { ...now, networks: [] }) || sharesKeys(before) || sharesKeys(now)) return undefined;
  const byVlan = new Map(now.networks.map((network) => [network.localVlan, network]));
  const stays = new Set<number>();
  for (const network of before.networks) if (isSame(network, byVlan.get(network.localVlan))) stays.add(network.localVlan);
  const changed = ({ localVlan }: HostNetwork): boolean => !stays.has(localVlan);
  const gone = flowsOf({ ...before, networks: before.networks.filter(changed) }, release);
  const come = flowsOf({ ...now, networks: now.networks.filter(changed) }, release);
  return gone === undefined || come === undefined ? undefined : { gone: gone.flows(), come: come.flows() };
}

/** Undefined where flows overwrite one another, which somebody is to be told of. */
function flowsOf(view: TunnelSlice, release: Release): FlowSet | undefined {
  const flows = new FlowSet("br-tun", view.brTun.cookie);
  flows.addAll(tunnelledNetworkFlows(view, release));
  return flows.collisions.length > 0 ? undefined : flows;
}

/** Whether two networks have one local VLAN, or one tunnel key. */
function sharesKeys({ networks }: TunnelSlice): boolean {
  const keys = networks.flatMap(({ network: { type, segmentationId }, localVlan }) => [
    `vlan ${localVlan}`,
    ...(isTunnelled(type) ? [`${type} ${segmentationId}`] : []),
  ]);
  return new Set(keys).size < keys.length;
}
