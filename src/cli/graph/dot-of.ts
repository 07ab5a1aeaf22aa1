import type { Compilation } from "../../compile.js";
import { verdictLine } from "../../console/walk-text.js";
import { type Diagnostic, hasErrors, type Result } from "../../diagnostics/diagnostic.js";
import { draw } from "../../graph/draw.js";
import { printDot } from "../../graph/print-dot.js";
import { routeOf } from "../../graph/route.js";
import type { HostState } from "../../ir/host-state.js";
import type { ResolvedTopology } from "../../model/resolved.js";
import type { OpenScene } from "../../open-scene.js";
import { lastKey } from "../../source/pointer.js";
import type { Walk } from "../../virtual/walk.js";
import type { Ends } from "../trace/walk-between.js";

/** A packet's way that is to be seen in a picture. */
export interface DrawnWalk {
  readonly walk: Walk;
  readonly ends: Ends;
}

/** The picture of hosts in Graphviz's language. Errors: those of the hosts. */
export function dotOf(
  compilation: Compilation,
  { scene }: OpenScene,
  hosts: readonly string[],
  drawn: DrawnWalk | undefined,
): Result<string> {
  const diagnostics: Diagnostic[] = [];
  const { topology } = compilation.resolution;
  const titles = new Map(Array.from(scene.names.namespaces, ([short, full]) => [full, short]));
  const floating = floatingIpsOf(topology);
  const picture = draw(scene.world.plan, statesOf(compilation, hosts, diagnostics), {
    title: (namespace) => titles.get(namespace) ?? namespace,
    facts: (machine) => floating.get(machine) ?? [],
  });
  if (hasErrors(diagnostics)) return [undefined, diagnostics];
  const networks = new Map(topology.networks.map(({ id, pointer }) => [id, lastKey(pointer)]));
  const title = `${topology.name} for ${compilation.release.name}`;
  if (drawn === undefined) return [printDot(picture, { title, networks }), diagnostics];
  const { walk, ends } = drawn;
  const probe = walk.probe.protocol === "icmp" ? "icmp" : `${walk.probe.protocol} port ${walk.probe.port}`;
  const way = `${ends.from} to ${ends.to}${walk.destination === ends.to ? "" : ` (${walk.destination})`}, ${probe}`;
  return [
    printDot(picture, { title: `${title}: ${way}`, networks, route: routeOf(walk, picture), verdict: verdictLine(walk) }),
    diagnostics,
  ];
}

/** Of machines by name. */
function floatingIpsOf({ servers, floatingIps }: ResolvedTopology): ReadonlyMap<string, readonly string[]> {
  const byPort = new Map(floatingIps.map(({ ip, target }) => [target?.port, `floating ${ip}`]));
  return new Map(servers.map(({ pointer, ports }) => [lastKey(pointer), ports.flatMap((port) => byPort.get(port) ?? [])]));
}

/** Hosts that a packet or its answer came to, and that of its sender, which it may not have left. Order: as they are named. */
export function hostsOnTheWay(
  { walk: { there, back }, ends }: DrawnWalk,
  { scene }: OpenScene,
  hosts: readonly string[],
): readonly string[] {
  const visited = new Set([...there.steps, ...(back?.steps ?? [])].map(({ place }) => place.host));
  for (const link of scene.world.plan.machine(ends.from)?.links.values() ?? []) if (link.kind === "port") visited.add(link.host);
  return hosts.filter((host) => visited.has(host));
}

/** One after the other; what there is to say of them goes to `diagnostics`. */
function* statesOf(compilation: Compilation, hosts: readonly string[], diagnostics: Diagnostic[]): Generator<HostState, void> {
  for (const name of hosts) {
    const [host, found] = compilation.host(name);
    diagnostics.push(...found);
    if (host !== undefined) yield host.state;
  }
}
