/** What the hybrid firewall's entries stand for: id of a lowering to the rule of Neutron in one sentence. */
export const hybridLowerings = {
  "hybrid/root": "With iptables_hybrid the host's own namespace filters what passes between machines and br-int.",
  "hybrid/base": "The Open vSwitch agent starts its tables with chains of its own behind the built-in ones.",
  "hybrid/bridge":
    "With iptables_hybrid a machine's device is on a Linux bridge of its own, which a veth pair joins to br-int, so that iptables sees its packets.",
  "hybrid/bridge-netfilter": "The agent makes bridged packets pass iptables.",
  "hybrid/port": "Packets to and from a filtered machine pass the chains of its port.",
  "hybrid/trusted": "Packets of ports that Neutron itself owns are accepted.",
  "hybrid/open": "Packets of ports without port security are accepted.",
  "hybrid/zone": "Connections of different networks with equal addresses are told apart by conntrack zones.",
  "hybrid/spoofing": "A machine may send only with addresses that belong to its port.",
  "hybrid/dhcp": "A machine may ask for addresses by DHCP and be answered, but not answer others.",
  "hybrid/icmpv6": "Neighbour discovery passes whatever the security groups say; router advertisements of machines do not.",
  "hybrid/known": "Packets of known connections pass, packets that fit none are dropped.",
  "hybrid/group-rule": "A security group rule lets packets that fit it return to the chain that accepts them.",
  "hybrid/fallback": "What no security group rule lets through is dropped.",
  "hybrid/set": "The addresses of a security group that rules name as remote group are a set.",
} as const satisfies Record<string, string>;

/** Id of a lowering of this folder. */
export type HybridLowering = keyof typeof hybridLowerings;
