import type { ResolvedServer, ResolvedTopology } from "../../model/resolved.js";
import { type Ip, ipVersion, type IpVersion, parseIp } from "../../net/ip.js";

/**
 * The address that a trace goes to: the one that is written, or an address of the server that is named.
 *
 * From inside a server is reached by its fixed address, from outside by its floating IP where it has one.
 * Errors: undefined where there is no such server, or it has no address of the version.
 */
export function destinationOf(
  topology: ResolvedTopology,
  to: string,
  fromOutside: boolean,
  version: IpVersion | undefined,
): Ip | undefined {
  const address = parseIp(to);
  if (address !== undefined) return address;
  const server = topology.servers.find((one) => one.name === to);
  if (server === undefined) return undefined;
  const floating = fromOutside ? floatingIpOf(topology, server) : undefined;
  const fixed = server.ports.flatMap((port) => port.fixedIps.map(({ ip }) => ip));
  return [floating, ...fixed].find((ip) => ip !== undefined && (version === undefined || ipVersion(ip) === version));
}

function floatingIpOf(topology: ResolvedTopology, server: ResolvedServer): Ip | undefined {
  return topology.floatingIps.find(({ target }) => target !== undefined && server.ports.includes(target.port))?.ip;
}
