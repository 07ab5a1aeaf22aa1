import type { Flow } from "../../ir/flow.js";
import type { HostView } from "../../model/host-view.js";
import type { DumpedHost } from "./facts.js";
import type { Adopt } from "./numbers.js";

/** Ids of one group and remote group are a block of this size. Source: Neutron `ConjIdMap`. */
const block = 8;

/**
 * Conjunction ids: a block of the compiled host and a block of the dump are the same where their flows are, ids aside.
 *
 * Blocks whose flows are alike throughout are taken in ascending order: exchanging them changes nothing.
 */
export function adoptConjunctions(view: HostView, compiled: DumpedHost, dump: DumpedHost, tables: readonly number[], adopt: Adopt): void {
  const byShape = new Map<string, number[]>();
  for (const [base, shape] of shapes(dump, tables)) byShape.set(shape, [...(byShape.get(shape) ?? []), base]);
  for (const bases of byShape.values()) bases.sort((a, b) => a - b);
  const own = shapes(compiled, tables);
  for (const [owner, base] of [...view.firewall.conjunctionIds].sort(([, a], [, b]) => a - b)) {
    adopt("conjunction_id", owner, byShape.get(own.get(base) ?? "")?.shift());
  }
}

/** What the flows of each block are, ids written relative to its base. */
function shapes(host: DumpedHost, tables: readonly number[]): Map<number, string> {
  const lines = new Map<number, string[]>();
  const add = (id: number, line: string): void => {
    const base = id - (id % block);
    const known = lines.get(base);
    if (known === undefined) lines.set(base, [`${id - base} ${line}`]);
    else known.push(`${id - base} ${line}`);
  };
  for (const table of tables) {
    for (const flow of host.flows("br-int", table)) {
      for (const action of flow.actions) if (action.kind === "conjunction") add(action.id, `${textOf(flow)} clause ${action.clause}`);
      if (flow.match.conjId !== undefined) add(flow.match.conjId, textOf(flow));
    }
  }
  return new Map([...lines].map(([base, list]) => [base, list.sort().join("\n")]));
}

function textOf({ table, priority, match }: Flow): string {
  const { conjId: _, ...rest } = match;
  const fields = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${table} ${priority} ${JSON.stringify(fields)}`;
}
