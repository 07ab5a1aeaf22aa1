import type { Release } from "./release.js";

/** 2026.1 (Gazpacho), 28.0.0: between 26.0.3 and 29.0.0, which programmed the same in live runs. */
export const gazpacho = {
  name: "2026.1",
  version: "28.0.0",
  // Source: neutron_lib.plugins.ml2.ovs_constants.
  flowTables: {
    brInt: {
      localSwitching: 0, // Source: LOCAL_SWITCHING.
      dvrToSrcMac: 1, // Source: DVR_TO_SRC_MAC.
      dvrToSrcMacPhysical: 2, // Source: DVR_TO_SRC_MAC_PHYSICAL.
      canary: 23, // Source: CANARY_TABLE.
      arpSpoof: 24, // Source: ARP_SPOOF_TABLE.
      macSpoof: 25, // Source: MAC_SPOOF_TABLE.
      baseEgress: 71, // Source: BASE_EGRESS_TABLE.
      rulesEgress: 72, // Source: RULES_EGRESS_TABLE.
      acceptOrIngress: 73, // Source: ACCEPT_OR_INGRESS_TABLE.
      baseIngress: 81, // Source: BASE_INGRESS_TABLE.
      rulesIngress: 82, // Source: RULES_INGRESS_TABLE.
      pipeline: {
        arpDvrMacToDstMac: 3, // Source: ARP_DVR_MAC_TO_DST_MAC.
        arpDvrMacToDstMacPhysical: 4, // Source: ARP_DVR_MAC_TO_DST_MAC_PHYSICAL.
        localEgress: 30, // Source: LOCAL_EGRESS_TABLE.
        localIp: 31, // Source: LOCAL_IP_TABLE.
        limitChain: [58, 59], // Source: PACKET_RATE_LIMIT, BANDWIDTH_RATE_LIMIT.
        transient: 60, // Source: TRANSIENT_TABLE.
        localMacDirect: 61, // Source: LOCAL_MAC_DIRECT.
        transientEgress: 62, // Source: TRANSIENT_EGRESS_TABLE.
        acceptedEgress: 91, // Source: ACCEPTED_EGRESS_TRAFFIC_TABLE.
        acceptedIngress: 92, // Source: ACCEPTED_INGRESS_TRAFFIC_TABLE.
        dropped: 93, // Source: DROPPED_TRAFFIC_TABLE.
        acceptedEgressNormal: 94, // Source: ACCEPTED_EGRESS_TRAFFIC_NORMAL_TABLE.
      },
    },
    brTun: {
      dvrProcess: 1, // Source: DVR_PROCESS.
      patchLvToTun: 2, // Source: PATCH_LV_TO_TUN.
      greTunToLv: 3, // Source: GRE_TUN_TO_LV.
      vxlanTunToLv: 4, // Source: VXLAN_TUN_TO_LV.
      geneveTunToLv: 6, // Source: GENEVE_TUN_TO_LV.
      dvrNotLearn: 9, // Source: DVR_NOT_LEARN.
      learnFromTun: 10, // Source: LEARN_FROM_TUN.
      ucastToTun: 20, // Source: UCAST_TO_TUN.
      arpResponder: 21, // Source: ARP_RESPONDER.
      floodToTun: 22, // Source: FLOOD_TO_TUN.
      dvrDrops: 22, // Source: OVSDVRProcessMixin.install_dvr_process_ipv4, FLOOD_TO_TUN.
    },
    brPhys: {
      localSwitching: 0, // Source: OVSPhysicalBridge.setup_default_table, default table.
      dvrProcess: 1, // Source: DVR_PROCESS_PHYSICAL.
      localVlanTranslation: 2, // Source: LOCAL_VLAN_TRANSLATION.
      dvrNotLearn: 3, // Source: DVR_NOT_LEARN_PHYSICAL.
      dvrDrops: 22, // Source: OVSDVRProcessMixin.install_dvr_process_ipv4, FLOOD_TO_TUN; nothing jumps there.
      flatTranslation: 2, // Source: OVSNeutronAgent._local_vlan_for_physical.
    },
  },
  flowPriorities: {
    transientNormal: 1, // Source: OVSIntegrationBridge.setup_default_table.
    dvrDelivery: 20, // Source: OVSIntegrationBridge.install_dvr_to_src_mac.
  },
  localVlans: { first: 1, last: 4094 }, // Source: neutron_lib.constants.MIN_VLAN_TAG, MAX_VLAN_TAG.
  firstConntrackZone: 4097, // Source: ip_conntrack.ZONE_START.
  floatingIp: {
    routeTable: 16, // Source: neutron.agent.l3.dvr_fip_ns.FIP_RT_TBL.
    rulePriorities: {
      first: 32768, // Source: dvr_fip_ns.FIP_PR_START.
      count: 40000, // Source: dvr_fip_ns.FIP_PR_END, FIP_PR_START + 40000, end excluded.
      order: "ascending", // Source: Python 3 hashes text at random, so that set.pop has no order; dvrc's own default.
    },
    linkLocal: { order: "cpython-3.8-set" }, // Source: LinkLocalAllocator over 169.254.64.0/18, set.pop.
    fastPathRulePriority: 80000, // Source: dvr_fip_ns.FAST_PATH_EXIT_PR.
  },
  tunnelNameDigest: "blake2b-160", // Source: OVSNeutronAgent.get_tunnel_hash.
  // Source: ovs_lib.OVSBridge.__init__, create, set_igmp_snooping_state, set_igmp_snooping_flood and add_tunnel_port.
  ovsdb: {
    protocols: ["OpenFlow10", "OpenFlow13", "OpenFlow14"],
    bridge: { "disable-in-band": "true", "mac-table-size": "50000" },
    integrationBridge: { "mcast-snooping-disable-flood-unregistered": "true" },
    integrationPatch: { "mcast-snooping-flood": "false", "mcast-snooping-flood-reports": "true" },
    tunnel: { egress_pkt_mark: "0", in_key: "flow", out_key: "flow" },
  },
  tools: { trace: "ovs-3.1", iproute: "6.1", iptables: "1.8" }, // Source: as 2025.1.
  features: new Set([
    "ipv6-gateway-at-network-address",
    "full-port-range-is-any",
    "stateless-and-address-groups",
    "icmpv6-by-own-name",
    "dvr-no-external",
    "fip-on-every-dvr-host",
    "connected-routers",
    "host-dvr-for-dhcp",
    "dvr-flat-networks",
    "dvr-shared-subnets",
    "arp-spoofing-always-prevented",
    "arp-responder-forced",
    "routes-proto-static",
    "random-fully",
    "sysctl-arp",
    "sysctl-snat",
    "fip-link-neighbours",
    "neighbours-of-bound-ports",
    "fip-route-tables",
    "scope-chains-by-port-id",
    "metadata-ipv6",
    "gre-over-ipv6",
    "ipv6-default-via-fip",
    "dvr-address-pairs",
    "learn-from-announcements",
    "firewall-rarp",
    "egress-direct-from-patch",
    "snat-nonlocal-bind",
    "sysctl-tcp-be-liberal",
    "sysctl-fg-proxy-delay",
    "neighbours-pair-mac",
    "dhcp-nat-prerouting",
    "snat-multipath",
    "hybrid-ipip-as-4",
    "hybrid-nat-table",
    "flood-entry-sorted",
    "address-scope-fast-path",
    "dhcp-default-route-ipv6",
    "dhcp-ip6tables",
    "dhcp-metadata-host-prefix",
    "dhcp-metadata-ipv6",
    "dhcp-slaac-address",
    "extra-routes-in-fip",
    "extra-routes-multipath",
    "fg-onlink-routes",
    "hybrid-dhcp-by-destination",
    "hybrid-port-protocols",
    "hybrid-matches-address-groups",
    "hybrid-trusted-ports",
    "ip6tables-nat",
    "metadata-mark-always",
    "rfp-scope-by-address",
    "snat-float-jump",
    "sysctl-dhcp",
    "sysctl-qg-forwarding",
    "dhcp-metadata-ipv6-by-subnet",
    "dhcp-metadata-ipv6-host-prefix",
  ] as const),
} satisfies Release;
