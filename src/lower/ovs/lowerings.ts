/** What the Open vSwitch agent's flows and rows stand for: id of a lowering to the rule of Neutron in one sentence. */
export const ovsLowerings = {
  "bridge/row":
    "The Open vSwitch agent creates br-int and br-tun, takes over every bridge of bridge_mappings, and makes itself their controller in secure mode.",
  "bridge/patch": "Two patch ports join br-int to br-tun and to every physical bridge.",
  "bridge/uplink": "A physical bridge has the uplink of its host before the agent starts.",
  "bridge/port": "A port is plugged into the bridge under a name made from its id and tagged with the local VLAN of its network.",
  "bridge/port-off":
    "A port that is switched off is plugged into the bridge all the same: without a tag if the agent has never bound it, on the dead VLAN 4095 if it had.",
  "bridge/tunnel": "The agent makes one tunnel port for each host that shares a tunnelled network with this one.",

  "br-int/base":
    "At its start the agent lays the skeleton of br-int: local switching, the canary that shows a restart of Open vSwitch, and the tables that later flows fill.",
  "br-int/dead-vlan": "Frames of ports that the agent has put on the dead VLAN 4095 are dropped.",
  "br-int/dead-port": "What comes from a port that was switched off after the agent had bound it is dropped; its other flows stay.",
  "br-int/physical-default-drop":
    "What comes from a physical bridge and belongs to no network of this host is dropped, so that physical networks are never bridged to each other.",
  "br-int/physical-network": "Frames of a flat or VLAN network that arrive from its physical bridge get the network's local VLAN.",
  "br-int/dvr-base": "In DVR mode nothing passes the tables for frames from other hosts' routers unless a local port is known for it.",
  "br-int/dvr-mac":
    "A frame whose source is another host's DVR MAC was routed there and goes to the table that delivers it with the router's own MAC.",
  "br-int/own-dvr-mac": "An ARP reply to this host's own DVR MAC goes to the table that hands it to the router interface it was meant for.",
  "br-int/dvr-arp-reply": "An ARP reply of a local machine to this host's DVR MAC is given the MAC of the router interface that asked.",
  "br-int/dvr-arp-delivery": "An ARP reply from another host to this host's DVR MAC is delivered to the router interface of the network.",
  "br-int/dvr-delivery":
    "A routed frame from another host gets the MAC of the local router interface as its source and is delivered to the port.",

  "arp-spoof/arp": "ARP may leave a port only with an address that belongs to it.",
  "arp-spoof/nd": "Neighbour advertisements may leave a port only for an address that belongs to it.",
  "arp-spoof/mac": "Frames may leave a port only with a MAC that belongs to it.",

  "egress-direct/base": "With explicitly_egress_direct, frames from the patch ports are delivered by MAC instead of by NORMAL.",
  "egress-direct/deliver": "With explicitly_egress_direct, a frame to a local MAC goes straight to its port.",
  "egress-direct/leave": "With explicitly_egress_direct, a unicast frame to no local MAC goes straight to the bridge that leads out.",

  "br-tun/base":
    "At its start the agent lays the skeleton of br-tun: from br-int to the unicast, ARP and flood tables, and from the tunnels to the table that learns.",
  "br-tun/dvr-base":
    "In DVR mode frames pass the table that hides router MACs on their way out, and the table that keeps DVR MACs from being learned on their way in.",
  "br-tun/tunnel-port": "Frames of a tunnel port go to the table of its tunnel type.",
  "br-tun/network": "Frames that arrive with the network's tunnel key get its local VLAN on this host.",
  "br-tun/dvr-mac": "Frames with another host's DVR MAC as source go to br-int unlearned, since that MAC stands for many routers.",
  "br-tun/flood": "Broadcast and unknown frames of a network go to every tunnel that its flood entry lists.",
  "l2pop/unicast": "l2population tells this host behind which tunnel a MAC of another host's port is.",
  "l2pop/arp": "l2population tells this host the MAC of an address on another host, so that ARP requests are answered here.",

  "dvr-process/hide-local-router": "Frames to a distributed router interface never leave the host: every host has its own.",
  "dvr-process/mask-source": "Frames that a distributed router sent leave the host with the host's DVR MAC as source.",
  "dvr-process/arp": "ARP requests for a distributed router interface never leave the host.",
  "dvr-process/router-advertisement": "Router advertisements of a distributed router interface never leave the host.",

  "br-phys/base":
    "The agent lays the skeleton of a physical bridge: NORMAL, and between br-int and it only what belongs to a network of this host.",
  "br-phys/dvr-base":
    "In DVR mode frames from br-int pass the table that hides router MACs, and frames from outside the table that knows the DVR MACs.",
  "br-phys/dvr-mac": "Frames with another host's DVR MAC as source go straight to br-int, unlearned.",
  "br-phys/network":
    "Frames of a network leave br-int with its local VLAN and the host with its segmentation id, or untagged on a flat network.",

  "firewall/base": "The openvswitch firewall drops what no flow of its tables allows.",
  "firewall/egress-direct-base": "With explicitly_egress_direct the firewall takes what comes from the patch ports too.",
  "firewall/egress-entry": "What a filtered port sends enters the firewall's egress tables, marked with its port and network.",
  "firewall/ingress-entry": "What is sent to a filtered port enters the firewall's ingress tables, marked with its port and network.",
  "firewall/trusted-port": "Ports of Neutron's own and ports without port security are not filtered on their way out.",
  "firewall/arp-spoof": "A filtered port may send ARP only with its own addresses.",
  "firewall/rarp": "A filtered port may send RARP with its own MAC, as live migration needs.",
  "firewall/nd-spoof": "A filtered port may take part in neighbour discovery only with its own addresses.",
  "firewall/dhcp":
    "A filtered port may ask for a DHCP lease and is answered whatever its groups say; it may not serve DHCP or advertise itself as a router.",
  "firewall/ip-spoof": "IP packets of a filtered port are tracked only if they have one of its MACs and addresses.",
  "firewall/not-allowed": "What a filtered port sends and nothing above allowed is dropped.",
  "firewall/local-destination":
    "What a port may send goes through the ingress tables of a filtered port on the same host, and out otherwise.",
  "firewall/essential-ingress": "ARP, neighbour discovery and DHCP answers reach a filtered port whatever its groups say.",
  "firewall/track-ingress": "Other packets to a filtered port are tracked in the zone of its network before its rules are asked.",
  "firewall/tracked":
    "Invalid and no longer allowed connections are dropped, replies and related packets pass, and established ones that no rule allows any more are marked.",
  "firewall/rule": "A security group rule lets new connections pass and keeps established ones alive.",
  "firewall/remote-group-rule": "A rule with a remote group is one half of a conjunction; the other half is the addresses of that group.",
  "firewall/remote-group-accept": "Both halves of a remote group's conjunction together let the connection pass.",
  "firewall/remote-group-member":
    "The addresses of a remote group's members are the half of its conjunction that all ports of the network share.",
  "firewall/remote-group-address": "A rule with a remote group is written once for every address of that group.",
} as const satisfies Record<string, string>;

/** Id of a lowering of this folder. */
export type OvsLowering = keyof typeof ovsLowerings;
