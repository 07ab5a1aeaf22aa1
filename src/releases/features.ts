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
  /** Trunk subports and load balancers are DVR-serviced; DHCP ports unless host_dvr_for_dhcp is off. */
  | "host-dvr-for-dhcp"
  /** DVR delivery on flat tenant networks. */
  | "dvr-flat-networks"
  /** br-int handles ARP replies to the host's DVR MAC (tables 3 and 4). */
  | "dvr-arp-reply"
  /** Router interfaces' ARP and RA drops are in the flood table. */
  | "dvr-drops-in-flood-table"
  /** Deliveries for host-only allowed address pairs. */
  | "dvr-address-pairs"
  /** Table 10 of br-tun has three flows for gratuitous ARP and ND. */
  | "learn-from-announcements"
  /** The openvswitch firewall of tables 60 and 91 to 94, with conjunctions. */
  | "firewall-transient-table"
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
  | "snat-nonlocal-bind"
  | "sysctl-tcp-be-liberal"
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
  /** IPv6 default route through rfp. */
  | "ipv6-default-via-fip"
  /** ECMP extra routes in the snat namespace too. */
  | "snat-multipath"
  /** iptables_hybrid has a nat table. */
  | "hybrid-nat-table"
  /** OVSDB: disable-in-band and multicast snooping columns of newer agents. */
  | "ovsdb-disable-in-band";
