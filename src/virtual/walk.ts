import { type Ip } from "../net/ip.js";
import { tcpFlag } from "./packet.js";
import type { Query, Station } from "./station.js";
import { rootOf, type Span, stepsTo, type TrailStep } from "./trail.js";
import type { World } from "./world.js";

/** What is sent to find the way. */
export type Probe =
  { readonly protocol: "icmp" } | { readonly protocol: "tcp"; readonly port: number } | { readonly protocol: "udp"; readonly port: number };

/** One direction of a walk: a packet, its steps without the branches that went elsewhere, and how it ended. */
export interface Leg {
  readonly subject: string;
  readonly steps: readonly TrailStep[];
  readonly delivered: boolean;
  /** Where other copies ended that were flooded at the same time as one that was dropped. */
  readonly alsoDropped: readonly TrailStep[];
}

/** The way of a packet from one machine to an address, and of its answer back. */
export interface Walk {
  readonly probe: Probe;
  readonly source: Ip;
  readonly destination: Ip;
  readonly there: Leg;
  /** Undefined where the packet did not arrive, or nobody answers it (UDP). */
  readonly back: Leg | undefined;
  /** True where the packet arrived, and its answer too if one was due. */
  readonly delivered: boolean;
  /** Set where a TCP connection was refused by the machine itself. */
  readonly refused: boolean;
  /** Hosts that the walk, and the questions for addresses on its way, came to. */
  readonly hosts: readonly string[];
}

/** Milliseconds for which an answer is waited for: longer than three questions for an address take. */
const patience = 10_000;

/** Where a packet ended. */
interface End {
  readonly root: Span;
  readonly span: Span;
  readonly step: TrailStep;
  readonly alsoDropped?: readonly TrailStep[];
}

/** The ends of all packets while something runs. */
class Endings {
  readonly #ends: End[] = [];
  readonly stop: () => void;

  constructor(world: World) {
    this.stop = world.trail.listen((span, step) => {
      if (step.ending !== undefined) this.#ends.push({ root: rootOf(span), span, step });
    });
  }

  /**
   * The span in which a packet ended: delivered, else dropped, else ignored. Of copies that were dropped, the one at its goal's host counts before
   * strays; others that were flooded with it are in `alsoDropped`.
   */
  of(isRoot: (root: Span) => boolean, goal: string | undefined): End | undefined {
    const ends = this.#ends.filter(({ root }) => isRoot(root));
    const last = (ending: TrailStep["ending"], host?: string) =>
      ends.findLast(({ step }) => step.ending === ending && (host === undefined || step.place.host === host));
    const found = last("delivered") ?? (goal === undefined ? undefined : last("dropped", goal)) ?? last("dropped") ?? last("ignored");
    if (found?.step.ending !== "dropped" || found.span.parent === undefined) return found;
    const copies = ends.filter(
      ({ span, step }) => span.parent === found.span.parent && step.ending === "dropped" && step.time === found.step.time,
    );
    const [first = found, ...others] = copies;
    return { ...first, alsoDropped: others.map(({ step }) => step) };
  }
}

/** Sends a probe from a machine to an address and follows it there and back. */
export function walk(world: World, from: Station, destination: Ip, probe: Probe): Walk {
  const endings = new Endings(world);
  const query = send(from, destination, probe);
  const answerDue = probe.protocol !== "udp";
  const ended = (isRoot: (root: Span) => boolean): TrailStep["ending"] => endings.of(isRoot, undefined)?.step.ending;
  const arrived = (): boolean => ended((root) => root === query.span) === "delivered";
  const lost = (isRoot: (root: Span) => boolean): boolean =>
    ended(isRoot) === "dropped" && !world.isAsleep(endings.of(isRoot, undefined)?.root ?? query.span);
  const hopeless = (): boolean => (arrived() ? lost((root) => isAnswerTo(root, query)) : lost((root) => root === query.span));
  world.runUntil(() => query.answers.length > 0 || (!answerDue && arrived()), patience, hopeless);
  from.forget(query);
  endings.stop();
  const there = legOf(endings, query.span, (root) => root === query.span, world.plan.likelyHost?.(destination));
  const back = there.delivered && answerDue ? answerLeg(endings, query, world.plan.likelyHost?.(query.packet.source)) : undefined;
  return {
    probe,
    source: query.packet.source,
    destination,
    there,
    back,
    delivered: there.delivered && (!answerDue || back?.delivered === true),
    refused: isRefused(query),
    hosts: world.visited,
  };
}

function send(from: Station, destination: Ip, probe: Probe): Query {
  switch (probe.protocol) {
    case "icmp":
      return from.ping(destination, 1, from.freshId());
    case "tcp":
      return from.connect(destination, probe.port, from.freshPort());
    case "udp":
      return from.datagram(destination, probe.port, from.freshPort());
  }
}

function answerLeg(endings: Endings, query: Query, goal: string | undefined): Leg {
  const [answer] = query.answers;
  if (answer?.kind === "reply") return { subject: answer.span.subject, steps: stepsTo(answer.span), delivered: true, alsoDropped: [] };
  return legOf(endings, query.span, (root) => isAnswerTo(root, query), goal);
}

function isAnswerTo(root: Span, query: Query): boolean {
  return root.cause !== undefined && rootOf(root.cause) === query.span;
}

function legOf(endings: Endings, fallback: Span, isRoot: (root: Span) => boolean, goal: string | undefined): Leg {
  const end = endings.of(isRoot, goal);
  const span = end?.span ?? fallback;
  return { subject: span.subject, steps: stepsTo(span), delivered: end?.step.ending === "delivered", alsoDropped: end?.alsoDropped ?? [] };
}

function isRefused({ answers }: Query): boolean {
  const [answer] = answers;
  return answer?.kind === "reply" && answer.packet.transport.kind === "tcp" && (answer.packet.transport.flags & tcpFlag.rst) !== 0;
}
