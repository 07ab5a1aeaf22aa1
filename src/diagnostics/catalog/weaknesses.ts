import type { CatalogEntry } from "./entry.js";

/** DVRC39xx: what works, but has a weakness. */
export const weaknessEntries = {
  "fip-namespaces-take-addresses": {
    code: "DVRC3901",
    severity: "warning",
    message: 'Network "{network}" gives an address to every host with a fip namespace: {count} so far.',
    help: "Add a subnet with service_types [network:floatingip_agent_gateway].",
    explanation:
      "A fip namespace needs an address of its own on the external network, for ARP and nothing else. A subnet with that service type keeps public addresses for floating IPs.",
  },
  "single-snat-host": {
    code: "DVRC3902",
    severity: "warning",
    message: 'All traffic of distributed routers without a floating IP leaves through host "{host}".',
    help: "Set agent_mode of another network host to dvr_snat.",
    explanation: "DVR distributes routing and floating IPs, but not SNAT: the one network host carries it all and takes it down with it.",
  },
  "no-dhcp-host": {
    code: "DVRC3903",
    severity: "warning",
    message: 'Network "{network}" has DHCP, but no host with a DHCP agent can carry it.',
    help: "Set dhcp_agent to true on a host that can, or enable_dhcp to false.",
    explanation: "Addresses are handed out by DHCP agents; by default they run on hosts in mode legacy and dvr_snat.",
  },
  "address-group-passed-over": {
    code: "DVRC3904",
    severity: "warning",
    message:
      "{owner} is for every address on hosts with the firewall driver iptables_hybrid, such as {host}: in {release} it passes over address groups.",
    help: "Name prefixes by remote_ip_prefix instead, or use the openvswitch driver.",
    explanation:
      "The driver makes sets of the groups' addresses, but its rules match none and let pass whatever else fits them. The release's last update mends it; what hosts do, `dvrc diff` tells.",
  },
  "stateless-group-tracked": {
    code: "DVRC3905",
    severity: "warning",
    message:
      'Security group "{group}" is not stateless on hosts with the firewall driver openvswitch, such as {host}: it tracks all connections.',
    help: "Use the iptables_hybrid driver, or leave out stateful.",
    explanation:
      "Of Neutron's drivers for Open vSwitch only iptables_hybrid asks whether a group is stateful; openvswitch lets answers through that a stateless group would need a rule for.",
  },
} as const satisfies Record<string, CatalogEntry>;
