import type { CatalogEntry } from "./entry.js";

/** DVRC34xx: ports and their addresses. */
export const portEntries = {
  "address-outside-subnet": {
    code: "DVRC3401",
    severity: "error",
    message: "Address {address} of {owner} is outside {place}.",
    explanation: "Neutron refuses an address that is in none of the network's subnets, or not in the one that is named.",
  },
  "address-unusable": {
    code: "DVRC3402",
    severity: "error",
    message: "Address {address} of {owner} is the {kind} address of subnet {subnet}.",
    explanation:
      "Neutron refuses the network and broadcast address of an IPv4 subnet, and the network address of an IPv6 one for ports that are not a router's.",
  },
  "address-in-use": {
    code: "DVRC3403",
    severity: "error",
    message: "Address {address} of subnet {subnet} is given to {first} and to {second}.",
    explanation: "An address of a subnet belongs to one port.",
  },
  "address-is-gateway": {
    code: "DVRC3404",
    severity: "error",
    message: "Address {address} of {owner} is the gateway of subnet {subnet}.",
    help: "Choose another address.",
    explanation:
      "Neutron refuses a router gateway at the external gateway's own address; a floating IP there would cut the network off, and so would a server beside the router that has it.",
  },
  "port-is-gateway": {
    code: "DVRC3405",
    severity: "warning",
    message: "{owner} takes {address}, the gateway of subnet {subnet}, which no router has.",
    explanation: "That is right for a server that routes itself (an appliance), and a slip everywhere else.",
  },
  "subnet-of-other-network": {
    code: "DVRC3406",
    severity: "error",
    message: '{owner} is on network "{network}", but names subnet {subnet}.',
    explanation: "A port takes addresses from subnets of its own network.",
  },
  "duplicate-mac": {
    code: "DVRC3407",
    severity: "error",
    message: 'MAC address {mac} is given to {first} and to {second} on network "{network}".',
    explanation: "MAC addresses are unique on a network.",
  },
  "port-taken-twice": {
    code: "DVRC3408",
    severity: "error",
    message: 'Port "{port}" is taken by {first} and by {second}.',
    explanation: "A port belongs to one device.",
  },
  "slaac-address": {
    code: "DVRC3409",
    severity: "error",
    message: "Address {address} of {owner} is on subnet {subnet}, whose addresses are made from MACs.",
    help: "Leave the address out, or pin the port's mac_address.",
    explanation: "On SLAAC and stateless DHCPv6 subnets Neutron allows only the EUI-64 address of the port's MAC.",
  },
  "no-subnet-for-port": {
    code: "DVRC3410",
    severity: "error",
    message: '{owner} gets no address on network "{network}": each subnet there is reserved for other device owners than {deviceOwner}.',
    explanation:
      "A subnet with `service_types` gives addresses only to ports of these device owners; Neutron refuses the port where no subnet is left.",
  },
  "duplicate-address-pair": {
    code: "DVRC3411",
    severity: "error",
    message: "{owner} allows address pair {pair} twice.",
    explanation: "Neutron refuses repeated allowed address pairs.",
  },
  "needs-port-security": {
    code: "DVRC3413",
    severity: "error",
    message: '{owner} has "{attribute}" while its port security is off.',
    help: "Turn port_security_enabled on, or remove them.",
    explanation: "Without port security a port is not filtered at all; Neutron refuses security groups and address pairs on it.",
  },
} as const satisfies Record<string, CatalogEntry>;
