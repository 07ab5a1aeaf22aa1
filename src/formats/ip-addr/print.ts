import type { Device, InterfaceAddress } from "../../ir/namespace.js";
import { cidrCanonical, cidrVersion } from "../../net/cidr.js";
import type { LineSink } from "../printed.js";
import { printedText } from "../printed.js";
import { endLine } from "../iproute.js";
import { type AddressDialect, canonicalAddresses } from "./dialect.js";

/**
 * Writes the devices of a namespace as `ip addr` shows them, in the order given.
 *
 * Source: iproute2 `print_linkinfo` and `print_addrinfo`; Linux net/ipv4/devinet.c for which addresses are secondary.
 */
export function writeDevices(
  devices: readonly Device[],
  namespace: string,
  sink: LineSink,
  dialect: AddressDialect = canonicalAddresses,
): void {
  for (const device of devices) {
    sink(endLine(linkLine(device, namespace, dialect), dialect), device.origin);
    sink(macLine(device, namespace), device.origin);
    const networks = new Set<string>();
    for (const address of device.addresses) {
      sink(endLine(addressLine(device, address, networks, dialect), dialect), address.origin);
      sink("       valid_lft forever preferred_lft forever", address.origin);
    }
  }
}

/** Text of `ip-addr.txt`: as {@link writeDevices}. */
export function printDevices(devices: readonly Device[], namespace: string, dialect: AddressDialect = canonicalAddresses): string {
  return printedText((sink) => writeDevices(devices, namespace, sink, dialect));
}

function linkLine(device: Device, namespace: string, dialect: AddressDialect): string {
  const { index, name, type, mtu } = device;
  const tap = type.kind === "ovs-internal" && dialect.datapath === "netdev";
  const flags =
    type.kind === "loopback" ? "LOOPBACK,UP,LOWER_UP" : tap ? "BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP" : "BROADCAST,MULTICAST,UP,LOWER_UP";
  const queue = tap || type.kind === "tap" || (type.kind === "veth" && dialect.version === "3.10") ? "pfifo_fast" : "noqueue";
  const master = device.master === undefined ? "" : ` master ${device.master}`;
  const state = type.kind === "veth" || type.kind === "bridge" ? "UP" : "UNKNOWN";
  const text = `${index}: ${name}${peerName(device, namespace, dialect)}: <${flags}> mtu ${mtu} qdisc ${queue}${master} state ${state} `;
  if (dialect.version !== "3.10") return `${text}group default qlen 1000`;
  return queue === "pfifo_fast" ? `${text}qlen 1000` : text;
}

/** A peer in the same namespace is named, one elsewhere is an interface index. */
function peerName(device: Device, namespace: string, dialect: AddressDialect): string {
  if (device.type.kind !== "veth" || dialect.version === "3.10") return "";
  return device.type.peerNamespace === namespace ? `@${device.type.peer}` : `@if${device.type.peerIndex}`;
}

function macLine(device: Device, namespace: string): string {
  if (device.type.kind === "loopback") return `    link/loopback ${device.mac} brd 00:00:00:00:00:00`;
  const text = `    link/ether ${device.mac} brd ff:ff:ff:ff:ff:ff`;
  const elsewhere = device.type.kind === "veth" && device.type.peerNamespace !== namespace;
  return elsewhere ? `${text} link-netns ${device.type.peerNamespace}` : text;
}

function addressLine(device: Device, address: InterfaceAddress, networks: Set<string>, dialect: AddressDialect): string {
  const { cidr, broadcast, scope } = address;
  if (cidrVersion(cidr) === 6) return `    inet6 ${cidr} scope ${scope} ${protocolOf(address, dialect)}`;
  const network = cidrCanonical(cidr);
  const secondary = networks.has(network) ? " secondary" : "";
  networks.add(network);
  return `    inet ${cidr}${broadcast === undefined ? "" : ` brd ${broadcast}`} scope ${scope}${secondary} ${device.name}`;
}

/** Addresses that the kernel gave itself, as iproute2 6.15 says. */
function protocolOf(address: InterfaceAddress, dialect: AddressDialect): string {
  if (dialect.version !== "6.15" || address.scope === "global") return "";
  return address.scope === "link" ? "proto kernel_ll " : "proto kernel_lo ";
}
