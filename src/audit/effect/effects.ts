import type { HostState } from "../../ir/host-state.js";
import type { ResolvedTopology } from "../../model/resolved.js";
import type { Decision } from "../../virtual/trail.js";
import { World, type WorldPlan } from "../../virtual/world.js";
import { type Entry, pathOf, textOf } from "../entry.js";
import type { Finding } from "../finding.js";
import { chooseProbes, probeMap } from "./choose.js";
import { type Concern, ConcernIndex } from "./concern.js";
import { type Probe, runProbe, type Verdict } from "./probe.js";

/** A probe whose outcome is another than it should be. */
export interface Effect {
  readonly probe: Probe;
  /** Lost: it should be answered and is not. Gained: it is answered and should not be. */
  readonly change: "lost" | "gained";
  /** Where it ends, in words. */
  readonly end: string;
}

/** What the differences of all hosts do to servers. */
export interface Effects {
  /** By finding; findings that no probe shows to do anything are not among them. */
  readonly byFinding: ReadonlyMap<Finding, readonly Effect[]>;
  /** How many probes were sent, each in both worlds. */
  readonly probes: number;
  /** True where there were too many differences to probe all of them. */
  readonly incomplete: boolean;
}

/** Both worlds as the simulation takes them, and the topology that they are of. */
export interface EffectWorlds {
  readonly topology: ResolvedTopology;
  readonly expected: WorldPlan;
  readonly live: WorldPlan;
}

/** Probes that are sent at most in one audit. */
const probeLimit = 240;
/** Findings of one host that are probed: those after it do the same harm as a rule. */
const findingLimit = 40;

/**
 * Finds out which servers lose or gain what, by sending the same packets through the expected and the live hosts.
 *
 * A probe is laid at the door of the findings whose entries its packets met; where they met none, of those on the host and artefact where it ended; where
 * there are none either, such as for a port with another tag, whose packets come nowhere, of those that it was sent for.
 */
export function findEffects(findings: readonly Finding[], { topology, expected, live }: EffectWorlds): Effects {
  const map = probeMap(topology, expected.outside);
  const index = new ConcernIndex(topology);
  const effects = new Map<Finding, Effect[]>();
  const outcomes = new Map<string, Outcome | undefined>();
  const askers = new Map<string, Finding[]>();
  const perHost = new Map<string, number>();
  let incomplete = false;
  for (const finding of findings) {
    const probed = (perHost.get(finding.host) ?? 0) + 1;
    perHost.set(finding.host, probed);
    if (probed > findingLimit || outcomes.size >= probeLimit) {
      incomplete = true;
      continue;
    }
    for (const probe of chooseProbes(map, finding.host, concernOf(finding, index, expected, live))) {
      const key = `${probe.from} ${probe.address} ${JSON.stringify(probe.kind)}`;
      if (!outcomes.has(key)) {
        if (outcomes.size >= probeLimit) break;
        outcomes.set(key, compareOutcome(probe, expected, live));
      }
      askers.set(key, [...(askers.get(key) ?? []), finding]);
    }
  }
  for (const [key, outcome] of outcomes) {
    if (outcome === undefined) continue;
    for (const finding of culprits(outcome, findings, askers.get(key) ?? [])) {
      effects.set(finding, [...(effects.get(finding) ?? []), outcome.effect]);
    }
  }
  return { byFinding: effects, probes: outcomes.size, incomplete };
}

/** Those at whose door an outcome is laid: of each kind of evidence the next is asked where the one before tells nothing. */
function culprits({ met, ended }: Outcome, findings: readonly Finding[], askers: readonly Finding[]): readonly Finding[] {
  const found = findings.filter((finding) => keysOf(finding).some((key) => met.has(key)));
  if (found.length > 0) return found;
  const near = findings.filter((finding) => ended.has(`${finding.host} ${placeOf(finding)}`));
  if (near.length > 0) return near;
  const drifts = askers.filter(({ nature }) => nature === "drift");
  return drifts.length > 0 ? drifts : askers;
}

interface Outcome {
  readonly effect: Effect;
  /** Entries that the packets met, in both worlds. */
  readonly met: ReadonlySet<string>;
  /** Where packets were dropped. */
  readonly ended: ReadonlySet<string>;
}

function compareOutcome(probe: Probe, expected: WorldPlan, live: WorldPlan): Outcome | undefined {
  const should = runProbe(new World(expected, { lazy: true }), probe);
  const does = runProbe(new World(live, { lazy: true }), probe);
  if (should === undefined || does === undefined || should.answered === does.answered) return undefined;
  const change = should.answered ? "lost" : "gained";
  const met = new Set([...metBy(should), ...metBy(does)]);
  return { effect: { probe, change, end: change === "lost" ? does.end : "" }, met, ended: endsOf(change === "lost" ? does : should) };
}

