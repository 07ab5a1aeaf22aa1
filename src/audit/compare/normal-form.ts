import type { Action } from "../../ir/action.js";
import type { Flow } from "../../ir/flow.js";
import type { Sysctl } from "../../ir/namespace.js";
import { type Entry, textOf } from "../entry.js";

/**
 * The text by which entries are equal. Where order says nothing, it is taken away: outputs of a flood, clauses of conjunctions.
 *
 * Cookies are drawn by agents for each of their runs, also inside learned flows.
 */
export function normalText(entry: Entry): string {
  if (entry.kind === "sysctl") return textOf({ ...entry, sysctl: { ...entry.sysctl, value: normalSetting(entry.sysctl) } });
  if (entry.kind !== "flow") return textOf(entry);
  const known = texts.get(entry.flow);
  if (known !== undefined) return known;
  const text = textOf({ ...entry, flow: normalFlow(entry.flow) });
  texts.set(entry.flow, text);
  return text;
}

/**
 * The kernel keeps `proxy_delay` in ticks of its clock: the 1 that the agent writes reads back as 0 where there are fewer than a thousand a second.
 *
 * Source: Linux `neigh_proc_dointvec_userhz_jiffies`.
 */
function normalSetting({ key, value }: Sysctl): string {
  return key.endsWith(".proxy_delay") && value === "0" ? "1" : value;
}

/** Flows are most of a host, and are asked for again when all hosts' DVR MACs are known. */
const texts = new WeakMap<Flow, string>();

function normalFlow(flow: Flow): Flow {
  const { actions } = flow;
  const learns = actions.some(({ kind }) => kind === "learn");
  const unordered = actions.some((action, index) => isUnordered(action) && actions[index - 1]?.kind === action.kind);
  if (!learns && !unordered) return flow;
  const bare = actions.map((action): Action => (action.kind === "learn" ? { ...action, cookie: 0n } : action));
  return { ...flow, actions: unordered ? sortRuns(bare) : bare };
}

function isUnordered({ kind }: Action): boolean {
  return kind === "output" || kind === "conjunction";
}

function sortRuns(actions: readonly Action[]): Action[] {
  const result: Action[] = [];
  for (let start = 0; start < actions.length;) {
    const kind = actions[start]?.kind;
    let end = start + 1;
    while (kind !== undefined && isUnordered({ kind } as Action) && actions[end]?.kind === kind) end++;
    result.push(...actions.slice(start, end).sort((a, b) => rank(a) - rank(b)));
    start = end;
  }
  return result;
}

function rank(action: Action): number {
  if (action.kind === "conjunction") return action.id * 16 + action.clause;
  return action.kind === "output" && action.port !== "local" ? action.port : 0;
}
