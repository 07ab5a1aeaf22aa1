import type { Release } from "./release.js";

/**
 * Newton, 9.0.0 of October 2016: the release behind the blog post.
 *
 * The openvswitch firewall of this record was read in the source, never compared with a run.
 */
export const newton = {
  name: "newton",
  version: "9.0.0",
  // Source: neutron.plugins.ml2.drivers.openvswitch.agent.common.constants.
  flowTables: {
    brInt: {
      localSwitching: 0, // Source: LOCAL_SWITCHING.
      dvrToSrcMac: 1, // Source: DVR_TO_SRC_MAC.
      dvrToSrcMacPhysical: 2, // Source: DVR_TO_SRC_MAC_VLAN.
      canary: 23, // Source: CANARY_TABLE.
      arpSpoof: 24, // Source: ARP_SPOOF_TABLE.
      macSpoof: 25, // Source: MAC_SPOOF_TABLE.
      baseEgress: 71, // Source: BASE_EGRESS_TABLE.
      rulesEgress: 72, // Source: RULES_EGRESS_TABLE.
      acceptOrIngress: 73, // Source: ACCEPT_OR_INGRESS_TABLE.
      baseIngress: 81, // Source: BASE_INGRESS_TABLE.
      rulesIngress: 82, // Source: RULES_INGRESS_TABLE.
      pipeline: undefined,
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
      dvrDrops: 1, // Source: OVSTunnelBridge.dvr_process_table_id.
    },
    brPhys: {
      localSwitching: 0, // Source: OVSPhysicalBridge.setup_default_table, default table.
      dvrProcess: 1, // Source: DVR_PROCESS_VLAN.
      localVlanTranslation: 2, // Source: LOCAL_VLAN_TRANSLATION.
      dvrNotLearn: 3, // Source: DVR_NOT_LEARN_VLAN.
      dvrDrops: 1, // Source: OVSPhysicalBridge.dvr_process_table_id.
      flatTranslation: 0, // Source: OVSNeutronAgent._local_vlan_for_flat, distributed=False.
    },
  },
  flowPriorities: {
    transientNormal: 0, // Source: no such flow; the table does not exist.
    dvrDelivery: 4, // Source: OVSIntegrationBridge.install_dvr_to_src_mac.
  },
  localVlans: { first: 1, last: 4093 }, // Source: OVSNeutronAgent.__init__, range(MIN_VLAN_TAG, MAX_VLAN_TAG), end excluded.
  firstConntrackZone: 1, // Source: IptablesFirewallDriver._find_open_zone.
  floatingIp: {
    routeTable: 16, // Source: neutron.agent.l3.dvr_fip_ns.FIP_RT_TBL.
    rulePriorities: {
      first: 32768, // Source: dvr_fip_ns.FIP_PR_START.
      count: 40000, // Source: dvr_fip_ns.FIP_PR_END, FIP_PR_START + 40000, end excluded.
      order: "cpython-2.7-set", // Source: ItemAllocator.allocate, set.pop.
    },
    linkLocal: { order: "cpython-2.7-set" }, // Source: LinkLocalAllocator over 169.254.64.0/18, set.pop.
    fastPathRulePriority: 80000, // Source: later releases' FIP_PR; not used here.
  },
  tunnelNameDigest: "sha1", // Source: OVSNeutronAgent.get_tunnel_hash.
  // Source: ovs_lib.OVSBridge.create and add_tunnel_port, native OVSAgentBridge.setup_controllers.
  ovsdb: {
    protocols: ["OpenFlow10", "OpenFlow13"],
    bridge: {},
    integrationBridge: {},
    integrationPatch: {},
    tunnel: { in_key: "flow", out_key: "flow" },
  },
  tools: { trace: "ovs-2.5", iproute: "3.10", iptables: "1.4" }, // Source: CentOS 7 of 2016.
  features: new Set([
    "dvr-serves-load-balancers",
    "external-network-bridge",
    "dhcp-nat-full",
    "dvr-start-wipes-br-int",
    "hybrid-bridge-netfilter",
    "hybrid-whole-tables",
    "hybrid-zone-by-two-matches",
    "no-snat-by-ingress",
  ] as const),
} satisfies Release;
