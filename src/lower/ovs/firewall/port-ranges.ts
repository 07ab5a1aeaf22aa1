import type { PortRange } from "./protocols.js";

/** A range that belongs to a conjunction. */
export interface ConjunctionRange extends PortRange {
  readonly id: number;
}

/** A range that no other overlaps, with all conjunctions that hold there. */
export interface SharedRange extends PortRange {
  readonly ids: readonly number[];
}

/** First and last port that a rule without ports stands for. Source: Neutron `openvswitch_firewall.rules.merge_port_ranges`. */
const wholeRange = { first: 1, last: 65535 };

/**
 * Ranges of ports of several remote group rules, cut where they overlap.
 *
 * Order: ascending; ids in the order in which their ranges begin.
 * Source: Neutron `openvswitch_firewall.rules.merge_port_ranges`.
 */
export function mergePortRanges(ranges: readonly ConjunctionRange[]): readonly SharedRange[] {
  const [only, ...others] = ranges;
  if (only === undefined) return [];
  if (others.length === 0) return [unmerged(only)];
  const merged: SharedRange[] = [];
  const open = new Map<number, number>();
  let first = 0;
  const close = (last: number): void => {
    if (open.size > 0 && first <= last) merged.push({ portRangeMin: first, portRangeMax: last, ids: [...open.keys()] });
  };
  for (const { port, begins, id } of edges(ranges)) {
    const count = open.get(id) ?? 0;
    if (begins && count === 0) {
      close(port - 1);
      first = port;
    }
    if (!begins && count === 1) {
      close(port);
      first = Math.max(first, port + 1);
      open.delete(id);
    } else open.set(id, count + (begins ? 1 : -1));
  }
  const [whole, ...rest] = merged;
  if (whole === undefined || rest.length > 0) return merged;
  return whole.portRangeMin === wholeRange.first && whole.portRangeMax === wholeRange.last ? [{ ids: whole.ids }] : merged;
}

function edges(ranges: readonly ConjunctionRange[]): { readonly port: number; readonly begins: boolean; readonly id: number }[] {
  return ranges
    .flatMap(({ portRangeMin = wholeRange.first, portRangeMax = wholeRange.last, id }) => [
      { port: portRangeMin, begins: true, id },
      { port: portRangeMax, begins: false, id },
    ])
    .sort((a, b) => a.port * 2 + (a.begins ? 0 : 1) - (b.port * 2 + (b.begins ? 0 : 1)));
}

/**
 * Equal ranges of several remote group rules, put together; for protocols without ports.
 *
 * Source: Neutron `openvswitch_firewall.rules.merge_common_rules`.
 */
export function mergeEqualRanges(ranges: readonly ConjunctionRange[]): readonly SharedRange[] {
  const merged = new Map<string, SharedRange>();
  for (const range of ranges) {
    const key = `${range.portRangeMin}-${range.portRangeMax}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? unmerged(range) : { ...before, ids: [...before.ids, range.id] });
  }
  return [...merged.values()];
}

function unmerged({ id, ...range }: ConjunctionRange): SharedRange {
  return { ...range, ids: [id] };
}
