import type { Cidr } from "../net/cidr.js";
import type { Ip, Ipv4 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { Origin } from "../source/origin.js";
import type { IptablesTable } from "./iptables.js";

/** An address of a device: ip-address(8). */
export interface InterfaceAddress {
  /** With the host bits: `10.0.0.1/24`. */
  readonly cidr: Cidr;
  readonly broadcast?: Ipv4;
  readonly scope: "global" | "link" | "host";
  readonly origin: Origin;
}

/** How a device is made. */
export type DeviceKind =
  | { readonly kind: "loopback" }
  /** An internal port of a bridge, moved into the namespace. */
  | { readonly kind: "ovs-internal"; readonly bridge: string }
  | {
      readonly kind: "veth";
      readonly peer: string;
      readonly peerNamespace: string;
      /** The peer's interface index. */ readonly peerIndex: number;
    }
  | { readonly kind: "bridge" }
  /** A machine's device, made by the hypervisor. */
  | { readonly kind: "tap" };

/** A network device. */
export interface Device {
  readonly name: string;
  /** Interface index; unique in a namespace. */
  readonly index: number;
  readonly type: DeviceKind;
  readonly mac: Mac;
  /** In bytes. */
  readonly mtu: number;
  /** The Linux bridge that the device is a port of. */
  readonly master?: string;
  /** As the kernel lists them: IPv4 in order of addition, secondary ones (of a subnet that the device has already) after all others, then IPv6 global, then link-local. */
  readonly addresses: readonly InterfaceAddress[];
  readonly origin: Origin;
}

/** A routing table: `main` (254), `default` (253), `local` (255) or a number. */
export type RouteTable = "main" | "default" | "local" | number;

/** One hop of a route. */
export interface NextHop {
  readonly via?: Ip;
  readonly dev: string;
  /** Of a multipath route, 1 to 256. */
  readonly weight?: number;
}

/** A route: ip-route(8). */
export interface Route {
  readonly table: RouteTable;
  readonly destination: Cidr | "default";
  /** One, or more for a multipath route. */
  readonly nextHops: readonly [NextHop, ...NextHop[]];
  /** Who set it, as ip-route(8) names it: `kernel`, `static`, `ra`, `keepalived` ...; absent is `boot`. */
  readonly protocol?: string;
  readonly scope?: "link" | "host";
  readonly src?: Ip;
  /** IPv6 routes always have one; 1024 where none was given, 256 for connected ones. */
  readonly metric?: number;
  readonly onlink?: boolean;
  readonly origin: Origin;
}

/** A rule of the routing policy database: ip-rule(8). */
export interface IpRule {
  readonly priority: number;
  /** With the host bits, as Neutron writes it: `10.0.0.1/24`; absent is `all`. A host prefix prints without its length. */
  readonly from?: Cidr;
  readonly to?: Cidr;
  readonly iif?: string;
  readonly fwmark?: { readonly value: number; readonly mask?: number };
  readonly lookup: RouteTable;
  readonly origin: Origin;
}

/** An entry of the neighbour table: ip-neighbour(8). Compiled state has permanent ones only. */
export interface Neighbour {
  readonly ip: Ip;
  readonly dev: string;
  readonly lladdr: Mac;
  readonly state: "PERMANENT" | "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "FAILED" | "INCOMPLETE" | "NOARP";
  readonly origin: Origin;
}

/** A kernel parameter that Neutron sets: sysctl(8). */
export interface Sysctl {
  /** Dotted name; a dot inside a device name is written as a slash, as sysctl(8) does. */
  readonly key: string;
  readonly value: string;
  readonly origin: Origin;
}

/** What dvrc's parts need to know about a namespace's purpose. */
export type NamespaceKind = "qrouter" | "snat" | "fip" | "qdhcp" | "root" | "other";

/** A network namespace and all that the agents program in it. */
export interface Namespace {
  /** `qrouter-<id>`; empty for the host's own. */
  readonly name: string;
  readonly kind: NamespaceKind;
  /** `lo` first, then ascending index. */
  readonly devices: readonly Device[];
  readonly ipRules: readonly IpRule[];
  readonly ip6Rules: readonly IpRule[];
  /** Main table first, then ascending table; inside a table by prefix. */
  readonly routes: readonly Route[];
  readonly routes6: readonly Route[];
  /** By device, then address. */
  readonly neighbours: readonly Neighbour[];
  readonly iptables: readonly IptablesTable[];
  readonly ip6tables: readonly IptablesTable[];
  readonly sysctls: readonly Sysctl[];
  readonly origin: Origin;
}
