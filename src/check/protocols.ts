/** Protocol numbers by the keywords that Neutron knows. Source: neutron-lib `IP_PROTOCOL_MAP`. */
export const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ["ah", 51],
  ["dccp", 33],
  ["egp", 8],
  ["esp", 50],
  ["gre", 47],
  ["hopopt", 0],
  ["icmp", 1],
  ["igmp", 2],
  ["ip", 0],
  ["ipip", 4],
  ["ipv6-encap", 41],
  ["ipv6-frag", 44],
  ["ipv6-icmp", 58],
  ["icmpv6", 58],
  ["ipv6-nonxt", 59],
  ["ipv6-opts", 60],
  ["ipv6-route", 43],
  ["ospf", 89],
  ["pgm", 113],
  ["rsvp", 46],
  ["sctp", 132],
  ["tcp", 6],
  ["udp", 17],
  ["udplite", 136],
  ["vrrp", 112],
]);

/** Protocols that have ports. Source: Neutron `SG_PORT_PROTO_NUMS`. */
export const portProtocols: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

/** ICMP of IPv4 and of IPv6, whose rules have types and codes for ports. */
export const icmpProtocols: ReadonlySet<number> = new Set([1, 58]);

/** Protocols of IPv6 alone. Source: Neutron `_validate_ethertype_and_protocol`. */
export const ipv6Protocols: ReadonlySet<number> = new Set([41, 43, 44, 58, 59, 60]);

/** The number of a keyword or number. Errors: undefined where Neutron knows neither. */
export function protocolNumber(protocol: string): number | undefined {
  const known = protocolNumbers.get(protocol);
  if (known !== undefined) return known;
  return /^\d{1,3}$/.test(protocol) && Number(protocol) <= 255 ? Number(protocol) : undefined;
}
