import { ipProtocolNumber } from "../../net/ip-protocol.js";
import type { Release } from "../../releases/release.js";

/** Names by which iptables-save(8) prints protocols: iptables' own and those of protocols(5) of Debian 12. */
const printedName: ReadonlyMap<number, string> = new Map(
  (
    "1 icmp 2 igmp 3 ggp 4 ipencap 5 st 6 tcp 8 egp 9 igp 12 pup 17 udp 20 hmp 22 xns-idp 27 rdp 29 iso-tp4 33 dccp 36 xtp 37 ddp " +
    "38 idpr-cmtp 41 ipv6 43 ipv6-route 44 ipv6-frag 45 idrp 46 rsvp 47 gre 50 esp 51 ah 57 skip 58 ipv6-icmp 59 ipv6-nonxt 60 ipv6-opts " +
    "73 rspf 81 vmtp 88 eigrp 89 ospf 93 ax.25 94 ipip 97 etherip 98 encap 103 pim 108 ipcomp 112 vrrp 115 l2tp 124 isis 132 sctp 133 fc " +
    "135 mobility-header 136 udplite 137 mpls-in-ip 138 manet 139 hip 140 shim6 141 wesp 142 rohc 143 ethernet"
  )
    .match(/\d+ \S+/g)
    ?.map((pair): [number, string] => [Number.parseInt(pair, 10), pair.slice(pair.indexOf(" ") + 1)]),
);

/**
 * A security group rule's protocol as iptables-save(8) prints it.
 *
 * Shape: a name where there is one, else the number; undefined for none and for protocol 0, which match every packet.
 * Source: Neutron `IptablesFirewallDriver._iptables_protocol_name`.
 */
export function iptablesProtocol(protocol: string | undefined, ethertype: "IPv4" | "IPv6", release: Release): string | undefined {
  if (protocol === undefined) return undefined;
  // protocols(5) has ipip as 94; Neutron's ipip is 4.
  if (protocol === "ipip" && !release.features.has("hybrid-ipip-as-4")) return protocol;
  const named = ethertype === "IPv6" && protocol === "icmp" ? "ipv6-icmp" : protocol;
  const number = ipProtocolNumber(named);
  if (number === 0) return undefined;
  return number === undefined ? named : (printedName.get(number) ?? String(number));
}
