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

const lineFeed = 10;

/** OpenFlow's own, which is not printed. */
const standardPriority = 32768;

/** What a line begins with, up to its priority. */
const head = /^ (?:cookie=\w+, )?(?:table=(\d+), )?(?:\w+_timeout=\d+, )*(?:[a-z_]+ )*(?:priority=(\d+))?/;

/**
 * The text of a bridge's flows, as `writeFlows` writes it, once some have gone and others have come.
 *
 * Shape: UTF-8, in pieces that follow one another: those of the old text are views of it.
 * Errors: undefined where a line that goes is not there, one that comes is there already, or there are too many.
 */
export function editFlows(text: Buffer, { gone, come }: FlowChange): readonly Uint8Array[] | undefined {
  const removed = linesOf(gone);
  const added = linesOf(come);
  if (removed.size !== gone.length || added.size !== come.length) return undefined;
  const edits = [...removed.values(), ...added.values()].filter((line) => !(removed.has(line.text) && added.has(line.text)));
  if (edits.length > mostEdits) return undefined;
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const line of sorted(edits, inOrder)) {
    const at = placeOf(text, line);
    const whole = Buffer.from(`${line.text}\n`);
    const isThere = text.subarray(at, at + whole.length).equals(whole);
    if (isThere !== removed.has(line.text)) return undefined;
    pieces.push(text.subarray(from, at));
    if (!isThere) pieces.push(whole);
    from = isThere ? at + whole.length : at;
  }
  return [...pieces, text.subarray(from)];
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
function placeOf(text: Buffer, line: FlowLine): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = middle === 0 ? 0 : text.lastIndexOf(lineFeed, middle - 1) + 1;
    const end = text.indexOf(lineFeed, middle);
    if (standsBefore(text.toString("utf8", start, end), line)) low = end + 1;
    else high = start;
  }
  return low;
}

function standsBefore(text: string, { rank, text: other }: FlowLine): boolean {
  const [, table = 0, priority = standardPriority] = head.exec(text) ?? [];
  const own = rankOf(Number(table), Number(priority));
  return own === rank ? byText(text, other) < 0 : own < rank;
}
