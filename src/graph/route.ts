import type { Place, TrailStep } from "../virtual/trail.js";
import type { Leg, Walk } from "../virtual/walk.js";
import { tunnelsBox } from "./draw.js";
import { boxOfMachine, boxOnHost } from "./host-picture.js";
import type { Link, LinkEnd, Passage, Picture, Route } from "./picture.js";

/** The links that a packet took, and its answer, in order. What is not drawn is left out. */
export function routeOf(walk: Walk, picture: Picture): Route {
  const ways = waysOf(picture.links);
  const there = passages(walk.there, ways);
  const back = walk.back === undefined ? [] : passages(walk.back, ways);
  const lost = [walk.there, ...(walk.back === undefined ? [] : [walk.back])].find(({ delivered }) => !delivered)?.steps.at(-1);
  return { there, back, ...(lost === undefined ? {} : { lostAt: boxOf(lost.place) }) };
}

/** Of each box, the links that lead away from it. */
type Ways = ReadonlyMap<string, readonly Passage[]>;

function waysOf(links: readonly Link[]): Ways {
  const ways = new Map<string, Passage[]>();
  const add = (from: string, passage: Passage): void => {
    const known = ways.get(from);
    if (known === undefined) ways.set(from, [passage]);
    else known.push(passage);
  };
  for (const link of links) {
    add(link.upper.box, { link, downwards: true });
    add(link.lower.box, { link, downwards: false });
  }
  return ways;
}

function passages({ steps }: Leg, ways: Ways): readonly Passage[] {
  const stops = steps.filter((step, at) => boxOf(step.place) !== boxOf(steps[at + 1]?.place));
  return stops.flatMap((stop, at) => {
    const next = stops[at + 1];
    return next === undefined ? [] : shortest(stop, boxOf(next.place), ways);
  });
}

/** Between places that follow one another may be boxes that decide nothing: a physical network, a Linux bridge. */
function shortest({ place, leaves }: TrailStep, goal: string, ways: Ways): readonly Passage[] {
  const start = boxOf(place);
  const first = (ways.get(start) ?? []).filter((passage) => leaves === undefined || nearEnd(passage).port === leaves);
  let reached = new Map<string, readonly Passage[]>(
    (first.length > 0 ? first : (ways.get(start) ?? [])).map((passage) => [farEnd(passage).box, [passage]]),
  );
  for (const seen = new Set([start]); reached.size > 0;) {
    const found = reached.get(goal);
    if (found !== undefined) return found;
    const further = new Map<string, readonly Passage[]>();
    for (const [box, way] of reached) {
      seen.add(box);
      for (const passage of ways.get(box) ?? []) {
        const { box: next } = farEnd(passage);
        if (!seen.has(next) && !further.has(next)) further.set(next, [...way, passage]);
      }
    }
    reached = further;
  }
  return [];
}

function nearEnd({ link, downwards }: Passage): LinkEnd {
  return downwards ? link.upper : link.lower;
}

function farEnd({ link, downwards }: Passage): LinkEnd {
  return downwards ? link.lower : link.upper;
}

function boxOf(place: Place | undefined): string {
  if (place === undefined) return "";
  if (place.kind === "underlay") return tunnelsBox;
  return place.host === undefined ? boxOfMachine(place.name) : boxOnHost(place.host, place.name);
}
