import type { Cidr } from "../net/cidr.js";
import type { Ip, Ipv4, Ipv6 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";

/** OpenFlow port number on one bridge, 1 to 65279; `local` is OFPP_LOCAL. */
export type OfPort = number | "local";

/** A value of which only the bits of the mask are compared. */
export interface Masked<T> {
  readonly value: T;
  readonly mask: T;
}

/** An exact value or a masked one. */
export type MaybeMasked<T> = T | Masked<T>;

/** Connection tracking state as ovs-fields(7) prints it, flags in bit order: `+est-rel-rpl`. */
export type CtState = string;

/**
 * What a flow matches: ovs-fields(7) names in camelCase. A field that is absent is wildcarded.
 *
 * `ethType` and `ipProto` print as one protocol word (`arp`, `tcp6`) where ovs-ofctl(8) has one.
 */
export interface Match {
  readonly pktMark?: MaybeMasked<number>;
  readonly recircId?: number;
  readonly conjId?: number;
  readonly ctState?: CtState;
  readonly ctZone?: number;
  readonly ctMark?: MaybeMasked<number>;
  /** EtherType, 0x0800 for IPv4. */
  readonly ethType?: number;
  /** IP protocol or next header. */
  readonly ipProto?: number;
  readonly reg0?: MaybeMasked<number>;
  readonly reg1?: MaybeMasked<number>;
  readonly reg2?: MaybeMasked<number>;
  readonly reg3?: MaybeMasked<number>;
  readonly reg4?: MaybeMasked<number>;
  readonly reg5?: MaybeMasked<number>;
  readonly reg6?: MaybeMasked<number>;
  readonly reg7?: MaybeMasked<number>;
  readonly tunId?: MaybeMasked<number>;
  readonly tunSrc?: Ipv4 | Cidr;
  readonly tunDst?: Ipv4 | Cidr;
  readonly inPort?: OfPort;
  /** An 802.1Q tag with this VLAN id, 0 to 4095. */
  readonly vlanVid?: number;
  readonly vlanPcp?: number;
  /** TCI with the CFI bit standing for "has a tag": 0x0000/0x1fff is untagged. */
  readonly vlanTci?: MaybeMasked<number>;
  readonly ethSrc?: MaybeMasked<Mac>;
  readonly ethDst?: MaybeMasked<Mac>;
  readonly ipv6Src?: Ipv6 | Cidr;
  readonly ipv6Dst?: Ipv6 | Cidr;
  readonly ipSrc?: Ipv4 | Cidr;
  readonly ipDst?: Ipv4 | Cidr;
  readonly arpSpa?: Ipv4 | Cidr;
  readonly arpTpa?: Ipv4 | Cidr;
  readonly arpOp?: number;
  readonly arpSha?: Mac;
  readonly arpTha?: Mac;
  /** The DSCP part, shifted: 0 to 252. */
  readonly ipTos?: number;
  readonly ipEcn?: number;
  readonly ipTtl?: number;
  /** `no`, `yes`, `first`, `later`, `not_later`. */
  readonly ipFrag?: string;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly ndTarget?: Ipv6 | Cidr;
  readonly tpSrc?: MaybeMasked<number>;
  readonly tpDst?: MaybeMasked<number>;
  readonly tcpFlags?: string;
}

/** Name of a match field. */
export type MatchField = keyof Match;

/** An address as it stands in a match: alone for a host, with a length for a prefix. */
export type MatchAddress = Ip | Cidr;

/** The EtherTypes that Neutron's flows name. */
export const etherType = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, rarp: 0x8035, ipv6: 0x86dd } as const;

/** The IP protocols that ovs-ofctl(8) has words for. */
export const ipProtocol = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;
