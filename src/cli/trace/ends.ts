import { calledBy } from "../../console/called.js";
import { addressesOf } from "../../console/targets.js";
import type { ResolvedServer, ResolvedTopology } from "../../model/resolved.js";
import { type Ip, ipVersion, isIpv4, parseIp } from "../../net/ip.js";
import type { World } from "../../virtual/world.js";

/**
 * The address that a trace goes to: the one that is written, or an address of the machine that is named.
 *
 * `start` is undefined for who is outside. From inside a server is reached by its fixed address, from outside by its floating IP where it has one.
 * Order: the first of the start's own IP versions, in the order of its addresses.
 * Errors: undefined where the machine has no address of them.
 */
export function destinationOf(topology: ResolvedTopology, to: string, start: ResolvedServer | undefined, world: World): Ip | undefined {
  const address = parseIp(to);
  if (address !== undefined) return address;
  const server = calledBy(topology.servers).get(to);
  const floating = start === undefined && server !== undefined ? floatingIpOf(topology, server) : undefined;
  const addresses = [...(floating === undefined ? [] : [floating]), ...addressesOf(world.machine(to))];
  if (start === undefined) return addresses[0];
  const versions = start.ports.flatMap((port) => port.fixedIps.map(({ ip }) => ipVersion(ip)));
  const common = versions.find((version) => addresses.some((ip) => ipVersion(ip) === version));
  return addresses.find((ip) => ipVersion(ip) === common);
}

/** True for the address of one machine: neither of a group, nor of everybody, nor of nobody. Source: RFC 6890, RFC 5771, RFC 4291. */
export function isOfOne(address: Ip): boolean {
  return isIpv4(address) ? address !== "0.0.0.0" && Number.parseInt(address, 10) < 224 : address !== "::" && !address.startsWith("ff");
}

function floatingIpOf(topology: ResolvedTopology, server: ResolvedServer): Ip | undefined {
  return topology.floatingIps.find(({ target }) => target !== undefined && server.ports.includes(target.port))?.ip;
}
