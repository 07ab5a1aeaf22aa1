/** Protocols that have ports. Source: Neutron `SG_PORT_PROTO_NUMS`. */
export const portProtocols: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

/** ICMP of IPv4 and of IPv6, whose rules have types and codes for ports. */
export const icmpProtocols: ReadonlySet<number> = new Set([1, 58]);

/** Protocols of IPv6 alone. Source: Neutron `_validate_ethertype_and_protocol`. */
export const ipv6Protocols: ReadonlySet<number> = new Set([41, 43, 44, 58, 59, 60]);
