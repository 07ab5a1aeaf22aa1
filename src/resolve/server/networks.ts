import { remember } from "../../base/remember.js";
import { type Carriage, carriageOf } from "../../model/carriage.js";
import type { NetworkDeclaration, NetworkType } from "../../model/topology.js";
import { ipVersion } from "../../net/ip.js";
import { readNumber } from "../ledger.js";
import { resourceKey } from "../keys.js";
import { type Claim, lowestFree, settle } from "../settle.js";
import type { ServerContext } from "./context.js";

/** Provider attributes of a network after the server has chosen what was left open. */
export interface Segment extends Carriage {
  readonly segmentationId?: number;
}

/** What each type takes from the MTU of the path, without the outer IP header. Source: neutron-lib `VXLAN_ENCAP_OVERHEAD` and its like. */
const encapsulation = { vxlan: 30, gre: 22, geneve: 30 } as const;

/** Length of the outer IP header. Source: neutron-lib `IP_HEADER_LENGTH`. */
const ipHeader = { 4: 20, 6: 40 } as const;

/**
 * The MTU of a network in bytes: declared, or the physical network's less what a tunnel needs.
 *
 * `path_mtu` limits tunnels only. Source: Neutron `TunnelTypeDriver.get_mtu`, `VlanTypeDriver.get_mtu`.
 */
export function networkMtu(context: ServerContext, network: NetworkDeclaration, type: NetworkType): number {
  const { globalPhysnetMtu, pathMtu } = context.topology.server;
  if (network.mtu !== undefined) return network.mtu;
  if (type === "vlan" || type === "flat") return globalPhysnetMtu;
  const path = pathMtu > 0 ? Math.min(globalPhysnetMtu, pathMtu) : globalPhysnetMtu;
  return path - ipHeader[overlayVersion(context)] - encapsulation[type];
}

/** IP version of the tunnels: that of the hosts' tunnel addresses. */
const overlayVersion = remember(({ topology }: ServerContext): 4 | 6 => {
  for (const host of topology.hosts.values()) if (host.localIp !== undefined && ipVersion(host.localIp) === 6) return 6;
  return 4;
});

/**
 * Type, physical network and segmentation id of every network by its key.
 *
 * A tenant network takes the lowest free id of its range; ids of one type (and physical network, with VLANs) are unique.
 * Errors: `pin-collides`, `pool-exhausted`. Source: Neutron `ml2.drivers.helpers.SegmentTypeDriver`.
 */
export function settleSegments(context: ServerContext): ReadonlyMap<string, Segment> {
  const segments = new Map<string, Segment>();
  const groups = new Map<string, SegmentClaim[]>();
  for (const network of context.topology.networks.values()) {
    const carriage = carriageOf(network, context.topology.server);
    const { type, physicalNetwork } = carriage;
    segments.set(network.key, carriage);
    if (type === "flat") continue;
    const group = type === "vlan" ? `vlan ${physicalNetwork ?? ""}` : type;
    const claims = groups.get(group) ?? [];
    claims.push(segmentClaim(network, (segmentationId) => void segments.set(network.key, { ...carriage, segmentationId })));
    groups.set(group, claims);
  }
  for (const [group, claims] of groups) settleGroup(context, group, claims);
  return segments;
}

type SegmentClaim = Claim<number>;

function segmentClaim(network: NetworkDeclaration, assign: (id: number) => void): SegmentClaim {
  const pinned = network.segmentationId;
  return {
    key: `${resourceKey("network", network.key)}/segmentation_id`,
    pointer: network.pointer,
    pinned: pinned === undefined ? undefined : { value: pinned, pointer: `${network.pointer}/provider:segmentation_id` },
    assign,
  };
}

function settleGroup(context: ServerContext, group: string, claims: readonly SegmentClaim[]): void {
  const [first, last] = rangeOf(context, group);
  settle<number, SegmentClaim>(context.ledger, context.document, claims, {
    what: "segmentation id",
    name: `the range ${first}:${last} of ${group}`,
    read: readNumber,
    expected: "a segmentation id",
    fits: (_, value) => value > 0 && value < 2 ** 24 && (!group.startsWith("vlan ") || value < 4095),
    propose: lowestFree(first, last),
  });
}

function rangeOf(context: ServerContext, group: string): readonly [number, number] {
  const { vniRange, networkVlanRanges } = context.topology.server;
  if (!group.startsWith("vlan ")) return vniRange;
  const physicalNetwork = group.slice("vlan ".length);
  return (Object.hasOwn(networkVlanRanges, physicalNetwork) ? networkVlanRanges[physicalNetwork] : undefined) ?? [1, 0];
}
