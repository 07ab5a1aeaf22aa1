/** Protocol numbers by the keywords that Neutron's security group rules know. Source: neutron-lib `constants.IP_PROTOCOL_MAP`. */
const numbers: ReadonlyMap<string, number> = new Map([
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

/** The number, 0 to 255, of a protocol keyword or number of a security group rule. Errors: undefined where Neutron knows neither. */
export function ipProtocolNumber(protocol: string): number | undefined {
  const known = numbers.get(protocol);
  if (known !== undefined) return known;
  return /^\d{1,3}$/.test(protocol) && Number(protocol) <= 255 ? Number(protocol) : undefined;
}

/** Names by which iptables-save(8) of Debian 12 prints protocols: iptables' own and those of protocols(5). */
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

/** The name of a protocol, 0 to 255, in iptables rules; its number where it has none. Later releases of iptables print the numbers of most. */
export function iptablesProtocolName(number: number): string {
  return printedName.get(number) ?? String(number);
}