function metBy({ steps }: Verdict): string[] {
  return steps.flatMap(({ place, decision }) => {
    const { host } = place;
    if (decision === undefined || host === undefined) return [];
    if (decision.kind === "tunnel") return [`${host} port ${decision.port}`];
    if (decision.kind === "sysctl") return [`${host} ${place.name} sysctl ${decision.key}`];
    return entriesOf(decision, place.name).map((entry) => keyOf(host, entry));
  });
}

/** By what an entry is known again in the other world, whatever the simulation does not tell of it. */
function keyOf(host: string, entry: Entry): string {
  if (entry.kind === "neighbour") return `${host} ${entry.namespace} neighbour ${entry.neighbour.ip}`;
  if (entry.kind === "port") return `${host} port ${entry.port.name}`;
  if (entry.kind === "sysctl") return `${host} ${entry.namespace} sysctl ${entry.sysctl.key}`;
  if (entry.kind === "iptables-rule") return `${host} ${entry.namespace} ${entry.table} ${textOf(entry)}`;
  return `${host} ${pathOf(entry)} ${textOf(entry)}`;
}

/** The entries by which a step was decided; what was learned has none. */
function entriesOf(decision: Decision, place: string): Entry[] {
  switch (decision.kind) {
    case "flow":
      return [{ kind: "flow", bridge: place, flow: decision.flow }];
    case "route": {
      const { rule, route } = decision;
      const version = route.destination.includes(":") || (route.nextHops[0].via?.includes(":") ?? false) ? 6 : 4;
      const routes: Entry[] = [{ kind: "route", namespace: place, version, route }];
      return rule === undefined ? routes : [...routes, { kind: "ip-rule", namespace: place, version, rule }];
    }
    case "neighbour": {
      const { ip, lladdr } = decision;
      return [{ kind: "neighbour", namespace: place, neighbour: { ip, dev: "", lladdr, state: "PERMANENT", origin: nobody } }];
    }
    case "iptables": {
      const { table, chain, rule } = decision;
      return [{ kind: "iptables-rule", namespace: place, version: 4, table, chain, rule }];
    }
    default:
      return [];
  }
}

const nobody = { lowering: "simulation", because: [""] } as const;

function endsOf({ steps }: Verdict): ReadonlySet<string> {
  return new Set(steps.filter(({ ending }) => ending === "dropped").map(({ place }) => `${place.host ?? ""} ${place.name}`));
}

/** The bridge or namespace that a finding is in. */
function placeOf({ artefact, expected, live }: Finding): string {
  const entry = (expected ?? live)?.entry;
  if (entry?.kind === "port") return entry.bridge;
  if (entry?.kind === "bridge") return entry.bridge.name;
  return artefact.includes("/") ? artefact.slice(0, artefact.indexOf("/")) : artefact.replace(/\.flows$/, "");
}

function keysOf({ host, expected, live }: Finding): string[] {
  return [expected, live].flatMap((side) => (side === undefined ? [] : [keyOf(host, side.entry)]));
}

function concernOf(finding: Finding, index: ConcernIndex, expected: WorldPlan, live: WorldPlan): Concern {
  const concerns = [[finding.expected, expected] as const, [finding.live, live] as const].flatMap(([side, plan]) => {
    const state: HostState | undefined = side === undefined ? undefined : plan.hostState(finding.host);
    return side === undefined || state === undefined ? [] : [index.concernOf(side.entry, state)];
  });
  return {
    servers: new Set(concerns.flatMap(({ servers }) => [...servers])),
    networks: new Set(concerns.flatMap(({ networks }) => [...networks])),
    routers: new Set(concerns.flatMap(({ routers }) => [...routers])),
    hosts: new Set(concerns.flatMap(({ hosts }) => [...hosts])),
    kinds: concerns.flatMap(({ kinds }) => kinds),
  };
}

/** A live host as the simulation takes it: without what it has learned, and without what is none of Neutron's. */
export function coldState(state: HostState): HostState {
  return {
    ...state,
    bridges: state.bridges.map((bridge) => ({
      ...bridge,
      flows: bridge.flows.filter(({ hardTimeout, idleTimeout }) => hardTimeout === undefined && idleTimeout === undefined),
    })),
    namespaces: state.namespaces
      .filter(({ kind }) => kind !== "other")
      .map((namespace) => ({ ...namespace, neighbours: namespace.neighbours.filter((neighbour) => neighbour.state === "PERMANENT") })),
  };
}
