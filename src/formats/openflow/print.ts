import { byText, sorted } from "../../base/order.js";
import type { Flow } from "../../ir/flow.js";
import { type LineSink, type PrintedLine, printedText } from "../printed.js";
import { hex } from "../words.js";
import { canonicalFlows, type FlowDialect, type FlowStats } from "./dialect.js";
import { printActions } from "./print-action.js";
import { printMatch } from "./print-match.js";

const noStats: FlowStats = { duration: 0, packets: 0, bytes: 0 };

/**
 * One flow as `ovs-ofctl dump-flows` prints it, its leading blank included.
 *
 * Source: Open vSwitch 3.1 `ofputil_flow_stats_format` in lib/ofp-flow.c, read from its dumps.
 */
export function printFlow(flow: Flow, dialect: FlowDialect = canonicalFlows, stats: FlowStats = noStats): string {
  let text = " ";
  if (dialect.stats) {
    text += `cookie=0x${flow.cookie.toString(16)}, duration=${seconds(stats.duration)}, table=${flow.table}`;
    text += `, n_packets=${stats.packets}, n_bytes=${stats.bytes}, `;
  } else {
    if (flow.cookie !== 0n) text += `cookie=0x${flow.cookie.toString(16)}, `;
    if (flow.table !== 0) text += `table=${flow.table}, `;
  }
  if (flow.idleTimeout !== undefined) text += `idle_timeout=${flow.idleTimeout}, `;
  if (flow.hardTimeout !== undefined) text += `hard_timeout=${flow.hardTimeout}, `;
  if (flow.flags !== undefined) for (const flag of flow.flags) text += `${flag} `;
  if (dialect.stats && dialect.openflow === "1.0") {
    if (stats.idleAge !== undefined) text += `idle_age=${stats.idleAge}, `;
    if (stats.hardAge !== undefined) text += `hard_age=${stats.hardAge}, `;
  }
  const match = printMatch(flow.match, flow.priority);
  return text + match + (match === "" ? "actions=" : " actions=") + printActions(flow.actions, dialect);
}

/**
 * Writes a bridge's flows by table, priority descending, text: OpenFlow has no order of its own.
 *
 * Few flows share table and priority, so only those are compared by text.
 */
export function writeFlows(flows: readonly Flow[], sink: LineSink, dialect: FlowDialect = canonicalFlows): void {
  const groups = new Map<number, PrintedLine[]>();
  for (const flow of flows) {
    const rank = flow.table * 65536 + 65535 - flow.priority;
    const line = { text: printFlow(flow, dialect), origin: flow.origin };
    const group = groups.get(rank);
    if (group === undefined) groups.set(rank, [line]);
    else group.push(line);
  }
  for (const [, group] of sorted(groups, ([a], [b]) => a - b)) {
    for (const line of group.sort((a, b) => byText(a.text, b.text))) sink(line.text, line.origin);
  }
}

/** The text of `br-*.flows`: as {@link writeFlows}. */
export function printFlows(flows: readonly Flow[], dialect: FlowDialect = canonicalFlows): string {
  return printedText((sink) => writeFlows(flows, sink, dialect));
}

/** The line above a dump with statistics. */
export function printFlowsHeader(dialect: FlowDialect, transaction = 2): string {
  const reply = dialect.openflow === "1.0" ? "NXST_FLOW reply" : "OFPST_FLOW reply (OF1.3)";
  return `${reply} (xid=${hex(transaction)}):`;
}

function seconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const rest = Math.floor(milliseconds % 1000);
  return rest === 0 ? `${whole}s` : `${whole}.${String(rest).padStart(3, "0")}s`;
}
