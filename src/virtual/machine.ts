import type { Device, Namespace, Route } from "../ir/namespace.js";
import { type Cidr, cidrAddress, cidrBroadcast, cidrCanonical, cidrLength, cidrVersion } from "../net/cidr.js";
import { type Ip, type Ipv4, ipVersion, linkLocal } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import { because, type Origin } from "../source/origin.js";
import { toCidr } from "../net/cidr.js";

/** Where a machine's device is plugged in. */
export type MachineLink =
  /** A port of the host's integration bridge, or the Linux bridge before it: `tap..` or `qvo..`. */
  | { readonly kind: "port"; readonly host: string; readonly port: string }
  /** The network outside: an upstream router on a physical segment. */
  | { readonly kind: "segment"; readonly segment: string; readonly vlan?: number };

/** What runs on the virtual hosts or outside of them and is not programmed by Neutron: a server, an upstream router. */
export interface Machine {
  readonly name: string;
  readonly namespace: Namespace;
  /** By device. */
  readonly links: ReadonlyMap<string, MachineLink>;
  /** For whom the machine stands: everybody but these, where it is the way to the rest of the world. */
  readonly everybodyBut?: readonly Cidr[];
}

/** A device of a machine. */
export interface MachineDevice {
  readonly name: string;
  readonly mac: Mac;
  /** In bytes. */
  readonly mtu: number;
  /** With the length of the subnet: `10.0.0.5/24`. */
  readonly addresses: readonly Cidr[];
  readonly gateways: readonly Ip[];
  /** Routes besides the connected and the default ones. */
  readonly routes?: readonly { readonly destination: Cidr; readonly via: Ip }[];
  readonly link: MachineLink;
}

/** Makes a machine as cloud-init would set it up: addresses, connected routes, one default route a version. */
export function machine(name: string, devices: readonly MachineDevice[], pointer: string, forwards = false): Machine {
  const origin = because("virtual/machine", pointer);
  const routes = devices.flatMap((device) => deviceRoutes(device, origin));
  const sysctl = (key: string): { readonly key: string; readonly value: string; readonly origin: Origin } => ({ key, value: "1", origin });
  return {
    name,
    namespace: {
      name,
      kind: "other",
      devices: [loopback(origin), ...devices.map((device, index) => machineDevice(device, index + 2, origin))],
      ipRules: [],
      ip6Rules: [],
      routes: routes.filter((route) => routeVersion(route) === 4),
      routes6: routes.filter((route) => routeVersion(route) === 6),
      neighbours: [],
      iptables: [],
      ip6tables: [],
      sysctls: forwards ? [sysctl("net.ipv4.ip_forward"), sysctl("net.ipv6.conf.all.forwarding")] : [],
      origin,
    },
    links: new Map(devices.map((device) => [device.name, device.link])),
  };
}

function machineDevice(device: MachineDevice, index: number, origin: Origin): Device {
  const local = toCidr(linkLocal(device.mac), 64);
  return {
    name: device.name,
    index,
    type: { kind: "ovs-internal", bridge: "" },
    mac: device.mac,
    mtu: device.mtu,
    addresses: [
      ...device.addresses.map((cidr) => ({
        cidr,
        ...(cidrVersion(cidr) === 4 ? { broadcast: cidrBroadcast(cidr) as Ipv4 } : {}),
        scope: "global" as const,
        origin,
      })),
      { cidr: local, scope: "link", origin },
    ],
    origin,
  };
}

function loopback(origin: Origin): Device {
  return {
    name: "lo",
    index: 1,
    type: { kind: "loopback" },
    mac: "00:00:00:00:00:00" as Mac,
    mtu: 65536,
    addresses: [
      { cidr: "127.0.0.1/8" as Cidr, scope: "host", origin },
      { cidr: "::1/128" as Cidr, scope: "host", origin },
    ],
    origin,
  };
}

function deviceRoutes(device: MachineDevice, origin: Origin): readonly Route[] {
  const dev = device.name;
  const connected = [...device.addresses, toCidr(linkLocal(device.mac), 64)].map((cidr): Route => {
    const six = cidrVersion(cidr) === 6;
    const length = cidrLength(cidr);
    return {
      table: "main",
      destination: cidrCanonical(toCidr(cidrAddress(cidr), length)),
      nextHops: [{ dev }],
      protocol: "kernel",
      ...(six ? { metric: 256 } : { scope: "link", src: cidrAddress(cidr) }),
      origin,
    };
  });
  const defaults = device.gateways.map((via): Route => {
    return { table: "main", destination: "default", nextHops: [{ via, dev }], ...(ipVersion(via) === 6 ? { metric: 1024 } : {}), origin };
  });
  const others = (device.routes ?? []).map(({ destination, via }): Route => ({
    table: "main",
    destination,
    nextHops: [{ via, dev }],
    origin,
  }));
  return [...defaults, ...others, ...connected];
}

function routeVersion(route: Route): 4 | 6 {
  const [hop] = route.nextHops;
  if (route.destination !== "default") return cidrVersion(route.destination);
  return hop.via === undefined ? 4 : ipVersion(hop.via);
}
