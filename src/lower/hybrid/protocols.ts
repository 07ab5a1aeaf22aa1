import { iptablesProtocolName, ipProtocolNumber } from "../../net/ip-protocol.js";
import type { Release } from "../../releases/release.js";

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
  return number === undefined ? named : iptablesProtocolName(number);
}
