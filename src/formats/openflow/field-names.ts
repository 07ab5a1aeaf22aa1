/** How the value of a field is written. */
export type FieldForm = "hex" | "decimal" | "mac" | "ipv4" | "ipv6";

/** A field as `learn` and `set_field` name it. */
export interface NamedField {
  /** ovs-fields(7) name, which Open vSwitch prints where the whole field is meant. */
  readonly name: string;
  /** Width in bits. */
  readonly bits: number;
  readonly form: FieldForm;
}

const rows: readonly (readonly [name: string, bits: number, form: FieldForm, headers: string])[] = [
  ["tun_id", 64, "hex", "NXM_NX_TUN_ID OXM_OF_TUNNEL_ID"],
  ["metadata", 64, "hex", "OXM_OF_METADATA"],
  ["in_port", 16, "decimal", "NXM_OF_IN_PORT"],
  ["in_port_oxm", 32, "decimal", "OXM_OF_IN_PORT"],
  ["pkt_mark", 32, "hex", "NXM_NX_PKT_MARK"],
  ["ct_mark", 32, "hex", "NXM_NX_CT_MARK"],
  ["ct_zone", 16, "hex", "NXM_NX_CT_ZONE"],
  ["eth_dst", 48, "mac", "NXM_OF_ETH_DST OXM_OF_ETH_DST"],
  ["eth_src", 48, "mac", "NXM_OF_ETH_SRC OXM_OF_ETH_SRC"],
  ["eth_type", 16, "hex", "NXM_OF_ETH_TYPE OXM_OF_ETH_TYPE"],
  ["vlan_tci", 16, "hex", "NXM_OF_VLAN_TCI"],
  ["vlan_vid", 12, "decimal", "OXM_OF_VLAN_VID"],
  ["ip_src", 32, "ipv4", "NXM_OF_IP_SRC OXM_OF_IPV4_SRC"],
  ["ip_dst", 32, "ipv4", "NXM_OF_IP_DST OXM_OF_IPV4_DST"],
  ["ipv6_src", 128, "ipv6", "NXM_NX_IPV6_SRC OXM_OF_IPV6_SRC"],
  ["ipv6_dst", 128, "ipv6", "NXM_NX_IPV6_DST OXM_OF_IPV6_DST"],
  ["nw_proto", 8, "decimal", "NXM_OF_IP_PROTO OXM_OF_IP_PROTO"],
  ["arp_op", 16, "decimal", "NXM_OF_ARP_OP OXM_OF_ARP_OP"],
  ["arp_spa", 32, "ipv4", "NXM_OF_ARP_SPA OXM_OF_ARP_SPA"],
  ["arp_tpa", 32, "ipv4", "NXM_OF_ARP_TPA OXM_OF_ARP_TPA"],
  ["arp_sha", 48, "mac", "NXM_NX_ARP_SHA OXM_OF_ARP_SHA"],
  ["arp_tha", 48, "mac", "NXM_NX_ARP_THA OXM_OF_ARP_THA"],
  ["tcp_src", 16, "decimal", "NXM_OF_TCP_SRC OXM_OF_TCP_SRC"],
  ["tcp_dst", 16, "decimal", "NXM_OF_TCP_DST OXM_OF_TCP_DST"],
  ["udp_src", 16, "decimal", "NXM_OF_UDP_SRC OXM_OF_UDP_SRC"],
  ["udp_dst", 16, "decimal", "NXM_OF_UDP_DST OXM_OF_UDP_DST"],
  ["icmp_type", 8, "decimal", "NXM_OF_ICMP_TYPE OXM_OF_ICMPV4_TYPE"],
  ["icmp_code", 8, "decimal", "NXM_OF_ICMP_CODE OXM_OF_ICMPV4_CODE"],
  ["icmpv6_type", 8, "decimal", "NXM_NX_ICMPV6_TYPE OXM_OF_ICMPV6_TYPE"],
  ["icmpv6_code", 8, "decimal", "NXM_NX_ICMPV6_CODE OXM_OF_ICMPV6_CODE"],
  ["nd_target", 128, "ipv6", "NXM_NX_ND_TARGET OXM_OF_IPV6_ND_TARGET"],
  ...Array.from({ length: 16 }, (_, index) => [`reg${index}`, 32, "hex", `NXM_NX_REG${index}`] as const),
];

/**
 * Fields by NXM and OXM header name.
 *
 * Source: ovs-fields(7); how whole fields print in `learn` was read from Open vSwitch 3.1's dumps.
 */
export const fieldsByHeader: ReadonlyMap<string, NamedField> = new Map(
  rows.flatMap(([name, bits, form, headers]) => headers.split(" ").map((header) => [header, { name, bits, form }] as const)),
);

/** The header that stands for a name where `learn` has the name: the first of its row. */
export const headersByName: ReadonlyMap<string, string> = new Map([
  ...rows.map(([name, , , headers]) => [name, headers.split(" ")[0] ?? ""] as const),
  ["dl_src", "NXM_OF_ETH_SRC"],
  ["dl_dst", "NXM_OF_ETH_DST"],
  ["dl_type", "NXM_OF_ETH_TYPE"],
  ["nw_src", "NXM_OF_IP_SRC"],
  ["nw_dst", "NXM_OF_IP_DST"],
  ["ip_proto", "NXM_OF_IP_PROTO"],
]);
