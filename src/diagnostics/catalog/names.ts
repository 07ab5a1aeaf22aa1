import type { CatalogEntry } from "./entry.js";

/** DVRC30xx: references by name, and values that are not what their place asks for. */
export const nameEntries = {
  "unknown-host": {
    code: "DVRC3001",
    severity: "error",
    message: '{owner} refers to host "{name}", which is not declared.',
    explanation: "A host is referred to by its key under `hosts`.",
  },
  "unknown-availability-zone": {
    code: "DVRC3002",
    severity: "error",
    message: '{owner} refers to availability zone "{name}", which no aggregate makes.',
    explanation: "Availability zones are made by host aggregates; hosts in no aggregate are in the zone `nova`, which always exists.",
  },
  "unknown-network": {
    code: "DVRC3003",
    severity: "error",
    message: '{owner} refers to network "{name}", which is not declared.',
    explanation: "A network is referred to by its key under `networks`.",
  },
  "unknown-subnet": {
    code: "DVRC3004",
    severity: "error",
    message: '{owner} refers to subnet "{name}", which is not declared.',
    explanation: "A subnet is referred to by its key under its network's `subnets`, or by `NETWORK/SUBNET`.",
  },
  "unknown-port": {
    code: "DVRC3005",
    severity: "error",
    message: '{owner} refers to port "{name}", which is not declared.',
    explanation: "A port is referred to by its key under `ports`. Ports that servers get by naming a network have no name of their own.",
  },
  "unknown-server": {
    code: "DVRC3006",
    severity: "error",
    message: '{owner} refers to server "{name}", which is not declared.',
    explanation: "A server is referred to by its key under `servers`.",
  },
  "unknown-security-group": {
    code: "DVRC3007",
    severity: "error",
    message: '{owner} refers to security group "{name}", which is not declared.',
    explanation: "A security group is referred to by its key under `security_groups`; `default`, the project's own, needs no declaration.",
  },
  "unknown-address-scope": {
    code: "DVRC3008",
    severity: "error",
    message: '{owner} refers to address scope "{name}", which is not declared.',
    explanation: "An address scope is referred to by its key under `address_scopes`.",
  },
  "ambiguous-subnet": {
    code: "DVRC3009",
    severity: "error",
    message: '{owner} refers to subnet "{name}", which several networks have.',
    help: 'Write the network too, as "{example}".',
    explanation:
      "Subnets are named inside their network, so that two networks may each have one of the same name; a reference must tell them apart.",
  },
  "colliding-key": {
    code: "DVRC3010",
    severity: "error",
    message: '{first} and {second} are both referred to as "{key}".',
    help: "Rename one of them.",
    explanation:
      "dvrc knows a subnet as `NETWORK/SUBNET` and a server's port as `SERVER/NUMBER`. Names with slashes can make two of them equal.",
  },
  "duplicate-reference": {
    code: "DVRC3011",
    severity: "error",
    message: '{owner} names {kind} "{name}" twice.',
    help: "Leave one of them out.",
    explanation: "A list of hosts or security groups is a set: Neutron and Nova refuse a repetition.",
  },
  "bad-address": {
    code: "DVRC3012",
    severity: "error",
    message: '{attribute} of {owner} is "{text}", which is not an IP address.',
    help: "Write IPv4 as four decimal numbers without leading zeros, IPv6 without a zone.",
    explanation: "Neutron refuses what is not an address; leading zeros are refused since they read as octal elsewhere.",
  },
  "bad-cidr": {
    code: "DVRC3013",
    severity: "error",
    message: '{attribute} of {owner} is "{text}", which is not a prefix.',
    help: "Write an address and a length, such as 192.0.2.0/24.",
    explanation: "Neutron's API wants an address, a slash and the prefix length in bits.",
  },
  "bad-mac": {
    code: "DVRC3014",
    severity: "error",
    message: '{attribute} of {owner} is "{text}", which is not a MAC address.',
    help: "Write six pairs of hexadecimal digits with colons between them.",
    explanation: "Neutron stores Ethernet addresses as six octets with colons.",
  },
  "bad-uuid": {
    code: "DVRC3015",
    severity: "error",
    message: '{attribute} of {owner} is "{text}", which is not a UUID.',
    help: "Write 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, or leave it out to have one derived.",
    explanation: "Every resource of Neutron has a UUID, from which names of devices, namespaces and chains are cut.",
  },
  "bad-port-range": {
    code: "DVRC3016",
    severity: "error",
    message: 'Port of {owner} is "{text}", which is neither a number nor a range.',
    help: 'Write a number, or first and last port as "80:90".',
    explanation: "The short form `port` of a rule is one port or a range of ports.",
  },
  "wrong-ip-version": {
    code: "DVRC3017",
    severity: "error",
    message: '{attribute} of {owner} is "{text}", which is not of IP version {version}.',
    explanation:
      "Neutron refuses addresses of the other IP version in a subnet's gateway, pools, name servers and host routes, and in a route's next hop.",
  },
  "prefix-with-host-bits": {
    code: "DVRC3018",
    severity: "error",
    message: '{attribute} of {owner} is "{text}", which has bits set beyond its length.',
    help: 'Write "{canonical}".',
    explanation: "Neutron refuses such destinations of routes. (The `cidr` of a subnet it corrects silently, and so does dvrc.)",
  },
  "reversed-range": {
    code: "DVRC3019",
    severity: "error",
    message: "{owner} begins with {first} and ends with {last}, which is lower.",
    help: "Swap the two.",
    explanation: "Ranges are given as first and last value, both included.",
  },
  "duplicate-id": {
    code: "DVRC3020",
    severity: "error",
    message: 'Id "{id}" is given to {first} and to {second}.',
    help: "Give one of them another id, or leave it out to have one derived.",
    explanation: "A UUID is the key of a resource in Neutron's database; names of devices and namespaces are made from it.",
  },
  "excluding-attributes": {
    code: "DVRC3021",
    severity: "error",
    message: '{owner} has both "{first}" and "{second}", which exclude each other.',
    help: "Leave one of them out.",
    explanation: "A shorthand and the full form that it stands for, or two ways to say the same thing, may not be given together.",
  },
  "duplicate-route": {
    code: "DVRC3022",
    severity: "error",
    message: "{owner} has the route to {destination} by {nexthop} twice.",
    explanation: "Neutron refuses repeated extra routes of routers and host routes of subnets.",
  },
  "unknown-address-group": {
    code: "DVRC3023",
    severity: "error",
    message: '{owner} refers to address group "{name}", which is not declared.',
    explanation: "An address group is referred to by its key under `address_groups`.",
  },
} as const satisfies Record<string, CatalogEntry>;
