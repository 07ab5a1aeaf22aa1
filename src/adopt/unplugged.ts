import { hostPrefix } from "../resolve/keys.js";
import type { Release } from "../releases/release.js";
import { type Cloud, isBound, isNetworkPort } from "./document/cloud.js";
import type { DumpedHost } from "./host/facts.js";
import { portKey } from "./server-lock.js";

/**
 * Machines' ports that are bound to a host and whose device is not there, as keys of the lock: a server that is shut off, or was never started.
 *
 * A dump of the host tells by its bridge; without one the port's status does. Source: Neutron `OVSNeutronAgent.scan_ports`.
 */
export function unpluggedPorts(cloud: Cloud, dumps: ReadonlyMap<string, DumpedHost>, release: Release): string[] {
  return cloud.answers.ports.flatMap((port) => {
    const { host, id, status } = port;
    if (isNetworkPort(port) || host === undefined || !isBound(port)) return [];
    const bridge = dumps.get(host)?.bridge("br-int");
    const suffix = id.slice(0, 11);
    const isPlugged =
      bridge === undefined ? status !== "DOWN" : ["tap", "qvo"].some((prefix) => isAlive(dumps, host, `${prefix}${suffix}`));
    return isPlugged || !port.adminStateUp ? [] : [`${hostPrefix(release.name, host)}unplugged/${portKey(cloud, port)}`];
  });
}

/** VLAN of ports that the agent has cut off. Source: Neutron `DEAD_VLAN_TAG`. */
const deadVlan = 4095;

function isAlive(dumps: ReadonlyMap<string, DumpedHost>, host: string, device: string): boolean {
  const ports = dumps.get(host)?.bridge("br-int")?.ports ?? [];
  const port = ports.find(({ name }) => name === device);
  if (port === undefined || port.tag === deadVlan) return false;
  // A dump without tags at all lacks the database, not the tags.
  return port.tag !== undefined || ports.every(({ tag }) => tag === undefined);
}
