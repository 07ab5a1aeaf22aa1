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
    if (typeof dialect.asked !== "number") sink(macLine(device, namespace), device.origin);
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

/** A line of `ip -brief addr`, or of `ip -brief link`. Source: iproute2 `print_linkinfo_brief`, `print_addrinfo_brief`. */
export function printBriefDevice(device: Device, namespace: string, dialect: AddressDialect): string {
  const told = dialect.asked === "link" ? [device.mac, `<${flagsOf(device, dialect)}>`] : device.addresses.map(({ cidr }): string => cidr);
  const name = `${device.name}${peerName(device, namespace, dialect)}`;
  return `${name.padEnd(16)} ${stateOf(device).padEnd(14)} ${told.map((word) => `${word} `).join("")}`;
}

function isTap({ type }: Device, { datapath }: AddressDialect): boolean {
  return type.kind === "ovs-internal" && datapath === "netdev";
}

function flagsOf(device: Device, dialect: AddressDialect): string {
  if (device.type.kind === "loopback") return "LOOPBACK,UP,LOWER_UP";
  return isTap(device, dialect) ? "BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP" : "BROADCAST,MULTICAST,UP,LOWER_UP";
}

function stateOf({ type }: Device): string {
  return type.kind === "veth" || type.kind === "bridge" ? "UP" : "UNKNOWN";
}

function linkLine(device: Device, namespace: string, dialect: AddressDialect): string {
  const { index, name, type, mtu } = device;
  const queue =
    isTap(device, dialect) || type.kind === "tap" || (type.kind === "veth" && dialect.version === "3.10") ? "pfifo_fast" : "noqueue";
  const master = device.master === undefined ? "" : ` master ${device.master}`;
  // Of IPv6 the kernel tells neither the queueing discipline, nor the master and the group.
  const six = dialect.asked === 6;
  const [before, after] = [six ? "" : ` qdisc ${queue}${master}`, dialect.asked === "link" ? "mode DEFAULT " : ""];
  const head = `${index}: ${name}${peerName(device, namespace, dialect)}: <${flagsOf(device, dialect)}>`;
  const text = `${head} mtu ${mtu}${before} state ${stateOf(device)} ${after}`;
  if (dialect.version !== "3.10") return `${text}${six ? "" : "group default "}qlen 1000`;
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
