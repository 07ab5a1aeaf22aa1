import type { Bridge } from "../../ir/bridge.js";
import type { Flow } from "../../ir/flow.js";
import type { OfPort } from "../../ir/match.js";
import { oneToOne, type Renumbering } from "./translation.js";

/**
 * Port numbers of a bridge, matched by port name.
 *
 * A port whose flows still use the expected number has not been renumbered: its row is wrong, which is a difference.
 */
export function translateOfports(expected: Bridge, live: Bridge, renumberings: Renumbering[]): ReadonlyMap<number, number> {
  const liveByName = new Map(live.ports.map((port) => [port.name, port.ofport]));
  const numbers = new Set(liveByName.values());
  const shared = expected.ports.flatMap(({ name, ofport }) => {
    const other = liveByName.get(name);
    return other === undefined ? [] : [{ name, ofport, other }];
  });
  if (shared.every(({ ofport, other }) => ofport === other)) return oneToOne([], numbers);
  const usedHere = usedOfports(expected.flows);
  const usedThere = usedOfports(live.flows);
  const follows = shared.filter(
    ({ ofport, other }) =>
      other > 0 && (ofport === other || usedThere.has(other) || !usedHere.has(ofport) || !usedThere.has(ofport) || numbers.has(ofport)),
  );
  const map = oneToOne(
    follows.map(({ ofport, other }) => [other, ofport]),
    numbers,
  );
  for (const { name, ofport, other } of follows) {
    if (map.get(other) === ofport) {
      const owner = `${name} of ${expected.name}`;
      renumberings.push({ what: "port number", owner, expected: String(ofport), live: String(other), nature: "renumbering" });
    }
  }
  return map;
}

function usedOfports(flows: readonly Flow[]): ReadonlySet<OfPort> {
  const used = new Set<OfPort>();
  for (const { match, actions } of flows) {
    if (match.inPort !== undefined) used.add(match.inPort);
    for (const action of actions) if (action.kind === "output") used.add(action.port);
  }
  return used;
}
