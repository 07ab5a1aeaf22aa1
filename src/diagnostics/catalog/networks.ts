import type { CatalogEntry } from "./entry.js";

/** DVRC31xx: networks and subnets. */
export const networkEntries = {
  "overlapping-subnets": {
    code: "DVRC3101",
    severity: "error",
    message: 'Subnets {first} and {second} of network "{network}" overlap.',
    help: "Change the prefix of one of them, or move it to another network.",
    explanation: "Neutron refuses a subnet whose prefix overlaps that of another subnet of the same network.",
  },
  "prefix-too-wide": {
    code: "DVRC3102",
    severity: "error",
    message: "Subnet {subnet} has prefix {cidr}, which is every address.",
    explanation: "Neutron refuses subnets of prefix length 0.",
  },
  "prefix-unfit-for-dhcp": {
    code: "DVRC3103",
    severity: "error",
    message: "Subnet {subnet} has prefix {cidr}, which DHCP cannot serve: {reason}.",
    help: "Set enable_dhcp to false, or choose another prefix.",
    explanation:
      "Neutron refuses DHCP on prefixes longer than /30 (IPv4) or /126 (IPv6), on multicast and loopback prefixes, and on one that starts at 0.0.0.0.",
  },
  "gateway-outside-subnet": {
    code: "DVRC3104",
    severity: "warning",
    message: "Gateway {address} of subnet {subnet} is outside its prefix {cidr}.",
    explanation:
      "Neutron accepts such a gateway: routers reach it by an on-link route on the external side. Servers cannot, unless they are told so, and no router interface can take it.",
  },
  "gateway-unusable": {
    code: "DVRC3105",
    severity: "error",
    message: "Gateway {address} of subnet {subnet} is the {kind} address of its prefix {cidr}.",
    help: "Choose an address between the two ends of the prefix.",
    explanation: "Neutron refuses an IPv4 gateway that is the first or last address of the prefix.",
  },
  "pool-outside-subnet": {
    code: "DVRC3106",
    severity: "error",
    message: "Allocation pool {pool} of subnet {subnet} is not inside the usable addresses of {cidr}.",
    help: "Keep the pool between {first} and {last}.",
    explanation: "Neutron refuses pools that leave the prefix or contain its network or IPv4 broadcast address.",
  },
  "overlapping-pools": {
    code: "DVRC3107",
    severity: "error",
    message: "Allocation pools {first} and {second} of subnet {subnet} overlap.",
    explanation: "Neutron refuses pools that share an address.",
  },
  "pool-contains-gateway": {
    code: "DVRC3108",
    severity: "error",
    message: "Allocation pool {pool} of subnet {subnet} contains its gateway {address}.",
    help: "Shorten or split the pool.",
    explanation: "Neutron refuses pools that contain the gateway, since it might be given to a port.",
  },
  "ipv6-mode-on-ipv4": {
    code: "DVRC3109",
    severity: "error",
    message: 'Subnet {subnet} has "{attribute}", but its prefix {cidr} is IPv4.',
    explanation: "Address modes are for IPv6 subnets only.",
  },
  "ipv6-modes-differ": {
    code: "DVRC3110",
    severity: "error",
    message: "Subnet {subnet} has ipv6_ra_mode {ra} and ipv6_address_mode {address}.",
    help: "Give both the same value, or leave one out.",
    explanation: "Neutron refuses two different modes on one subnet.",
  },
  "ipv6-mode-without-dhcp": {
    code: "DVRC3111",
    severity: "error",
    message: 'Subnet {subnet} has "{attribute}" while enable_dhcp is false.',
    explanation: "Neutron refuses IPv6 modes on subnets without DHCP.",
  },
  "slaac-prefix-length": {
    code: "DVRC3112",
    severity: "error",
    message: "Subnet {subnet} makes addresses from MACs, which needs a /64, but its prefix is {cidr}.",
    explanation: "SLAAC and stateless DHCPv6 form addresses by EUI-64 (RFC 4862): prefix and interface identifier are 64 bits each.",
  },
  "mtu-too-small": {
    code: "DVRC3113",
    severity: "error",
    message: 'Network "{network}" has MTU {mtu}, but IPv6 subnet {subnet} needs at least 1280.',
    explanation: "IPv6 requires links that carry 1280 bytes (RFC 8200); Neutron refuses the subnet.",
  },
  "missing-physical-network": {
    code: "DVRC3114",
    severity: "error",
    message: 'Network "{network}" is {type} but names no physical network.',
    help: "Add provider:physical_network.",
    explanation: "A flat network, and a VLAN network whose VLAN id is given, is carried by a named physical network.",
  },
  "unexpected-physical-network": {
    code: "DVRC3115",
    severity: "error",
    message: 'Network "{network}" is {type} but names physical network "{physical}".',
    help: "Remove provider:physical_network, or make the network flat or vlan.",
    explanation: "Tunnelled networks run over the hosts' tunnel endpoints; Neutron refuses a physical network for them.",
  },
  "unexpected-segmentation-id": {
    code: "DVRC3116",
    severity: "error",
    message: 'Network "{network}" is flat but has segmentation id {id}.',
    help: "Remove provider:segmentation_id, or make the network vlan.",
    explanation: "A flat network is untagged; Neutron refuses a segmentation id for it.",
  },
  "segmentation-id-out-of-range": {
    code: "DVRC3117",
    severity: "error",
    message: 'Segmentation id {id} of network "{network}" is outside {first} to {last}.',
    explanation: "A VLAN id is 1 to 4094 (IEEE 802.1Q), a VNI 1 to 16777215 (RFC 7348); a GRE key has 32 bits, a Geneve VNI 24.",
  },
  "segmentation-id-in-use": {
    code: "DVRC3118",
    severity: "error",
    message: 'Networks "{first}" and "{second}" both have {what} {id}.',
    explanation:
      "Two networks with the same tunnel key, or the same VLAN of the same physical network, would be one broadcast domain; Neutron refuses the second.",
  },
  "flat-network-in-use": {
    code: "DVRC3119",
    severity: "error",
    message: 'Networks "{first}" and "{second}" are both flat on physical network "{physical}".',
    help: "Make one of them vlan, or carry it on another physical network.",
    explanation: "The untagged frames of a physical network belong to one network; Neutron refuses a second flat one.",
  },
  "no-vlan-range": {
    code: "DVRC3120",
    severity: "error",
    message: 'Network "{network}" needs a VLAN id, but {reason}.',
    help: "Add a range to neutron.network_vlan_ranges, or give the network provider:segmentation_id.",
    explanation: "VLAN ids that are not given are taken from the ranges of the physical network in `network_vlan_ranges`.",
  },
  "unmapped-physical-network": {
    code: "DVRC3121",
    severity: "error",
    message: 'Network "{network}" is on physical network "{physical}", which no host maps to a bridge.',
    help: "Add it to bridge_mappings of the hosts that carry the network.",
    explanation:
      "The Open vSwitch agent joins a physical network only through a bridge of `bridge_mappings`; without one no port of the network can be bound.",
  },
  "wrong-scope-version": {
    code: "DVRC3122",
    severity: "error",
    message: 'Network "{network}" has {attribute} "{scope}", which is a scope of IPv{version}.',
    explanation: "An address scope holds addresses of one IP version.",
  },
  "ipv6-zero-prefix": {
    code: "DVRC3123",
    severity: "error",
    message: "Subnet {subnet} has prefix {cidr}, which starts at the unspecified address.",
    explanation: "Neutron refuses IPv6 subnets at `::`, since that prefix stands for one that is still to be delegated.",
  },
  "unfit-dhcp-host": {
    code: "DVRC3124",
    severity: "error",
    message: 'Network "{network}" names host "{host}" among its dhcp_agents, but {reason}.',
    explanation: "A DHCP agent serves a network through the Open vSwitch agent of its host, which has to carry the network.",
  },
} as const satisfies Record<string, CatalogEntry>;
