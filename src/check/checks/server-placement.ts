import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { obstacleTo } from "../../model/carriage.js";
import type { HostDeclaration, ServerDeclaration } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { describeObstacle } from "../obstacles.js";

/** Each server finds a host: in its zone, and able to carry all its networks. */
export function* checkServerPlacement(context: CheckContext): Iterable<Diagnostic> {
  const fitting = new Map<string, string | undefined>();
  for (const server of context.topology.servers.values()) {
    yield* checkContradictions(context, server);
    const candidates = context.facts.placement.allowedHosts(server);
    const zone = server.availabilityZone;
    if (candidates.length === 0 && server.host === undefined && zone !== undefined && context.sound("aggregates")) {
      yield report("empty-zone", { server: server.key, zone: zone.key }, context.at(zone.pointer));
    }
    if (candidates.length < 2) continue;
    const networks = networksOf(context, server);
    const key = `${zone?.key ?? ""}\0${networks.join("\0")}`;
    if (!fitting.has(key)) fitting.set(key, reasonAgainst(context, candidates, networks));
    const reason = fitting.get(key);
    if (reason === undefined) continue;
    const place = zone === undefined ? "the topology" : `availability zone "${zone.key}"`;
    const pointer = zone?.pointer ?? server.pointer;
    yield report("no-host-for-server", { place, server: server.key, reason }, context.at(pointer, zone === undefined ? "key" : "value"));
  }
}

function* checkContradictions({ topology, facts, at }: CheckContext, server: ServerDeclaration): Iterable<Diagnostic> {
  const { host, availabilityZone: zone } = server;
  if (host === undefined) return;
  const actual = facts.placement.zoneOf(host.key);
  if (zone !== undefined && actual !== undefined && actual !== zone.key) {
    const related = [{ at: at(zone.pointer), message: "The zone is named here." }];
    yield report("host-not-in-zone", { server: server.key, host: host.key, zone: zone.key, actual }, at(host.pointer), { related });
  }
  for (const key of server.ports) {
    const port = topology.ports.get(key);
    if (port?.host === undefined || port.host.key === host.key) continue;
    const related = [{ at: at(host.pointer), message: "The server is placed here." }];
    const holes = { port: key, host: port.host.key, server: server.key, actual: host.key };
    yield report("port-host-differs", holes, at(port.host.pointer), { related });
  }
}

function networksOf({ topology }: CheckContext, server: ServerDeclaration): readonly string[] {
  const networks = server.ports.map((key) => topology.ports.get(key)?.network.key ?? "");
  return [...new Set(networks)].sort();
}

/** Why none of the hosts can carry all the networks: the obstacle of the first host; undefined where one can. */
function reasonAgainst({ topology }: CheckContext, hosts: readonly HostDeclaration[], networks: readonly string[]): string | undefined {
  let first: string | undefined;
  for (const host of hosts) {
    const reasons = networks.flatMap((key) => {
      const network = topology.networks.get(key);
      const obstacle = network === undefined ? undefined : obstacleTo(host, network, topology.server);
      return obstacle === undefined ? [] : [`${describeObstacle(host, obstacle)}, which network "${key}" needs`];
    });
    if (reasons.length === 0) return undefined;
    first ??= reasons[0];
  }
  return first;
}
