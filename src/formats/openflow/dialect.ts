/** How `ovs-ofctl dump-flows` is spelt. */
export interface FlowDialect {
  /** Wire version: `-O OpenFlow13` prints `goto_table:1`, the default 1.0 `resubmit(,1)`. */
  readonly openflow: "1.0" | "1.3";
  /** Without `--no-stats`: cookie, duration, table and counters stand on every line. */
  readonly stats: boolean;
}

/** What artefacts are written in: `ovs-ofctl -O OpenFlow13 dump-flows --no-stats`. */
export const canonicalFlows: FlowDialect = { openflow: "1.3", stats: false };

/** `ovs-ofctl dump-flows --no-stats`. */
export const openflow10: FlowDialect = { openflow: "1.0", stats: false };

/** What the switch counts of a flow and its age, as a dump with statistics shows them. */
export interface FlowStats {
  /** Milliseconds since the flow was added. */
  readonly duration: number;
  readonly packets: number;
  readonly bytes: number;
  /** Seconds since the flow was last hit; OpenFlow 1.0 dumps alone show it. */
  readonly idleAge?: number;
  /** Seconds since the flow was last modified. */
  readonly hardAge?: number;
}
