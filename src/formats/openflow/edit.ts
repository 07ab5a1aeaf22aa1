import { by, byNumber, byText, inTurn, sorted } from "../../base/order.js";
import type { Flow, FlowChange } from "../../ir/flow.js";
import { printFlow } from "./print.js";

/** Where a flow's line stands among the others, and the line. */
interface FlowLine {
  /** Tables ascend, priorities descend. */
  readonly rank: number;
  readonly text: string;
}

/** More changes than these are not worth looking for their places one by one. */
const mostEdits = 64;

/** OpenFlow's own, which is not printed. */
const standardPriority = 32768;

/** What a line begins with, up to its priority. */
const head = /^ (?:cookie=\w+, )?(?:table=(\d+), )?(?:\w+_timeout=\d+, )*(?:[a-z_]+ )*(?:priority=(\d+))?/;

/**
 * The text of a bridge's flows, as `writeFlows` writes it, once some have gone and others have come.
 *
 * Errors: undefined where a line that goes is not there, one that comes is there already, or there are too many.
 */
export function editFlows(text: string, { gone, come }: FlowChange): string | undefined {
  const removed = linesOf(gone);
  const added = linesOf(come);
  if (removed.size !== gone.length || added.size !== come.length) return undefined;
  const edits = [...removed.values(), ...added.values()].filter((line) => !(removed.has(line.text) && added.has(line.text)));
  if (edits.length > mostEdits) return undefined;
  let edited = "";
  let from = 0;
  for (const line of sorted(edits, inOrder)) {
    const at = placeOf(text, line);
    const whole = `${line.text}\n`;
    const isThere = text.startsWith(whole, at);
    if (isThere !== removed.has(line.text)) return undefined;
    edited += text.slice(from, at) + (isThere ? "" : whole);
    from = isThere ? at + whole.length : at;
  }
  return edited + text.slice(from);
}

function linesOf(flows: readonly Flow[]): ReadonlyMap<string, FlowLine> {
  const lines = flows.map((flow): FlowLine => ({ rank: rankOf(flow.table, flow.priority), text: printFlow(flow) }));
  return new Map(lines.map((line) => [line.text, line]));
}

function rankOf(table: number, priority: number): number {
  return table * 65536 + 65535 - priority;
}

const inOrder = inTurn<FlowLine>(
  by(({ rank }) => rank, byNumber),
  by(({ text }) => text, byText),
);

/** Where the first line begins that does not stand before another. */
function placeOf(text: string, line: FlowLine): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = middle === 0 ? 0 : text.lastIndexOf("\n", middle - 1) + 1;
    const end = text.indexOf("\n", middle);
    if (standsBefore(text.slice(start, end), line)) low = end + 1;
    else high = start;
  }
  return low;
}

function standsBefore(text: string, { rank, text: other }: FlowLine): boolean {
  const [, table = 0, priority = standardPriority] = head.exec(text) ?? [];
  const own = rankOf(Number(table), Number(priority));
  return own === rank ? byText(text, other) < 0 : own < rank;
}
