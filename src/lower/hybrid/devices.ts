import type { Device } from "../../ir/namespace.js";
import type { WiredPort } from "../../model/host-view.js";
import { toCidr } from "../../net/cidr.js";
import { linkLocal } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";
import { because } from "./because.js";
import { qbrName, qvbName, tapName } from "./ports.js";

/** Indexes from here on are for devices that Nova makes; br-int's port number sets each port's apart. */
const firstIndex = 100_000;

/** First octets of the devices' MACs: libvirt's tap takes fe, the pair's ends are locally administered. */
const firstOctet = { qbr: "c2", qvo: "c6", qvb: "c2", tap: "fe" } as const;

/**
 * Devices between a machine and br-int: bridge, the pair's two ends, the machine's own.
 *
 * The bridge takes the MAC of its port with the lowest one. Source: Nova `os_vif` plugin `vif_plug_ovs`, hybrid plugging.
 */
export function hybridDevices({ port, ofport, device: qvo }: WiredPort): Device[] {
  const origin = because("hybrid/bridge", port.pointer);
  const index = firstIndex + ofport * 4;
  const pair = { kind: "veth", peerNamespace: "" } as const;
  const common = { mtu: port.network.mtu, addresses: [], origin };
  const [qbr, qvb, tap] = [qbrName(port), qvbName(port), tapName(port)];
  const macOf = (kind: keyof typeof firstOctet): Mac => `${firstOctet[kind]}${port.mac.slice(2)}` as Mac;
  return [
    { ...common, name: qbr, index, type: { kind: "bridge" }, mac: macOf("qbr") },
    { ...common, name: qvo, index: index + 1, type: { ...pair, peer: qvb, peerIndex: index + 2 }, mac: macOf("qvo") },
    { ...common, name: qvb, index: index + 2, type: { ...pair, peer: qvo, peerIndex: index + 1 }, mac: macOf("qvb"), master: qbr },
    {
      ...common,
      name: tap,
      index: index + 3,
      type: { kind: "tap" },
      mac: macOf("tap"),
      master: qbr,
      addresses: [{ cidr: toCidr(linkLocal(macOf("tap")), 64), scope: "link", origin }],
    },
  ];
}
