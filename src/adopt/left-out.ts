import { groupBy } from "../base/group-by.js";
import type { LeftOut, LeftOutPort } from "../model/left-out.js";
import { type Ip, parseIp } from "../net/ip.js";
import { parseMac } from "../net/mac.js";
import type { Answers, ApiPort } from "./answers.js";
import { leaveOut } from "./leave-out.js";

/** What an import leaves out of a cloud: routers and networks with their ports, further ports, floating IPs that are served otherwise than dvrc knows. */
export function leftOutOf(answers: Answers): readonly LeftOut[] {
  const kept = leaveOut(answers, []);
  const keptPorts = new Set(kept.ports.map(({ id }) => id));
  const gone = answers.ports.filter(({ id }) => !keptPorts.has(id));
  const owned = groupBy(gone, (port) => ownerOf(port, answers, kept));
  const segments = new Map(answers.networks.map(({ id, segmentationId }) => [id, segmentationId]));
  const ports = [...owned].map(([what, all]): LeftOut => {
    const [first] = all;
    const id = what.startsWith("router") ? (first?.deviceId ?? "") : what.startsWith("network") ? (first?.networkId ?? "") : "";
    return { what, id, ports: all.flatMap((port) => leftOutPort(port, segments.get(port.networkId))), addresses: [] };
  });
  return [...ports, ...floatingIps(answers, kept)];
}

/** What a port goes with: its router, its network, or nothing but itself. */
function ownerOf({ id, deviceId, networkId }: ApiPort, answers: Answers, kept: Answers): string {
  const isGone = (all: readonly { readonly id: string }[], left: readonly { readonly id: string }[], one: string): boolean =>
    all.some((each) => each.id === one) && !left.some((each) => each.id === one);
  if (isGone(answers.routers, kept.routers, deviceId)) return `router ${deviceId}`;
  return isGone(answers.networks, kept.networks, networkId) ? `network ${networkId}` : `port ${id}`;
}

function leftOutPort({ id, macAddress, fixedIps, host }: ApiPort, segmentationId: number | undefined): readonly LeftOutPort[] {
  const mac = parseMac(macAddress);
  return mac === undefined ? [] : [{ id, mac, ips: fixedIps.flatMap(({ ipAddress }) => known(ipAddress)), host, segmentationId }];
}

function floatingIps(answers: Answers, kept: Answers): readonly LeftOut[] {
  const served = new Map(kept.floatingIps.map(({ id, portId }) => [id, portId]));
  return answers.floatingIps.flatMap(({ id, portId, floatingIpAddress, record }): LeftOut[] => {
    const isForwarding = record.records("port_forwardings").length > 0;
    if (served.get(id) === portId && !isForwarding) return [];
    return [{ what: `floating IP ${id}`, id: "", ports: [], addresses: known(floatingIpAddress) }];
  });
}

function known(address: string): readonly Ip[] {
  const ip = parseIp(address);
  return ip === undefined ? [] : [ip];
}
