import { groupBy } from "../base/group-by.js";
import type { LeftOut, LeftOutPort } from "../model/left-out.js";
import { type Ip, parseIp } from "../net/ip.js";
import { parseMac } from "../net/mac.js";
import type { Answers, ApiNetwork, ApiPort } from "./answers.js";
import { leaveOut } from "./leave-out.js";

/** Types of networks whose segmentation ids are keys of tunnels. */
const tunnelTypes: ReadonlySet<string> = new Set(["vxlan", "gre", "geneve"]);

/**
 * What an import leaves out of a cloud and hosts have: HA routers and networks with their ports, further ports, floating IPs that are served otherwise than
 * dvrc knows.
 *
 * Of a router that is switched off, and of a floating IP that no host serves, hosts should have nothing: what they have is drift.
 */
export function leftOutOf(answers: Answers): readonly LeftOut[] {
  const kept = leaveOut(answers, []);
  const routers = gone(answers.routers, kept.routers);
  const networks = gone(answers.networks, kept.networks);
  const all = gone(answers.ports, kept.ports);
  const tunnels = new Map(answers.networks.map((network) => [network.id, tunnelKey(network)]));
  const isServed = (id: string): boolean => routers.get(id)?.record.boolean("admin_state_up", true) !== false;
  const ports = [...all.values()].filter(({ deviceId }) => isServed(deviceId));
  const owned = groupBy(ports, ({ id, deviceId, networkId }) =>
    routers.has(deviceId) ? deviceId : networks.has(networkId) ? networkId : id,
  );
  const owners = [...owned].map(([id, own]): LeftOut => {
    const what = routers.has(id) ? "router" : networks.has(id) ? "network" : "port";
    return { what: `${what} ${id}`, id, ports: own.flatMap((port) => leftOutPort(port, tunnels.get(port.networkId))), addresses: [] };
  });
  const floating = answers.floatingIps.filter(({ routerId = "", portId = "", floatingNetworkId, record }) => {
    const isElsewhere = (routers.has(routerId) && isServed(routerId)) || networks.has(floatingNetworkId) || all.has(portId);
    return isElsewhere || record.records("port_forwardings").length > 0;
  });
  const addresses = floating.map(({ id, floatingIpAddress }) => ({
    what: `floating IP ${id}`,
    id,
    ports: [],
    addresses: known(floatingIpAddress),
  }));
  return [...owners, ...addresses];
}

function gone<T extends { readonly id: string }>(all: readonly T[], kept: readonly { readonly id: string }[]): ReadonlyMap<string, T> {
  const left = new Set(kept.map(({ id }) => id));
  return new Map(all.flatMap((one): [string, T][] => (left.has(one.id) ? [] : [[one.id, one]])));
}

function tunnelKey({ networkType = "", segmentationId }: ApiNetwork): number | undefined {
  return tunnelTypes.has(networkType) ? segmentationId : undefined;
}

function leftOutPort({ id, macAddress, fixedIps, host }: ApiPort, key: number | undefined): readonly LeftOutPort[] {
  const mac = parseMac(macAddress);
  return mac === undefined ? [] : [{ id, mac, ips: fixedIps.flatMap(({ ipAddress }) => known(ipAddress)), host, tunnelKey: key }];
}

function known(address: string): readonly Ip[] {
  const ip = parseIp(address);
  return ip === undefined ? [] : [ip];
}
