import { defined } from "../../base/invariant.js";
import type { HostView } from "../../model/host-view.js";
import { type Ip, ipToBigInt, ipVersion } from "../../net/ip.js";
import { type Mac, macFromNumber } from "../../net/mac.js";
import type { Machine } from "../../virtual/machine.js";
import type { LabMachine } from "./machines.js";

/** An end of a cable. */
export interface CableEnd {
  /** Number of the machine. */
  readonly machine: number;
  readonly device: string;
  readonly mac?: Mac;
}

/** A pair of veth devices between two machines. */
export interface Cable {
  readonly ends: readonly [CableEnd, CableEnd];
  /** In bytes. */
  readonly mtu: number;
}

/** A port of the fabric's switches. */
export interface FabricPort {
  readonly bridge: string;
  readonly port: string;
  /** Access VLAN; undefined for a trunk. */
  readonly tag: number | undefined;
}

/** All cables of a lab, and where the fabric has them plugged in. */
export interface Cabling {
  readonly cables: readonly Cable[];
  readonly fabric: readonly FabricPort[];
}

/** A host's end of its tunnels. */
export interface TunnelEnd {
  readonly host: string;
  readonly address: Ip;
  readonly mac: Mac;
}

/** MTU of what carries tunnels, in bytes: more than any tenant's packet with its tunnel header. */
const underlayMtu = 9216;
const fabricNumber = 0;

/** What the cabling of a lab follows from. */
export interface CablingInput {
  readonly machines: readonly LabMachine[];
  readonly views: readonly HostView[];
  readonly servers: readonly Machine[];
  readonly outside: readonly Machine[];
  readonly physicalMtu: number;
}

/** Cables: hosts to the underlay and to physical networks, servers to their hosts, upstream routers to physical networks. */
export function planCabling({ machines, views, servers, outside, physicalMtu }: CablingInput): Cabling {
  const number = (kind: LabMachine["kind"], name: string): number =>
    defined(
      machines.find((machine) => machine.kind === kind && machine.name === name),
      `${kind} ${name}`,
    ).number;
  const segments = [...new Set(views.flatMap((view) => view.physicalBridges.map(({ physicalNetwork }) => physicalNetwork)))];
  const cables: Cable[] = [];
  const fabric: FabricPort[] = [];
  const toFabric = (bridge: string, port: string, other: CableEnd, mtu: number, tag?: number): void => {
    fabric.push({ bridge, port, tag });
    cables.push({ ends: [other, { machine: fabricNumber, device: port }], mtu });
  };
  for (const { host, physicalBridges } of views) {
    const machine = number("host", host.name);
    if (host.localIp !== undefined) toFabric("underlay", `u${machine}`, { machine, device: "lab0" }, underlayMtu);
    for (const { physicalNetwork, uplink } of physicalBridges) {
      const segment = segments.indexOf(physicalNetwork);
      toFabric(`segment${segment}`, `s${segment}-${machine}`, { machine, device: uplink.name }, physicalMtu);
    }
  }
  for (const server of servers) {
    const machine = number("server", server.name);
    for (const device of server.namespace.devices) {
      const link = server.links.get(device.name);
      if (link?.kind !== "port") continue;
      // The hypervisor's tap, whether Open vSwitch or a Linux bridge before it has it as a port.
      const tap = `tap${link.port.slice(3)}`;
      cables.push({
        ends: [
          { machine, device: device.name, mac: device.mac },
          { machine: number("host", link.host), device: tap },
        ],
        mtu: device.mtu,
      });
    }
  }
  for (const router of outside) {
    const machine = number("upstream", router.name);
    for (const device of router.namespace.devices) {
      const link = router.links.get(device.name);
      const segment = link?.kind === "segment" ? segments.indexOf(link.segment) : -1;
      if (link?.kind !== "segment" || segment < 0) continue;
      toFabric(`segment${segment}`, `g${machine}`, { machine, device: device.name, mac: device.mac }, device.mtu, link.vlan);
    }
  }
  return { cables, fabric };
}

/** The tunnel addresses of a lab's hosts, each with the MAC of the bridge that has it: locally administered, of the machine's number. */
export function tunnelEnds(machines: readonly LabMachine[], views: readonly HostView[]): readonly TunnelEnd[] {
  return views.flatMap(({ host }) => {
    const machine = machines.find(({ kind, name }) => kind === "host" && name === host.name);
    if (host.localIp === undefined || machine === undefined) return [];
    return [{ host: host.name, address: host.localIp, mac: macFromNumber(0x02_00_00_00_00_00 + machine.number) }];
  });
}

/**
 * Addresses that a host needs besides its tunnel address, so that one of them shares its first bit with each other host's.
 *
 * Open vSwitch's own routing looks for such an address before it takes a route; tunnels have theirs as the local address all the same.
 */
export function coveringAddresses(own: Ip, others: readonly Ip[]): readonly string[] {
  const firstBit = (address: Ip): boolean => ipToBigInt(address) >> BigInt(ipVersion(address) === 4 ? 31 : 127) === 1n;
  if (others.every((other) => firstBit(other) === firstBit(own))) return [];
  if (ipVersion(own) === 4) return [firstBit(own) ? "1.0.0.1/1" : "128.0.0.1/1"];
  return [firstBit(own) ? "2000::1/1" : "fc00::1/1"];
}
