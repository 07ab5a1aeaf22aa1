import type { Ip } from "../../net/ip.js";
import { isIpv4 } from "../../net/ip.js";
import type { Query, Station } from "../../virtual/station.js";
import { rootOf, type Span, type TrailStep } from "../../virtual/trail.js";
import type { World } from "../../virtual/world.js";

/** What is sent to find out whether somebody can be reached. */
export type ProbeKind = { readonly protocol: "icmp" } | { readonly protocol: "tcp" | "udp"; readonly port: number };

/** A packet from one machine to another, whose answer is waited for. */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly address: Ip;
  readonly kind: ProbeKind;
}

/** What came of a probe. */
export interface Verdict {
  readonly answered: boolean;
  /** Where it ended if it was not answered, in words: `dropped on compute-1, br-int: table 94`. */
  readonly end: string;
  /** Every step of all packets meanwhile. */
  readonly steps: readonly TrailStep[];
}

/** Milliseconds of the simulation's time that an answer may take. */
const patience = 3000;

/** Sends a probe in a world. Errors: undefined where the world has no such machine. */
export function runProbe(world: World, { from, address, kind }: Probe): Verdict | undefined {
  const station = world.machine(from);
  if (station === undefined) return undefined;
  const steps: { readonly span: Span; readonly step: TrailStep }[] = [];
  const stop = world.trail.listen((span, step) => steps.push({ span, step }));
  const query = ask(station, address, kind);
  const answered = world.runUntil(() => isAnswered(query, kind), patience);
  stop();
  return { answered, end: answered ? "" : endOf(steps, query), steps: steps.map(({ step }) => step) };
}

function ask(station: Station, address: Ip, kind: ProbeKind): Query {
  switch (kind.protocol) {
    case "icmp":
      return station.ping(address, 1, station.freshId());
    case "tcp":
      return station.connect(address, kind.port, station.freshPort());
    case "udp":
      return station.datagram(address, kind.port, station.freshPort());
  }
}

/** A closed UDP port answers by an error of its own: the datagram has come through. */
function isAnswered({ answers, packet }: Query, { protocol }: ProbeKind): boolean {
  return answers.some((answer) => {
    if (answer.kind === "unsent") return false;
    if (answer.kind === "error") return protocol === "udp" && answer.packet.source === packet.destination;
    return true;
  });
}

/** The last place at which a packet of the probe's was dropped; of an address that was not resolved, where the request for it was. */
function endOf(steps: readonly { readonly span: Span; readonly step: TrailStep }[], query: Query): string {
  const drops = steps.filter(({ step }) => step.ending === "dropped");
  const own = drops.filter(({ span }) => belongs(span, query.span));
  const at = own.at(-1) ?? drops.at(-1);
  if (at === undefined) return "no answer";
  const { place, effect, decision } = at.step;
  const table = decision?.kind === "flow" || decision?.kind === "table-miss" ? ` table ${decision.table}` : "";
  const where = [place.host, `${place.name}${table}`].filter((part) => part !== undefined && part !== "");
  return `ends at ${where.join(", ")}: ${effect}`;
}

/** True for a packet and its copies, and for what answers it. */
function belongs(span: Span, to: Span): boolean {
  for (let at: Span | undefined = rootOf(span); at !== undefined; at = at.cause === undefined ? undefined : rootOf(at.cause)) {
    if (at === rootOf(to)) return true;
  }
  return false;
}

/** `ping VM1`, `tcp 22 to VM1`. */
export function probeText({ from, to, address, kind }: Probe): string {
  const target = to === address ? to : `${to} (${address})`;
  if (kind.protocol === "icmp") return `${from} ping${isIpv4(address) ? "" : "6"} ${target}`;
  return `${from} ${kind.protocol} ${kind.port} to ${target}`;
}
