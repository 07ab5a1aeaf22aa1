import { etherType, ipProtocol, type Match } from "../../../ir/match.js";

/** ICMPv6 types that IPv6 needs whatever a port's groups say. Source: Neutron `neutron.agent.firewall`; RFC 4861, RFC 2710. */
export const icmpv6 = {
  /** Multicast listener query, router and neighbour solicitation: may leave a port with its own address. */
  mayLeave: [130, 133, 135],
  /** Multicast listener query, neighbour solicitation and advertisement, router advertisement: reach every port. */
  mayArrive: [130, 135, 136, 134],
  neighbourAdvertisement: 136,
  routerAdvertisement: 134,
} as const;

function udp(ethType: number, tpSrc: number, tpDst: number): Match {
  return { ethType, ipProto: ipProtocol.udp, tpSrc, tpDst };
}

/** DHCP between client and server ports (RFC 2131, RFC 8415). */
export const dhcp = {
  request4: udp(etherType.ipv4, 68, 67),
  answer4: udp(etherType.ipv4, 67, 68),
  request6: udp(etherType.ipv6, 546, 547),
  answer6: udp(etherType.ipv6, 547, 546),
} as const;
