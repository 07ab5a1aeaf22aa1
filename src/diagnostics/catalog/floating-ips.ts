import type { CatalogEntry } from "./entry.js";

/** DVRC35xx: floating IPs. */
export const floatingIpEntries = {
  "no-external-network": {
    code: "DVRC3501",
    severity: "error",
    message: "{owner} belongs to no external network: {reason}.",
    explanation:
      "A floating IP is an address of an external network: the named one, the one that has the address, or the one that the port's router leads to.",
  },
  "ambiguous-external-network": {
    code: "DVRC3502",
    severity: "error",
    message: '{owner} may belong to network "{first}" or to "{second}".',
    help: "Declare it under floating_ips with its network.",
    explanation: "Where several external networks have the address, or several routers lead to different ones, the network must be named.",
  },
  "floating-ip-unreachable": {
    code: "DVRC3503",
    severity: "error",
    message: '{owner} stands for {target}, but no router joins its subnet to external network "{network}".',
    help: "Add the subnet to the interfaces of a router whose gateway is on that network.",
    explanation:
      "A floating IP is NAT in the router between the port's subnet and the external network; Neutron refuses it where there is none (ExternalGatewayForFloatingIPNotFound).",
  },
  "floating-ip-without-address": {
    code: "DVRC3504",
    severity: "error",
    message: "{owner} stands for {target}, which has no IPv4 address.",
    explanation: "Floating IPs translate IPv4 only.",
  },
  "floating-ip-ambiguous-address": {
    code: "DVRC3505",
    severity: "error",
    message: "{owner} stands for {target}, which has several IPv4 addresses.",
    help: "Say which by fixed_ip_address.",
    explanation: "Neutron wants to be told the address where a port has several.",
  },
  "floating-ip-wrong-address": {
    code: "DVRC3506",
    severity: "error",
    message: "{owner} stands for {address}, which {target} does not have.",
    explanation: "The fixed address of a floating IP is one of its port's IPv4 addresses.",
  },
  "address-already-floating": {
    code: "DVRC3507",
    severity: "error",
    message: '{target} has two floating IPs of network "{network}": {first} and {second}.',
    explanation: "Neutron allows one floating IP for each fixed address and external network.",
  },
  "floating-ip-host-without-external": {
    code: "DVRC3508",
    severity: "error",
    message: 'Host "{host}" carries {owner} but cannot reach external network "{network}": {reason}.',
    explanation:
      "In mode dvr or dvr_snat a host serves the floating IPs of its own servers through a device on the external network; `dvr_no_external` leaves them to the SNAT host.",
  },
  "floating-ip-without-port": {
    code: "DVRC3509",
    severity: "error",
    message: '{owner} has "{attribute}" but stands for no port.',
    explanation: "Neutron refuses a fixed address without the port that has it; a server without ports has nothing to stand for.",
  },
  "floating-ip-on-router-port": {
    code: "DVRC3510",
    severity: "error",
    message: '{owner} stands for port "{port}", which belongs to router "{router}".',
    explanation: "Neutron refuses floating IPs for router ports.",
  },
  "no-ipv4-subnet": {
    code: "DVRC3511",
    severity: "error",
    message: '{owner} is of network "{network}", which has no IPv4 subnet.',
    explanation: "Floating IPs are IPv4 addresses.",
  },
} as const satisfies Record<string, CatalogEntry>;
