import type { CatalogEntry } from "./entry.js";

/** DVRC36xx: security groups. */
export const securityGroupEntries = {
  "unknown-protocol": {
    code: "DVRC3601",
    severity: "error",
    message: '{owner} has protocol "{protocol}", which Neutron does not know.',
    help: "Write a number from 0 to 255, or a keyword such as tcp, udp, icmp or ipv6-icmp.",
    explanation: "Neutron accepts the keywords of its list and the numbers 0 to 255.",
  },
  "ports-without-protocol": {
    code: "DVRC3602",
    severity: "error",
    message: "{owner} has ports but no protocol.",
    help: "Add protocol, such as tcp.",
    explanation: "Ports have a meaning only within a protocol; Neutron refuses the rule.",
  },
  "protocol-without-ports": {
    code: "DVRC3603",
    severity: "error",
    message: "{owner} has ports, which protocol {protocol} does not have.",
    explanation: "Ports are for tcp, udp, sctp, dccp and udplite, types and codes for icmp and ipv6-icmp.",
  },
  "bad-rule-ports": {
    code: "DVRC3604",
    severity: "error",
    message: "{owner} has ports {first} to {last}: {reason}.",
    explanation: "Neutron wants both ends of a port range, from 1, the first not above the last.",
  },
  "bad-icmp": {
    code: "DVRC3605",
    severity: "error",
    message: "{owner} has ICMP {field} {value}: {reason}.",
    explanation: "For ICMP, `port_range_min` is the type and `port_range_max` the code, each 0 to 255; a code needs a type.",
  },
  "wrong-ethertype": {
    code: "DVRC3606",
    severity: "error",
    message: "{owner} is for {ethertype}, but its {attribute} {value} is not.",
    help: "Set ethertype to {wanted}.",
    explanation: "A rule matches one kind of packet; its prefix and protocol must be of that kind.",
  },
  "duplicate-rule": {
    code: "DVRC3607",
    severity: "error",
    message: "{owner} is the same as {other}.",
    help: "Remove it.",
    explanation: "Neutron refuses a rule that the group has already, among them the two egress rules that a new group starts with.",
  },
  "reserved-group-name": {
    code: "DVRC3608",
    severity: "error",
    message: 'Security group "{group}" has the name "{name}", which only the project\'s own default group may have.',
    explanation: "Neutron refuses a second group of that name, in any letter case.",
  },
  "group-not-in-release": {
    code: "DVRC3609",
    severity: "error",
    message: "{owner} {wish}, which Neutron {release} does not know.",
    explanation:
      "Stateless security groups and remote address groups came with later releases. They cannot be left out either: other packets would pass then.",
  },
  "stateful-and-stateless": {
    code: "DVRC3610",
    severity: "error",
    message: '{owner} has the stateful security group "{stateful}" and the stateless "{stateless}".',
    help: "Let all groups of a port agree.",
    explanation: "Connections of a port are tracked or not; Neutron refuses a port that has groups of both kinds.",
  },
} as const satisfies Record<string, CatalogEntry>;
