/** What entries of namespaces stand for: id of a lowering to the rule of Neutron, or of the kernel below it, in one sentence. */
export const l3Lowerings = {
  "l3/qrouter": "A distributed router has a part of itself, with all its interfaces, on every host that serves one of its subnets.",
  "l3/centralised-router": "A router that is not distributed lives in one namespace on the host that it is scheduled to.",
  "l3/snat": "The SNAT host of a distributed router translates, in a namespace of its own, what has no floating IP.",
  "l3/fip": "A host answers for its floating IPs of an external network in one namespace, which its routers are linked to.",
  "l3/qdhcp": "The DHCP agent serves each network from a namespace of its own.",

  "l3/loopback": "The kernel gives every namespace a loopback device.",
  "l3/link-local": "The kernel gives every device a link-local IPv6 address made from its MAC.",
  "l3/connected-route": "The kernel adds a route to the prefix of each address of a device.",
  "l3/kernel-rule": "The kernel starts every namespace with rules for its local, main and default tables.",

  "l3/router-interface": "A router interface has the same address and MAC on every host that has the router.",
  "l3/gateway-device": "The router's gateway port is plugged into the external network with its own address.",
  "l3/csnat-device":
    "Each subnet of a distributed router has one more port on the SNAT host, to which the other hosts send what needs source NAT.",
  "l3/agent-gateway": "Each host has one port of its own on the external network, by which its floating IPs go out.",
  "l3/fip-link": "A veth pair with a /31 of link-local addresses joins a router's namespace to the host's fip namespace.",
  "l3/fip-link-route": "What leaves by way of a floating IP goes to the other end of the link to the fip namespace.",
  "l3/fip-link-neighbour": "The two ends of the link to the fip namespace know each other's MAC for good.",
  "l3/dhcp-device": "The DHCP port has an address on each subnet that it serves.",
  "l3/dhcp-metadata": "With isolated or forced metadata the DHCP namespace has the metadata service's address.",
  "l3/dhcp-default-route": "The DHCP namespace goes out by the gateway of a subnet that it serves.",
  "l3/dhcp-checksum": "DHCP answers leave with a checksum, since virtual devices leave it out and some clients insist on it.",

  "l3/snat-redirect":
    "What comes from a subnet and has no floating IP here goes to the subnet's port on the SNAT host; rule and table carry the number of the interface's address.",
  "l3/floating-ip-rule": "What a machine with a floating IP sends goes out through this host's fip namespace.",
  "l3/early-floating-ip-rule":
    "An agent that makes a router writes a rule for each floating IP that it is told of then, be it served there or centrally.",
  "l3/floating-ip-route": "The fip namespace hands packets for a floating IP to the router that has the machine.",
  "l3/floating-ip-address": "A floating IP that is served centrally is an address of the gateway device.",
  "l3/floating-ip-nat": "A floating IP is translated to the machine's address on the way in, and back on the way out.",
  "l3/floating-ip-scope":
    "A floating IP carries packets between the address scopes of its two sides, so that they take on the mark of the side that they go to.",
  "l3/scope-fast-path": "A subnet of the external network's own address scope is routed out of this host without translation.",
  "l3/fip-router-rule":
    "What a router hands to the fip namespace is routed by a table of that router's, numbered by the address of the link's end.",
  "l3/fip-default": "The fip namespace goes out by the gateway of the subnet on which the host's own external port has its address.",
  "l3/fip-notrack": "Nothing is tracked in the fip namespace: translation is the router's work.",
  "l3/gateway-route": "The router goes out by the gateway of the subnet on which its gateway port has its address.",
  "l3/onlink-route": "Other subnets of the external network are reached directly, without an address on them.",
  "l3/gateway-host-route": "A gateway outside its subnet is reached directly, so that a default route can go by it.",
  "l3/extra-route": "An extra route of the router is in each of its namespaces that reaches the next hop.",
  "l3/neighbour":
    "A distributed router knows the MAC of every port of its subnets, since answers to its ARP requests would go to any host's copy of it.",

  "l3/iptables-base": "An agent starts its tables with chains of its own behind the built-in ones.",
  "l3/scope-chains": "Packets carry the address scope that they come from as the upper half of their mark.",
  "l3/address-scope": "A device marks what it brings in with its network's address scope and drops what comes from another.",
  "l3/metadata": "Requests for metadata are taken from the router's interfaces to the proxy on the host.",
  "l3/dvr-float-snat":
    "A router's part translates only where the host has a floating IP of it, and only what leaves by the link to the fip namespace.",
  "l3/gateway-snat": "What leaves by the gateway takes the gateway's address as its source.",
  "l3/no-internal-snat": "What does not leave by the gateway keeps its source, unless it is on its way to a floating IP.",
  "l3/hairpin-snat": "A packet from inside to a floating IP takes the gateway's address, so that the answer comes back the same way.",
  "l3/scope-without-snat":
    "The gateway remembers the address scope of what leaves, and does not translate within the external network's own.",
  "l3/snat-float-jump":
    "The SNAT host goes through the floating IPs that it serves for others before it translates to the gateway's address.",

  "l3/sysctl-forwarding": "A namespace of the L3 agent forwards packets and answers ARP strictly by device.",
  "l3/sysctl-send-redirects": "A distributed router does not tell machines of the shorter way to the SNAT host: they could not take it.",
  "l3/sysctl-proxy-arp": "The host's external port answers ARP for floating IPs that the fip namespace only routes.",
  "l3/sysctl-snat": "The snat namespace does not pick up connections in the middle, which might be another's.",
  "l3/sysctl-gateway-ra":
    "The gateway device takes its IPv6 default route from router advertisements where the network has no IPv6 gateway.",
  "l3/sysctl-dhcp": "The DHCP namespace gives itself no addresses by router advertisements, since the agent sets them.",
} as const satisfies Record<string, string>;

/** Id of a lowering of this folder. */
export type L3Lowering = keyof typeof l3Lowerings;
