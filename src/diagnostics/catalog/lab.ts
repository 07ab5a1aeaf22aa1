import type { CatalogEntry } from "./entry.js";

/** DVRC61xx: the lab. */
export const labEntries = {
  "lab-needs-linux": {
    code: "DVRC6101",
    severity: "error",
    message: "The lab needs Linux: this is {platform}.",
    explanation: "Hosts and servers of the lab are network namespaces, which no other system has.",
  },
  "lab-needs-root": {
    code: "DVRC6102",
    severity: "error",
    message: "The lab needs root, to make namespaces and to enter them.",
    help: "Run it with sudo; in a container, give that one CAP_SYS_ADMIN and CAP_NET_ADMIN, or --privileged.",
    explanation: "Nothing of a lab touches the machine's own network, but making a network namespace is root's right.",
  },
  "lab-needs-programs": {
    code: "DVRC6103",
    severity: "error",
    message: "The lab needs programs that are not installed: {programs}.",
    help: "apt-get install -y --no-install-recommends {packages}",
    explanation:
      "Hosts are programmed by the tools that Neutron's agents use; busybox has the servers' DHCP client and the metadata server.",
  },
  "lab-is-not-up": {
    code: "DVRC6104",
    severity: "error",
    message: 'No lab of "{topology}" is up.',
    help: "Start it: dvrc lab up {words}",
    explanation: "A lab belongs to the topology that it was started for, and to its name where it has one.",
  },
  "lab-is-half-up": {
    code: "DVRC6105",
    severity: "error",
    message: 'The lab of "{topology}" did not come up whole, or somebody ended its processes.',
    help: "Take it down: dvrc lab down {words}",
    explanation: "What is left of a lab is removed by `dvrc lab down`, whatever happened to it.",
  },
  "lab-has-other-machines": {
    code: "DVRC6106",
    severity: "error",
    message: "The running lab has other machines or cables than the topology has now.",
    help: "Start it anew: dvrc lab down, then dvrc lab up.",
    explanation:
      "`dvrc lab up` programs the hosts of a running lab again, by difference; hosts, servers and physical networks stay as they were started.",
  },
  "unknown-lab-machine": {
    code: "DVRC6107",
    severity: "error",
    message: 'The lab has no machine "{machine}".',
    help: "It has {known}.",
    explanation: "A machine is a host, a server, or the upstream router of an external network, by its name in the topology.",
  },
  "lab-step-failed": {
    code: "DVRC6108",
    severity: "error",
    message: "{step} failed in the lab: {reason}.",
    explanation:
      "The reason is what the program itself said. A lab that could not be started is taken down again, so that nothing of it stays.",
  },
  "lab-without-lease": {
    code: "DVRC6109",
    severity: "warning",
    message: 'Device {device} of server "{server}" got no DHCP lease; its addresses were set by hand.',
    explanation: "The network has a DHCP server on one of the hosts, but its answer did not come: an artefact may be wrong.",
  },
  "lab-without-bridge-filter": {
    code: "DVRC6110",
    severity: "warning",
    message: "The kernel lacks br_netfilter: the iptables_hybrid firewall of the lab's hosts filters nothing.",
    help: "Load the module: modprobe br_netfilter.",
    explanation: "The hybrid firewall filters packets as they cross a Linux bridge, which the kernel does with that module only.",
  },
} as const satisfies Record<string, CatalogEntry>;
