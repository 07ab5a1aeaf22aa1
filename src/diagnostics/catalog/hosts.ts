import type { CatalogEntry } from "./entry.js";

/** DVRC32xx: hosts, agents and the placement of servers. */
export const hostEntries = {
  "bad-host-name": {
    code: "DVRC3201",
    severity: "error",
    message: 'Host name "{host}" cannot be the name of a folder: {reason}.',
    explanation:
      "Each host's artefacts are written to a folder of its name: at most 255 of the ASCII letters, digits and `_.+@=:-`, the first a letter, a digit or `_`.",
  },
  "colliding-host-names": {
    code: "DVRC3202",
    severity: "warning",
    message: 'Host names "{first}" and "{second}" differ only in letter case.',
    explanation: "On file systems that ignore such differences the two hosts would share one output folder.",
  },
  "bad-device-name": {
    code: "DVRC3203",
    severity: "error",
    message: '{what} "{device}" of host "{host}" cannot be the name of a network device: {reason}.',
    explanation:
      "Linux device names have 1 to 15 bytes, without slashes, colons and blanks. Artefacts are named after bridges, so dvrc takes ASCII letters, digits and `_.+@=-` only, the first a letter, a digit or `_`.",
  },
  "bridge-mapped-twice": {
    code: "DVRC3204",
    severity: "error",
    message: 'Host "{host}" maps physical networks "{first}" and "{second}" to the same bridge "{bridge}".',
    explanation: "The Open vSwitch agent refuses to start with two physical networks on one bridge.",
  },
  "reserved-bridge": {
    code: "DVRC3205",
    severity: "error",
    message: 'Host "{host}" uses bridge "{bridge}", which is the {role} bridge.',
    explanation: "`br-int` and `br-tun` are the agent's own bridges; a physical network needs another.",
  },
  "unmapped-uplink": {
    code: "DVRC3206",
    severity: "error",
    message: 'Host "{host}" has an uplink for bridge "{bridge}", which it maps to no physical network.',
    help: "Add the bridge to bridge_mappings.",
    explanation: "An uplink joins a physical bridge to the wire; the physical bridges of a host are those of its `bridge_mappings`.",
  },
  "missing-local-ip": {
    code: "DVRC3207",
    severity: "error",
    message: 'Host "{host}" carries {type} network "{network}" but has no local_ip.',
    help: "Add local_ip, the address of the host's tunnel endpoint.",
    explanation: "The Open vSwitch agent cannot make tunnels without the address of its own endpoint.",
  },
  "missing-tunnel-type": {
    code: "DVRC3208",
    severity: "error",
    message: 'Host "{host}" carries {type} network "{network}", but {type} is not among its tunnel_types.',
    help: "Add it to tunnel_types of the agent options.",
    explanation: "An agent binds ports only of networks whose encapsulation it has.",
  },
  "duplicate-local-ip": {
    code: "DVRC3209",
    severity: "error",
    message: 'Hosts "{first}" and "{second}" have the same local_ip {address}.',
    explanation: "A tunnel endpoint is told by its address alone.",
  },
  "missing-bridge-mapping": {
    code: "DVRC3210",
    severity: "error",
    message: 'Host "{host}" carries network "{network}" but does not map physical network "{physical}".',
    help: 'Add "{physical}" to bridge_mappings of the host.',
    explanation:
      "A flat or VLAN network reaches a host through the bridge that the host maps its physical network to; without it Neutron fails to bind the port.",
  },
  "group-mac": {
    code: "DVRC3211",
    severity: "error",
    message: "{attribute} of {owner} is {mac}, a group address.",
    help: "Make the first octet even.",
    explanation:
      "The lowest bit of the first octet marks broadcast and multicast (IEEE 802); no device may have such an address as its own.",
  },
  "duplicate-dvr-mac": {
    code: "DVRC3212",
    severity: "error",
    message: 'Hosts "{first}" and "{second}" have the same dvr_mac_address {mac}.',
    explanation: "Each host hides the routers' MACs behind one of its own; Neutron keeps them unique.",
  },
  "equal-base-macs": {
    code: "DVRC3213",
    severity: "error",
    message: "base_mac and dvr_base_mac begin with the same octets {prefix}.",
    explanation: "Frames are recognised as routed by their DVR MAC; a port whose MAC falls into that range would be mistaken for a host.",
  },
  "no-distributed-routing": {
    code: "DVRC3214",
    severity: "error",
    message: 'Host "{host}" has agent_mode {mode}, but enable_distributed_routing is off.',
    help: "Turn enable_distributed_routing on, or set agent_mode to legacy.",
    explanation:
      "The L3 agent's DVR modes need the Open vSwitch agent's DVR flows: without them the router's MAC would show up on every host.",
  },
  "no-l2-population": {
    code: "DVRC3215",
    severity: "error",
    message: 'Host "{host}" has distributed routing and tunnels, but l2_population is off.',
    help: "Turn l2_population on, enable_distributed_routing off, or set tunnel_types to [].",
    explanation: "The Open vSwitch agent refuses to start like that: with tunnels, DVR depends on l2population's forwarding entries.",
  },
  "agent-mode-not-in-release": {
    code: "DVRC3216",
    severity: "error",
    message: 'Host "{host}" has agent_mode {mode}, which release {release} does not have.',
    explanation: "`dvr_no_external` came after Newton: its L3 agent knows legacy, dvr and dvr_snat.",
  },
  "option-not-in-release": {
    code: "DVRC3217",
    severity: "warning",
    message: 'Option "{option}" is ignored: release {release} does not have it.',
    explanation: "`external_network_bridge` was removed after Newton, and later agents always prevent ARP spoofing.",
  },
  "host-in-two-zones": {
    code: "DVRC3218",
    severity: "error",
    message: 'Host "{host}" is in availability zones "{first}" and "{second}".',
    explanation: "Nova refuses to add a host to a second availability zone.",
  },
  "host-not-in-zone": {
    code: "DVRC3219",
    severity: "error",
    message: 'Server "{server}" wants host "{host}" and availability zone "{zone}", but the host is in zone "{actual}".',
    help: "Leave one of them out.",
    explanation: "Nova places a server on a host of its zone.",
  },
  "empty-zone": {
    code: "DVRC3220",
    severity: "error",
    message: 'Server "{server}" wants availability zone "{zone}", which has no hosts.',
    explanation: "Hosts come into a zone by an aggregate; hosts in no aggregate are in `nova`.",
  },
  "no-host-for-server": {
    code: "DVRC3221",
    severity: "error",
    message: 'No host of {place} can take server "{server}": {reason}.',
    explanation:
      "A host takes a server if it can carry all the networks of its ports: tunnels need a `local_ip`, flat and VLAN networks a bridge mapping, a floating IP external access.",
  },
  "port-host-differs": {
    code: "DVRC3222",
    severity: "error",
    message: 'Port "{port}" is bound to host "{host}", but its server "{server}" runs on "{actual}".',
    help: "Remove the port's host.",
    explanation: "Nova binds a server's ports to the host on which it runs.",
  },
} as const satisfies Record<string, CatalogEntry>;
