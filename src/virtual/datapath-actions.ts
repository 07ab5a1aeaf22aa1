import { etherType } from "../ir/match.js";
import { clearConntrack, type FlowKey } from "./flow-key.js";

/** What the pipeline tells the datapath to do: the line `Datapath actions` of a trace. */
export type DatapathAction =
  | { readonly kind: "output"; readonly bridge: string; readonly port: number }
  | { readonly kind: "set-tunnel"; readonly bridge: string; readonly port: number; readonly id: number }
  | { readonly kind: "set-eth"; readonly source?: number; readonly destination?: number }
  | { readonly kind: "push-vlan"; readonly tci: number }
  | { readonly kind: "pop-vlan" }
  | {
      readonly kind: "set-ip";
      readonly version: 4 | 6;
      readonly source?: bigint;
      readonly destination?: bigint;
      readonly tos?: number;
      readonly ttl?: number;
    }
  | { readonly kind: "set-arp"; readonly key: Readonly<FlowKey>; readonly base: Readonly<FlowKey> }
  | { readonly kind: "set-ports"; readonly protocol: number; readonly source?: number; readonly destination?: number }
  | { readonly kind: "set-mark"; readonly mark: number }
  | { readonly kind: "ct"; readonly commit: boolean; readonly zone: number; readonly mark?: number }
  | { readonly kind: "ct-clear" }
  | { readonly kind: "recirculate"; readonly id: number };

/**
 * The datapath actions that make of a packet as it stands (`base`) what the pipeline's key says; `base` then is like the key.
 *
 * Order: Ethernet, network, transport, VLAN, mark. Source: Open vSwitch `lib/odp-util.c`, `commit_odp_actions`.
 */
export function commitKey(base: FlowKey, key: FlowKey): readonly DatapathAction[] {
  const actions = [...commitEthernet(base, key), ...commitNetwork(base, key), ...commitPorts(base, key), ...commitVlan(base, key)];
  if (base.pktMark !== key.pktMark) actions.push({ kind: "set-mark", mark: key.pktMark });
  Object.assign(base, key);
  return actions;
}

function commitEthernet(base: FlowKey, key: FlowKey): readonly DatapathAction[] {
  if (base.ethSrc === key.ethSrc && base.ethDst === key.ethDst) return [];
  return [
    {
      kind: "set-eth",
      ...(base.ethSrc === key.ethSrc ? {} : { source: key.ethSrc }),
      ...(base.ethDst === key.ethDst ? {} : { destination: key.ethDst }),
    },
  ];
}

function commitNetwork(base: FlowKey, key: FlowKey): readonly DatapathAction[] {
  if (key.ethType === etherType.arp) {
    const fields = ["ipSrc", "ipDst", "ipProto", "arpSha", "arpTha"] as const;
    return fields.every((field) => base[field] === key[field]) ? [] : [{ kind: "set-arp", key: { ...key }, base: { ...base } }];
  }
  const version = key.ethType === etherType.ipv4 ? 4 : key.ethType === etherType.ipv6 ? 6 : undefined;
  if (version === undefined) return [];
  const [source, destination] = version === 4 ? (["ipSrc", "ipDst"] as const) : (["ipv6Src", "ipv6Dst"] as const);
  const changed = {
    ...(base[source] === key[source] ? {} : { source: BigInt(key[source]) }),
    ...(base[destination] === key[destination] ? {} : { destination: BigInt(key[destination]) }),
    ...(base.ipTos === key.ipTos ? {} : { tos: key.ipTos }),
    ...(base.ipTtl === key.ipTtl ? {} : { ttl: key.ipTtl }),
  };
  return Object.keys(changed).length === 0 ? [] : [{ kind: "set-ip", version, ...changed }];
}

function commitPorts(base: FlowKey, key: FlowKey): readonly DatapathAction[] {
  if (base.tpSrc === key.tpSrc && base.tpDst === key.tpDst) return [];
  return [
    {
      kind: "set-ports",
      protocol: key.ipProto,
      ...(base.tpSrc === key.tpSrc ? {} : { source: key.tpSrc }),
      ...(base.tpDst === key.tpDst ? {} : { destination: key.tpDst }),
    },
  ];
}

function commitVlan(base: FlowKey, key: FlowKey): readonly DatapathAction[] {
  const before = tags(base);
  const after = tags(key);
  let same = 0;
  while (same < before.length && same < after.length && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return [
    ...before.slice(same).map(() => ({ kind: "pop-vlan" as const })),
    ...after
      .slice(0, after.length - same)
      .reverse()
      .map((tci) => ({ kind: "push-vlan" as const, tci })),
  ];
}

/** Outermost first. */
function tags(key: FlowKey): readonly number[] {
  return [key.vlanTci, key.innerVlanTci].filter((tci) => tci !== 0);
}

/** What of a key a packet takes into a recirculation: all but its conntrack state, which the tracker sets anew. */
export function frozenKey(key: FlowKey): FlowKey {
  const copy = { ...key };
  clearConntrack(copy);
  return copy;
}
