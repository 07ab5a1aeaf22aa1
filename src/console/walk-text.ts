import { visible } from "../diagnostics/visible.js";
import { printActions } from "../formats/openflow/print-action.js";
import { printFlow } from "../formats/openflow/print.js";
import { printIpRule } from "../formats/ip-rule/print.js";
import { printRoute } from "../formats/ip-route/print.js";
import { printRule } from "../formats/iptables-save/print-rule.js";
import { ipVersion } from "../net/ip.js";
import type { Origin } from "../source/origin.js";
import type { Decision, TrailStep } from "../virtual/trail.js";
import type { Leg, Walk } from "../virtual/walk.js";

/** How much of a walk is told. */
export interface WalkText {
  /** `summary`: a line a hop. `plain`: a line a decision. `detailed`: the entry that decided, too, and why it is there. */
  readonly detail: "summary" | "plain" | "detailed";
  /** One line on why an entry exists; undefined where nothing is known. */
  readonly because: (origin: Origin) => string | undefined;
}

/** A walk for people: there, back, and how it ended. Ends in one line that begins with `delivered` or `dropped`. Names are safe to print. */
export function walkLines(walk: Walk, text: WalkText): readonly string[] {
  const back = walk.back === undefined ? [] : ["", `back: ${walk.back.subject}`, ...legLines(walk.back, text)];
  return [`there: ${walk.there.subject}`, ...legLines(walk.there, text), ...back, "", verdictLine(walk)].map(visible);
}

/** `delivered`, or `dropped` and by exactly what. */
export function verdictLine(walk: Walk): string {
  if (walk.refused) return "delivered: the machine refused the connection";
  if (walk.delivered) return walk.back === undefined ? "delivered" : "delivered, and answered";
  const leg = walk.there.delivered ? (walk.back ?? walk.there) : walk.there;
  const last = leg.steps.at(-1);
  const direction = walk.there.delivered ? "dropped on the way back" : "dropped";
  if (last === undefined) return direction;
  return `${direction} at ${[endText(last) + sender(leg, last), ...leg.alsoDropped.map(endText)].join("; and at ")}`;
}

function endText(step: TrailStep): string {
  const entry = entryText(step.decision);
  const what = step.decision?.kind === "table-miss" ? stepText(step) : step.effect;
  return `${placeText(step)}: ${what}${entry === undefined ? "" : `, by ${entry}`}`;
}

/** A flow that drops all comers says little: the one that sent the packet there says why. */
function sender({ steps }: Leg, last: TrailStep): string {
  if (last.decision?.kind !== "flow" || Object.keys(last.decision.flow.match).length > 0) return "";
  const before = steps.findLast((step) => step !== last && step.decision?.kind === "flow" && placeText(step) === placeText(last));
  const entry = entryText(before?.decision);
  return entry === undefined ? "" : `, where ${entry} sent it`;
}

function legLines(leg: Leg, text: WalkText): readonly string[] {
  if (text.detail === "summary") return hops(leg).map((hop) => `  ${hop}`);
  let place = "";
  return leg.steps.flatMap((step) => {
    const here = placeText(step);
    const title = here === place ? [] : [`  ${here}`];
    place = here;
    return [...title, `    ${stepText(step)}`, ...detailLines(step, text).map((line) => `        ${line}`)];
  });
}

/** One line for each bridge or namespace, with the last thing that happened there. */
function hops(leg: Leg): readonly string[] {
  const lines: string[] = [];
  leg.steps.forEach((step, index) => {
    const next = leg.steps[index + 1];
    if (next === undefined || placeText(next) !== placeText(step)) lines.push(`${placeText(step)}: ${stepText(step)}`);
  });
  return lines;
}

function stepText(step: TrailStep): string {
  const { decision } = step;
  switch (decision?.kind) {
    case "flow":
      return `table ${decision.table}: ${step.effect === "match" ? shortened(printActions(decision.flow.actions)) : step.effect}`;
    case "table-miss":
      return `table ${decision.table}: no flow matches, ${step.effect}`;
    case "mac-table":
      return `NORMAL, VLAN ${decision.vlan}: ${step.effect}`;
    case "conntrack":
      return `conntrack zone ${decision.zone}: ${step.effect}`;
    case "iptables":
    case "policy":
      return `${decision.table} ${decision.chain}: ${step.effect}`;
    case "neighbour":
      return `neighbour ${decision.ip} ${decision.state}: ${step.effect}`;
    default:
      return step.effect;
  }
}

/** Of what is learned only the table is told, and long lists of actions end in dots: the details have them whole. */
function shortened(text: string): string {
  const told = text.replace(/learn\((table=\d+)[^)]*\)/g, "learn($1,...)");
  return told.length <= 80 ? told : `${told.slice(0, 77)}...`;
}

function detailLines(step: TrailStep, { detail, because }: WalkText): readonly string[] {
  if (detail !== "detailed") return [];
  const origin = originOf(step.decision);
  const reason = origin === undefined ? undefined : because(origin);
  return [entryText(step.decision), reason].filter((line) => line !== undefined);
}

/** The entry that decided, as its artefact has it. */
export function entryText(decision: Decision | undefined): string | undefined {
  switch (decision?.kind) {
    case "flow":
      return printFlow(decision.flow).trim();
    case "route": {
      const [line = ""] = printRoute(decision.route, versionOf(decision));
      return decision.rule === undefined ? line : `${line} (${printIpRule(decision.rule).replace("\t", " ")})`;
    }
    case "iptables":
      return `-A ${decision.chain}${printRule(decision.rule)} (table ${decision.table})`;
    case "policy":
      return `the policy of ${decision.chain} in table ${decision.table}`;
    case "sysctl":
      return decision.key;
    default:
      return undefined;
  }
}

/** The provenance of the entry that decided. */
export function originOf(decision: Decision | undefined): Origin | undefined {
  switch (decision?.kind) {
    case "flow":
      return decision.flow.origin;
    case "route":
      return decision.route.origin;
    case "iptables":
      return decision.rule.origin;
    default:
      return undefined;
  }
}

function versionOf({ route }: Decision & { readonly kind: "route" }): 4 | 6 {
  const [hop] = route.nextHops;
  if (route.destination !== "default") return route.destination.includes(":") ? 6 : 4;
  return hop.via === undefined ? 4 : ipVersion(hop.via);
}

function placeText({ place }: TrailStep): string {
  return place.host === undefined ? place.name : `${place.host} ${place.name}`;
}

/** A walk for machines: the same facts as {@link walkLines}, every entry as text. */
export function walkJson(walk: Walk, because: WalkText["because"]): unknown {
  const leg = ({ subject, delivered, steps, alsoDropped }: Leg): unknown => ({
    packet: subject,
    delivered,
    alsoDropped: alsoDropped.map(endText),
    steps: steps.map((step) => {
      const origin = originOf(step.decision);
      return {
        time: step.time,
        host: step.place.host ?? null,
        place: step.place.name,
        kind: step.place.kind,
        effect: step.effect,
        decision: step.decision?.kind ?? null,
        entry: entryText(step.decision) ?? null,
        because: origin === undefined ? null : (because(origin) ?? null),
        ending: step.ending ?? null,
      };
    }),
  });
  return {
    probe: walk.probe,
    source: walk.source,
    destination: walk.destination,
    delivered: walk.delivered,
    refused: walk.refused,
    verdict: verdictLine(walk),
    hosts: walk.hosts,
    there: leg(walk.there),
    back: walk.back === undefined ? null : leg(walk.back),
  };
}
