import { type BridgePort, deadVlan } from "../ir/bridge.js";
import type { LockValue } from "../resolve/lock.js";
import { hostPrefix } from "../resolve/keys.js";
import type { Release } from "../releases/release.js";
import type { ApiPort } from "./answers.js";
import { type Cloud, isBound, isNetworkPort } from "./document/cloud.js";
import type { DumpedHost } from "./host/facts.js";
import { portKey } from "./server-lock.js";

/**
 * What hosts have made of machines' ports that are bound to them, as entries of the lock: `unplugged` ones have no device, as those of a server that is
 * shut off or was never started; `port_state` tells what was bound before it was switched off.
 *
 * A dump of the host tells by its bridge; without one the status of a port that is to be up tells whether it is plugged in.
 * Source: Neutron `OVSNeutronAgent.scan_ports`, `port_dead`.
 */
export function* portStates(
  cloud: Cloud,
  dumps: ReadonlyMap<string, DumpedHost>,
  release: Release,
): Generator<readonly [key: string, value: LockValue], void> {
  for (const port of cloud.answers.ports) {
    const { host } = port;
    if (isNetworkPort(port) || host === undefined || !isBound(port)) continue;
    const dump = dumps.get(host);
    const device = dump && deviceOf(port, dump);
    const prefix = hostPrefix(release.name, host);
    const owner = portKey(cloud, port);
    if (!isPluggedIn(port, dump, device)) yield [`${prefix}unplugged/${owner}`, true];
    else if (!port.adminStateUp && device?.tag === deadVlan) {
      // An agent that was started again does not drop what comes from a port that is on the dead VLAN already.
      const first = dump?.flows("br-int", release.flowTables.brInt.localSwitching) ?? [];
      const isDropped = first.some(({ match, actions }) => match.inPort === device.ofport && actions.length === 0);
      yield [`${prefix}port_state/${owner}`, isDropped ? "dead" : "forgotten"];
    }
  }
}

function isPluggedIn({ adminStateUp, status }: ApiPort, dump: DumpedHost | undefined, device: BridgePort | undefined): boolean {
  const ports = dump?.bridge("br-int")?.ports;
  if (ports === undefined) return !adminStateUp || status !== "DOWN";
  if (device === undefined || !adminStateUp) return device !== undefined;
  // A dump without tags at all lacks the database, not the tags.
  return device.tag === undefined ? ports.every(({ tag }) => tag === undefined) : device.tag !== deadVlan;
}

function deviceOf({ id }: ApiPort, dump: DumpedHost): BridgePort | undefined {
  const suffix = id.slice(0, 11);
  return dump.port("br-int", `tap${suffix}`) ?? dump.port("br-int", `qvo${suffix}`);
}
