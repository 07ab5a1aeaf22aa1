import { etherType } from "../ir/match.js";
import type { Device } from "../ir/namespace.js";
import { type Ip, ipToBigInt, ipv6FromBigInt, ipv6ToBigInt, isIpv4, type Ipv6 } from "../net/ip.js";
import { type Mac, macFromNumber } from "../net/mac.js";
import { ipProtocol } from "../ir/match.js";
import { type ArpMessage, broadcastMac, type Frame, type IpPacket, type NeighbourMessage, ndType, zeroMac } from "./packet.js";

/** An ARP question: to everybody, or to the address where the neighbour was last. */
export function arpRequest(device: Device, sender: Ip, target: Ip, known: Mac | undefined): Frame {
  return arpFrame(device.mac, known ?? broadcastMac, {
    operation: 1,
    senderMac: device.mac,
    senderIp: sender,
    targetMac: known ?? zeroMac,
    targetIp: target,
  });
}

/** The answer to an ARP question. */
export function arpReply(device: Device, request: ArpMessage): Frame {
  return arpFrame(device.mac, request.senderMac, {
    operation: 2,
    senderMac: device.mac,
    senderIp: request.targetIp,
    targetMac: request.senderMac,
    targetIp: request.senderIp,
  });
}

/** A gratuitous ARP: a host tells its segment where an address is now. Neutron's agents send it with arping(8): sender and target are the address. */
export function gratuitousArp(device: Device, address: Ip): Frame {
  return arpFrame(device.mac, broadcastMac, {
    operation: 1,
    senderMac: device.mac,
    senderIp: address,
    targetMac: broadcastMac,
    targetIp: address,
  });
}

function arpFrame(source: Mac, destination: Mac, message: Omit<ArpMessage, "kind">): Frame {
  return { source, destination, vlans: [], payload: { kind: "arp", ...message } };
}

/** A neighbour solicitation: to the solicited-node group, or to the address where the neighbour was last. */
export function neighbourSolicitation(device: Device, sender: Ipv6, target: Ipv6, known: Mac | undefined): Frame {
  const group = solicitedNode(target);
  return ndFrame(device.mac, known ?? groupMac(group), sender, known === undefined ? group : target, {
    kind: "nd",
    type: ndType.solicitation,
    target,
    linkAddress: device.mac,
    solicited: false,
    override: false,
  });
}

/** The answer to a neighbour solicitation. */
export function neighbourAdvertisement(device: Device, request: IpPacket, asked: NeighbourMessage, from: Mac, override: boolean): Frame {
  return ndFrame(device.mac, asked.linkAddress ?? from, asked.target, request.source, {
    kind: "nd",
    type: ndType.advertisement,
    target: asked.target,
    linkAddress: device.mac,
    solicited: true,
    override,
  });
}

function ndFrame(source: Mac, destination: Mac, from: Ip, to: Ip, transport: NeighbourMessage): Frame {
  const payload: IpPacket = { kind: "ip", source: from, destination: to, ttl: 255, tos: 0, protocol: ipProtocol.icmpv6, transport };
  return { source, destination, vlans: [], payload };
}

/** The question whether anybody has an address already, which a kernel asks before it uses one (RFC 4862). */
export function duplicateDetection(device: Device, address: Ipv6): Frame {
  const group = solicitedNode(address);
  const transport: NeighbourMessage = { kind: "nd", type: ndType.solicitation, target: address, solicited: false, override: false };
  return ndFrame(device.mac, groupMac(group), unspecified, group, transport);
}

/** The call for routers of a host that is none itself (RFC 4861). */
export function routerSolicitation(device: Device, address: Ipv6): Frame {
  const transport: NeighbourMessage = {
    kind: "nd",
    type: ndType.routerSolicitation,
    target: unspecified,
    linkAddress: device.mac,
    solicited: false,
    override: false,
  };
  return ndFrame(device.mac, groupMac(allRouters), address, allRouters, transport);
}

const unspecified = "::" as Ipv6;
const allRouters = "ff02::2" as Ipv6;

/** The group that a host joins for an address: ff02::1:ff and its last 24 bits (RFC 4291). */
export function solicitedNode(address: Ipv6): Ipv6 {
  return ipv6FromBigInt((0xff02n << 112n) | (0x1ffn << 24n) | (ipv6ToBigInt(address) & 0xffffffn));
}

/** The Ethernet address of an IPv4 or IPv6 group (RFC 1112, RFC 2464). */
export function groupMac(group: Ip): Mac {
  const value = ipToBigInt(group);
  return macFromNumber(Number(isIpv4(group) ? 0x01005e000000n | (value & 0x7fffffn) : 0x333300000000n | (value & 0xffffffffn)));
}

/** True where a device takes in a frame: its own address, everybody's, or a group's. */
export function isForDevice(device: Device, frame: Frame): boolean {
  return frame.destination === device.mac || (Number.parseInt(frame.destination.slice(0, 2), 16) & 1) === 1;
}

/** The EtherType that a device expects for an address. */
export function etherTypeOf(address: Ip): number {
  return isIpv4(address) ? etherType.ipv4 : etherType.ipv6;
}
