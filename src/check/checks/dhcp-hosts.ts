import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { obstacleTo } from "../../model/carriage.js";
import type { NetworkDeclaration, Reference } from "../../model/topology.js";
import type { CheckContext } from "../context.js";
import { itsObstacle } from "../obstacles.js";

/** A network with DHCP has a host that can serve it, and those that it names can. */
export function* checkDhcpHosts(context: CheckContext): Iterable<Diagnostic> {
  const { topology, at } = context;
  const agents = [...topology.hosts.values()].filter(({ dhcpAgent }) => dhcpAgent);
  for (const network of topology.networks.values()) {
    if (network.dhcpAgents !== undefined) {
      yield* checkNamed(context, network, network.dhcpAgents);
      continue;
    }
    if (!network.subnets.some(({ enableDhcp }) => enableDhcp)) continue;
    if (agents.some((host) => obstacleTo(host, network, topology.server) === undefined)) continue;
    yield report("no-dhcp-host", { network: network.key }, at(network.pointer, "key"));
  }
}

function* checkNamed({ topology, at }: CheckContext, network: NetworkDeclaration, named: readonly Reference[]): Iterable<Diagnostic> {
  for (const { key, pointer } of named) {
    const host = topology.hosts.get(key);
    if (host === undefined) continue;
    const obstacle = obstacleTo(host, network, topology.server);
    const reason = obstacle === undefined ? "it has no DHCP agent" : itsObstacle(obstacle);
    if (!host.dhcpAgent || obstacle !== undefined)
      yield report("unfit-dhcp-host", { network: network.key, host: key, reason }, at(pointer));
  }
}
