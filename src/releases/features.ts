/** What a release programs that another does not; each says what it does, so that lowerings read as the rule. */
export type Feature =
  /** The L3 agent can plug qg- into `external_network_bridge` itself. */
  | "external-network-bridge"
  /** `agent_mode = dvr_no_external`. */
  | "dvr-no-external"
  /** fg, fpr and rfp exist on every DVR host that has a router with a gateway, floating IP or not. */
  | "fip-on-every-dvr-host"
  /** Hosts also get distributed routers that share a network with one they have. */
  | "connected-routers"
  /** Security groups may be stateless, and their rules may name address groups. */
  | "stateless-and-address-groups"
  /** The iptables firewall matches the addresses of remote address groups; without this a rule with one lets everybody in, though their sets are there. */
  | "hybrid-matches-address-groups"
  /** Trunk subports are DVR-serviced; DHCP ports unless host_dvr_for_dhcp is off. */
  | "host-dvr-for-dhcp"
  /** Ports of Neutron's own load balancers are DVR-serviced. */
  | "dvr-serves-load-balancers"
  /** DVR delivery on flat tenant networks. */
  | "dvr-flat-networks"
  /** Deliveries for host-only allowed address pairs. */
  | "dvr-address-pairs"
  /** Table 10 of br-tun has three flows for gratuitous ARP and ND. */
  | "learn-from-announcements"
  /** RARP may leave a filtered port. */
  | "firewall-rarp"
  /** explicitly_egress_direct has table 60 priority 2 and table 94 dl_vlan flows. */
  | "egress-direct-from-patch"
  /** ARP responder is forced on with DVR and tunnels. */
  | "arp-responder-forced"
  /** Routes carry `proto static`. */
  | "routes-proto-static"
  /** `--random-fully` on SNAT rules. */
  | "random-fully"
  /** arp_ignore, arp_announce. */
  | "sysctl-arp"
  /** nf_conntrack_tcp_loose=0 and ip_nonlocal_bind in snat. */
  | "sysctl-snat"
  /** ip_nonlocal_bind is 1 in snat, not 0. */
  | "snat-nonlocal-bind"
  /** nf_conntrack_tcp_be_liberal=1 in qrouter, snat and fip. */
  | "sysctl-tcp-be-liberal"
  /** proxy_delay=1 on fg. */
  | "sysctl-fg-proxy-delay"
  /** rfp and fpr have permanent neighbours of each other. */
  | "fip-link-neighbours"
  /** Neighbours: bound ports only, with host-only allowed address pairs. */
  | "neighbours-of-bound-ports"
  /** Neighbours of pairs carry the pair's MAC. */
  | "neighbours-pair-mac"
  /** One fip route table per router, chosen by `iif`. */
  | "fip-route-tables"
  /** Scope chains list devices by port id instead of CPython 2.7's dict order. */
  | "scope-chains-by-port-id"
  /** IPv6 metadata. */
  | "metadata-ipv6"
  /** nat table in qdhcp: whole, none, or PREROUTING only. */
  | "dhcp-nat-full"
  | "dhcp-nat-prerouting"
  /** Tunnel ports of GRE over IPv6 are of the type that Open vSwitch has for it. */
  | "gre-over-ipv6"
  /** IPv6 default route through rfp. */
  | "ipv6-default-via-fip"
  /** ECMP extra routes in the snat namespace too. */
  | "snat-multipath"
  /** Extra routes with several next hops become one multipath route in qrouter. */
  | "extra-routes-multipath"
  /** Extra routes through the agent gateway's subnet also enter the router's table of the fip namespace. */
  | "extra-routes-in-fip"
  /** Subnets of the external network's own address scope go out through fip: rule, route, no redirect. */
  | "address-scope-fast-path"
  /** fg- reaches the external network's other subnets by on-link routes. */
  | "fg-onlink-routes"
  /** rfp- is in the scope chains of the versions in which the gateway has addresses; else of IPv4 only. */
  | "rfp-scope-by-address"
  /** L3 namespaces have an IPv6 nat table. */
  | "ip6tables-nat"
  /** Metadata requests are marked whether the metadata proxy is on or not. */
  | "metadata-mark-always"
  /** The snat namespace goes through its floating IPs first. */
  | "snat-float-jump"
  /** What came in by the external device is not translated either: `! -i` beside `! -o`. */
  | "no-snat-by-ingress"
  /** IPv6 forwarding is set on qg-, and router advertisements are refused where there is an IPv6 gateway. */
  | "sysctl-qg-forwarding"
  /** ip_nonlocal_bind and refused router advertisements in qdhcp. */
  | "sysctl-dhcp"
  /** qdhcp has ip6tables with the checksum rule of DHCPv6. */
  | "dhcp-ip6tables"
  /** qdhcp configures its address on SLAAC subnets itself. */
  | "dhcp-slaac-address"
  /** qdhcp has an IPv6 default route. */
  | "dhcp-default-route-ipv6"
  /** The metadata address in qdhcp is 169.254.169.254/32; else /16. */
  | "dhcp-metadata-host-prefix"
  /** qdhcp serves metadata on fe80::a9fe:a9fe: always, or only where the network has an IPv6 subnet. */
  | "dhcp-metadata-ipv6"
  | "dhcp-metadata-ipv6-by-subnet"
  /** That address is fe80::a9fe:a9fe/128; else /64. */
  | "dhcp-metadata-ipv6-host-prefix"
  /** iptables_hybrid: the host has mangle and nat tables of the agent, too. */
  | "hybrid-whole-tables"
  /** iptables_hybrid: a port's conntrack zone is set by two matches, without comments; else by three. */
  | "hybrid-zone-by-two-matches"
  /** iptables_hybrid: the agent turns on netfilter for bridges itself. */
  | "hybrid-bridge-netfilter"
  /** iptables_hybrid: rules for trusted ports. */
  | "hybrid-trusted-ports"
  /** iptables_hybrid: DHCP answers are let in by the machine's addresses; else by the DHCP servers'. */
  | "hybrid-dhcp-by-destination"
  /** iptables_hybrid: ports of sctp, dccp and udplite are matched; all ports are none. */
  | "hybrid-port-protocols"
  /** iptables_hybrid: a rule for ipip is one for IP protocol 4; before, for the 94 that protocols(5) has under that name. */
  | "hybrid-ipip-as-4"
  /** iptables_hybrid has a nat table. */
  | "hybrid-nat-table"
  /** Interfaces of several distributed routers on one subnet are each bound; before, the second met no flows on a host. */
  | "dvr-shared-subnets"
  /** ARP spoofing is prevented whatever the option says. */
  | "arp-spoofing-always-prevented"
  /** drop_flows_on_start: DVR's own start-up wipes br-int once more. */
  | "dvr-start-wipes-br-int"
  /** A flood entry of when the network was wired lists its tunnels in the order of their making; else by their addresses' hashes. */
  | "flood-entry-sorted"
  /** An IPv6 subnet's default gateway is the network address itself (the subnet-router anycast address), not the one after it. */
  | "ipv6-gateway-at-network-address"
  /** A rule for ports 1 to 65535 is stored as one for any port. */
  | "full-port-range-is-any"
  /** A rule for ICMP over IPv6 is stored as one for `ipv6-icmp`, or 58, however it was written. */
  | "icmpv6-by-own-name";
