import type { Action } from "../../ir/action.js";

/**
 * Learns where a MAC is: a flow in the unicast table that sends to it through the tunnel that this frame came from.
 *
 * Source: Neutron `OVSTunnelBridge.setup_default_table`; the flow lives for 300 seconds.
 */
export function learnSource(unicastTable: number, cookie: bigint): Action {
  const vlan = { field: "NXM_OF_VLAN_TCI", bits: [0, 11] } as const;
  return {
    kind: "learn",
    table: unicastTable,
    priority: 1,
    idleTimeout: 0,
    hardTimeout: 300,
    cookie,
    specs: [
      { kind: "match-field", destination: vlan, source: vlan },
      { kind: "match-field", destination: { field: "NXM_OF_ETH_DST" }, source: { field: "NXM_OF_ETH_SRC" } },
      { kind: "load-value", value: 0n, destination: { field: "NXM_OF_VLAN_TCI" } },
      { kind: "load-field", source: { field: "NXM_NX_TUN_ID" }, destination: { field: "NXM_NX_TUN_ID" } },
      { kind: "output", source: { field: "OXM_OF_IN_PORT" } },
    ],
  };
}
