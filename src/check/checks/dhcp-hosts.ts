import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { obstacleTo } from "../../model/carriage.js";
import type { CheckContext } from "../context.js";

/** A network with DHCP has a host that can serve it. */
export function* checkDhcpHosts({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const agents = [...topology.hosts.values()].filter(({ dhcpAgent }) => dhcpAgent);
  for (const network of topology.networks.values()) {
    if (!network.subnets.some(({ enableDhcp }) => enableDhcp)) continue;
    if (agents.some((host) => obstacleTo(host, network, topology.server) === undefined)) continue;
    yield report("no-dhcp-host", { network: network.key }, at(network.pointer, "key"));
  }
}
