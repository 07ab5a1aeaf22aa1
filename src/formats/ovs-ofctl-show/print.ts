import { printPort } from "../openflow/print-match.js";
import type { ShownSwitch, SwitchPort } from "./shown.js";

/**
 * A switch as `ovs-ofctl show` prints it, at OpenFlow 1.0, which is the tool's default, or 1.3.
 *
 * Source: Open vSwitch 3.1, read from its output.
 */
export function printSwitch(shown: ShownSwitch, openflow: "1.0" | "1.3" = "1.0"): string[] {
  const wire = openflow === "1.0" ? "" : " (OF1.3)";
  const head =
    openflow === "1.0"
      ? [
          "capabilities: FLOW_STATS TABLE_STATS PORT_STATS QUEUE_STATS ARP_MATCH_IP",
          "actions: output enqueue set_vlan_vid set_vlan_pcp strip_vlan mod_dl_src mod_dl_dst mod_nw_src mod_nw_dst mod_nw_tos mod_tp_src mod_tp_dst",
        ]
      : ["capabilities: FLOW_STATS TABLE_STATS PORT_STATS GROUP_STATS QUEUE_STATS", "OFPST_PORT_DESC reply (OF1.3) (xid=0x3):"];
  return [
    `OFPT_FEATURES_REPLY${wire} (xid=0x2): dpid:${shown.datapathId}`,
    "n_tables:254, n_buffers:0",
    ...head,
    ...shown.ports.flatMap(printSwitchPort),
    `OFPT_GET_CONFIG_REPLY${wire} (xid=${openflow === "1.0" ? "0x4" : "0x5"}): frags=normal miss_send_len=0`,
  ];
}

function printSwitchPort(port: SwitchPort): string[] {
  return [
    ` ${printPort(port.ofport)}(${port.name}): addr:${port.mac}`,
    `     config:     ${port.config === "" ? "0" : port.config}`,
    `     state:      ${port.state === "" ? "0" : port.state}`,
    ...(port.current === undefined ? [] : [`     current:    ${port.current}`]),
    `     speed: ${port.speed} Mbps now, 0 Mbps max`,
  ];
}
