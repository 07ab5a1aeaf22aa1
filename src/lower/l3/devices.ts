import type { L3Lowering } from "./lowerings.js";
import type { Device, InterfaceAddress } from "../../ir/namespace.js";
import type { RouterFipLink, WiredPort } from "../../model/host-view.js";
import type { FixedIp } from "../../model/resolved.js";
import { type Cidr, cidrAddress, cidrBroadcast, cidrCanonical, cidrLength, cidrVersion, hostCidr, toCidr } from "../../net/cidr.js";
import { type Ipv4, type Ipv6, linkLocal } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import type { Origin } from "../../source/origin.js";
import { because } from "./because.js";
import type { Pointer } from "../../source/pointer.js";

const loopbackMtu = 65536;

/** The loopback device that every namespace is born with. */
export function loopback(cause: Pointer): Device {
  const origin = because("l3/loopback", cause);
  return {
    name: "lo",
    index: 1,
    type: { kind: "loopback" },
    mac: "00:00:00:00:00:00" as Mac,
    mtu: loopbackMtu,
    addresses: [
      { cidr: toCidr("127.0.0.1" as Ipv4, 8), scope: "host", origin },
      { cidr: hostCidr("::1" as Ipv6), scope: "host", origin },
    ],
    origin,
  };
}

/** An address of a port with its subnet's prefix length. */
export function portCidr(fixedIp: FixedIp): Cidr {
  return toCidr(fixedIp.ip, cidrLength(fixedIp.subnet.cidr));
}

/**
 * An address as Neutron adds it to a device.
 *
 * Shape: IPv4 with the prefix's broadcast address, which is the address itself on /31 and /32; the kernel derives an IPv6 address's scope from it.
 * Source: Neutron `ip_lib.add_ip_address`.
 */
export function interfaceAddress(cidr: Cidr, origin: Origin): InterfaceAddress {
  if (cidrVersion(cidr) === 6) return { cidr, scope: cidr.startsWith("fe80:") ? "link" : "global", origin };
  const broadcast = cidrLength(cidr) > 30 ? cidrAddress(cidr) : cidrBroadcast(cidr);
  return { cidr, broadcast: broadcast as Ipv4, scope: "global", origin };
}

/**
 * A device of Open vSwitch in a namespace: qr-, sg-, qg-, fg-, a DHCP tap.
 *
 * `added` are its addresses in order of addition, without the link-local one, which the kernel makes itself.
 */
export function internalDevice(wired: WiredPort, added: readonly InterfaceAddress[], origin: Origin): Device {
  return {
    name: wired.device,
    index: wired.ifindex,
    type: { kind: "ovs-internal", bridge: wired.bridge },
    mac: wired.port.mac,
    mtu: wired.port.network.mtu,
    addresses: asKernelLists(added, wired.port.mac, origin),
    origin,
  };
}

/** A port's device with the port's own addresses. */
export function portDevice(wired: WiredPort, lowering: L3Lowering, ...causes: readonly Pointer[]): Device {
  const origin = because(lowering, wired.port.pointer, ...causes);
  const added = wired.port.fixedIps.map((fixedIp) => interfaceAddress(portCidr(fixedIp), origin));
  return internalDevice(wired, added, origin);
}

/** The veth device that a router's qrouter and fip namespaces meet by, seen from one end. Source: Neutron `FipNamespace.create_rtr_2_fip_link`. */
export function fipLinkDevice(link: RouterFipLink, end: "rfp" | "fpr", peerNamespace: string, mtu: number, origin: Origin): Device {
  const rfp = { name: link.rfpDevice, index: link.rfpIfindex, mac: link.rfpMac, ip: link.rfpIp };
  const fpr = { name: link.fprDevice, index: link.fprIfindex, mac: link.fprMac, ip: link.fprIp };
  const [own, peer] = end === "rfp" ? [rfp, fpr] : [fpr, rfp];
  const address: InterfaceAddress = { cidr: toCidr(own.ip, 31), scope: "global", origin };
  return {
    name: own.name,
    index: own.index,
    type: { kind: "veth", peer: peer.name, peerNamespace, peerIndex: peer.index },
    mac: own.mac,
    mtu,
    addresses: asKernelLists([address], own.mac, origin),
    origin,
  };
}

/**
 * Addresses as the kernel lists them: IPv4 in order of addition, those of a subnet that the device has already after all others; IPv6 global before
 * link-local, the latest first in each.
 *
 * Source: Linux `__inet_insert_ifa`, `ipv6_link_dev_addr`; the link-local address of the MAC is there since the device came up, before all others.
 */
function asKernelLists(added: readonly InterfaceAddress[], mac: Mac, origin: Origin): InterfaceAddress[] {
  const networks = new Set<Cidr>();
  const secondary: InterfaceAddress[] = [];
  const ipv4 = added.filter((address) => {
    if (cidrVersion(address.cidr) === 6) return false;
    const network = cidrCanonical(address.cidr);
    if (networks.has(network)) secondary.push(address);
    return !networks.has(network) && networks.add(network);
  });
  const ipv6 = added.filter((address) => cidrVersion(address.cidr) === 6).reverse();
  const own: InterfaceAddress = { cidr: toCidr(linkLocal(mac), 64), scope: "link", origin: because("l3/link-local", ...origin.because) };
  return [
    ...ipv4,
    ...secondary,
    ...ipv6.filter((a) => a.scope === "global"),
    ...ipv6.filter((a) => a.scope === "link" && a.cidr !== own.cidr),
    own,
  ];
}
