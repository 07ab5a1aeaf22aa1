import { ipv4FromNumber, ipv4ToNumber, ipv6FromBigInt, ipv6ToBigInt, isIpv4, type Ip } from "../net/ip.js";
import { macFromNumber, macToNumber } from "../net/mac.js";
import { emptyFlowKey, type FlowKey, vlanPresent } from "./flow-key.js";
import { type Frame, type IpPacket, payloadEtherType, type Transport, type VlanTag } from "./packet.js";

/** Reads the fields that flow tables see off a frame that came in by a port: `flow_extract()`. */
export function extractFlow(frame: Frame, inPort: number): FlowKey {
  const key = emptyFlowKey();
  key.inPort = inPort;
  key.ethSrc = macToNumber(frame.source);
  key.ethDst = macToNumber(frame.destination);
  key.vlanTci = tci(frame.vlans[0]);
  key.innerVlanTci = tci(frame.vlans[1]);
  key.ethType = payloadEtherType(frame.payload);
  const { payload } = frame;
  if (payload.kind === "arp") {
    key.ipProto = payload.operation;
    key.ipSrc = isIpv4(payload.senderIp) ? ipv4ToNumber(payload.senderIp) : 0;
    key.ipDst = isIpv4(payload.targetIp) ? ipv4ToNumber(payload.targetIp) : 0;
    key.arpSha = macToNumber(payload.senderMac);
    key.arpTha = macToNumber(payload.targetMac);
  } else if (payload.kind === "ip") {
    extractIp(payload, key);
  }
  return key;
}

function extractIp(packet: IpPacket, key: FlowKey): void {
  setAddress(key, "source", packet.source);
  setAddress(key, "destination", packet.destination);
  key.ipProto = packet.protocol;
  key.ipTos = packet.tos & 0xfc;
  key.ipEcn = packet.tos & 3;
  key.ipTtl = packet.ttl;
  const { transport } = packet;
  switch (transport.kind) {
    case "tcp":
    case "udp":
      key.tcpFlags = transport.kind === "tcp" ? transport.flags : 0;
      key.tpSrc = transport.sourcePort;
      key.tpDst = transport.destinationPort;
      return;
    case "icmp":
      key.tpSrc = transport.type;
      key.tpDst = transport.code;
      return;
    case "nd":
      key.tpSrc = transport.type;
      if (!isIpv4(transport.target)) key.ndTarget = ipv6ToBigInt(transport.target);
      if (transport.linkAddress !== undefined) key[transport.type === 136 ? "ndTll" : "ndSll"] = macToNumber(transport.linkAddress);
      return;
    case "other":
  }
}

function setAddress(key: FlowKey, end: "source" | "destination", address: Ip): void {
  if (isIpv4(address)) key[end === "source" ? "ipSrc" : "ipDst"] = ipv4ToNumber(address);
  else key[end === "source" ? "ipv6Src" : "ipv6Dst"] = ipv6ToBigInt(address);
}

/** The frame with its headers as a pipeline left them in the key. */
export function applyFlow(frame: Frame, key: FlowKey): Frame {
  return {
    source: macFromNumber(key.ethSrc),
    destination: macFromNumber(key.ethDst),
    vlans: [...tag(key.vlanTci), ...(key.vlanTci === 0 ? [] : tag(key.innerVlanTci))],
    payload: applyPayload(frame.payload, key),
  };
}

function applyPayload(payload: Frame["payload"], key: FlowKey): Frame["payload"] {
  switch (payload.kind) {
    case "arp":
      return {
        kind: "arp",
        operation: key.ipProto,
        senderMac: macFromNumber(key.arpSha),
        senderIp: ipv4FromNumber(key.ipSrc),
        targetMac: macFromNumber(key.arpTha),
        targetIp: ipv4FromNumber(key.ipDst),
      };
    case "ip": {
      const four = isIpv4(payload.source);
      return {
        ...payload,
        source: four ? ipv4FromNumber(key.ipSrc) : ipv6FromBigInt(key.ipv6Src),
        destination: four ? ipv4FromNumber(key.ipDst) : ipv6FromBigInt(key.ipv6Dst),
        ttl: key.ipTtl,
        tos: key.ipTos | key.ipEcn,
        transport: applyTransport(payload.transport, key),
      };
    }
    case "opaque":
      return payload;
  }
}

function applyTransport(transport: Transport, key: FlowKey): Transport {
  if (transport.kind !== "tcp" && transport.kind !== "udp") return transport;
  return { ...transport, sourcePort: key.tpSrc, destinationPort: key.tpDst };
}

function tci(tag: VlanTag | undefined): number {
  return tag === undefined ? 0 : vlanPresent | (tag.pcp << 13) | tag.vid;
}

function tag(value: number): readonly VlanTag[] {
  return (value & vlanPresent) === 0 ? [] : [{ vid: value & 0xfff, pcp: value >> 13 }];
}
