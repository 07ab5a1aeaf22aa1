import { byText, sorted } from "../../base/order.js";
import type { Flow } from "../../ir/flow.js";
import { type LineSink, printedText } from "../printed.js";
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
  return printHead(flow, dialect, stats) + printBody(flow, dialect);
}

/** Everything before the match. */
function printHead(flow: Flow, dialect: FlowDialect, stats: FlowStats): string {
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
  return text;
}

/** Match and actions. */
function printBody(flow: Flow, dialect: FlowDialect): string {
  const match = printMatch(flow.match, flow.priority);
  return [match, printActions(flow.actions, dialect)].join(match === "" ? "actions=" : " actions=");
}

/** Flows of one table and priority that are printed alike up to their match. */
interface FlowGroup {
  /** The first of them. */
  readonly like: Flow;
  readonly head: string;
  /** Texts without the head. */
  readonly bodies: string[];
  /** Of each body; empty where nobody asks. */
  readonly origins: Flow["origin"][];
}

/**
 * Writes a bridge's flows by table, priority descending, text: OpenFlow has no order of its own.
 *
 * Few flows share table and priority, so only those are compared by text, and only from where they differ.
 */
export function writeFlows(flows: readonly Flow[], sink: LineSink, dialect: FlowDialect = canonicalFlows): void {
  const ranks = new Map<number, FlowGroup[]>();
  for (const flow of flows) {
    const { bodies, origins } = groupOf(ranks, flow, dialect);
    bodies.push(printBody(flow, dialect));
    if (sink.textOnly !== true) origins.push(flow.origin);
  }
  for (const [, groups] of sorted(ranks, ([a], [b]) => a - b)) {
    const [only, other] = groups;
    if (sink.textOnly === true && only !== undefined && other === undefined) writeTexts(only, sink);
    else writeLines(groups, sink);
  }
}

/** Without a comparator, texts are compared by code unit, as {@link byText} does. The head goes between them, so that no line is put together alone. */
function writeTexts({ head, bodies }: FlowGroup, sink: LineSink): void {
  bodies.sort();
  const between = `\n${head}`;
  for (let from = 0; from < bodies.length; from += linesOfText)
    sink(head + bodies.slice(from, from + linesOfText).join(between), undefined);
}

/** Flows that are written as one text: `printedPieces` says why not all of them. */
const linesOfText = 128;

function writeLines(groups: readonly FlowGroup[], sink: LineSink): void {
  const lines = groups.flatMap(({ head, bodies, origins }) => bodies.map((body, at) => ({ text: head + body, origin: origins[at] })));
  for (const { text, origin } of lines.sort((a, b) => byText(a.text, b.text))) sink(text, origin);
}

function groupOf(ranks: Map<number, FlowGroup[]>, flow: Flow, dialect: FlowDialect): FlowGroup {
  const rank = flow.table * 65536 + 65535 - flow.priority;
  let groups = ranks.get(rank);
  if (groups === undefined) ranks.set(rank, (groups = []));
  for (const group of groups) if (hasSameHead(group.like, flow)) return group;
  const group = { like: flow, head: printHead(flow, dialect, noStats), bodies: [], origins: [] };
  groups.push(group);
  return group;
}

function hasSameHead(a: Flow, b: Flow): boolean {
  return (
    a.cookie === b.cookie &&
    a.idleTimeout === b.idleTimeout &&
    a.hardTimeout === b.hardTimeout &&
    (a.flags === b.flags || a.flags?.join(" ") === b.flags?.join(" "))
  );
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
