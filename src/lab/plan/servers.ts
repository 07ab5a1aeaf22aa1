import type { HostView } from "../../model/host-view.js";
import type { ResolvedServer } from "../../model/resolved.js";
import type { Namespace, Route } from "../../ir/namespace.js";
import { type Cidr, cidrVersion } from "../../net/cidr.js";
import { ipVersion } from "../../net/ip.js";
import type { Machine } from "../../virtual/machine.js";

/** What a machine outside of Neutron is told. */
export interface MachineSetup {
  readonly machine: Machine;
  /** Devices that ask a DHCP server for their IPv4 address. */
  readonly dhcp: readonly string[];
}

/** Sets a server up; by DHCP where one of the hosts serves the only IPv4 address of the port. */
export function setUpServer(machine: Machine, server: ResolvedServer, views: readonly HostView[]): MachineSetup {
  const served = new Set(views.flatMap(({ dhcps }) => dhcps.map(({ network }) => network)));
  const dhcp = server.ports.flatMap((port, index) => {
    const [first, ...others] = port.fixedIps.filter(({ subnet }) => subnet.version === 4);
    return first?.subnet.enableDhcp === true && others.length === 0 && served.has(port.network) ? [`eth${index}`] : [];
  });
  return { machine, dhcp };
}

/** Lines for ip(8): addresses and routes of the devices, without those that `isLeft` leaves to DHCP. */
export function addressLines({ namespace, everybodyBut }: Machine, isLeft: (device: string, version: 4 | 6) => boolean): string[] {
  const addresses = namespace.devices.flatMap(({ name, addresses: own }) =>
    own
      .filter(({ cidr, scope }) => scope === "global" && !isLeft(name, cidrVersion(cidr)))
      .map(({ cidr }) => `addr replace ${cidr} dev ${name}${cidrVersion(cidr) === 6 ? " nodad" : " brd +"}`),
  );
  const routes = [...namespace.routes, ...namespace.routes6].filter(({ protocol }) => protocol !== "kernel");
  return [...addresses, ...routes.flatMap((route) => routeLine(route, isLeft)), ...worldLines(namespace, everybodyBut)];
}

/** A machine that stands for the rest of the world takes for its own whatever its routes and the exceptions leave. */
function worldLines({ devices, routes, routes6 }: Namespace, everybodyBut: readonly Cidr[] | undefined): string[] {
  if (everybodyBut === undefined) return [];
  const versions = ([4, 6] as const).filter((version) =>
    devices.some(({ addresses }) => addresses.some(({ cidr, scope }) => scope === "global" && cidrVersion(cidr) === version)),
  );
  const known = new Set<string>([...routes, ...routes6].map(({ destination }) => destination));
  return versions.flatMap((version) => [
    `route replace local ${version === 4 ? "0.0.0.0/0" : "::/0"} dev lo table main`,
    ...everybodyBut.filter((cidr) => cidrVersion(cidr) === version && !known.has(cidr)).map((cidr) => `route replace unreachable ${cidr}`),
  ]);
}

function routeLine({ destination, nextHops: [{ via, dev }] }: Route, isLeft: (device: string, version: 4 | 6) => boolean): string[] {
  const version = via === undefined ? (destination === "default" ? 4 : cidrVersion(destination)) : ipVersion(via);
  if (isLeft(dev, version)) return [];
  return [
    `route replace ${destination === "default" && version === 6 ? "::/0" : destination}${via === undefined ? "" : ` via ${via}`} dev ${dev}`,
  ];
}
