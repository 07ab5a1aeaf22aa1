import type { CatalogEntry } from "./entry.js";

/** DVRC33xx: routers. */
export const routerEntries = {
  "overlapping-router-subnets": {
    code: "DVRC3301",
    severity: "error",
    message: 'Router "{router}" joins subnets {first} and {second}, whose prefixes overlap.',
    explanation: "A router has one route for each prefix; Neutron refuses an interface or gateway that overlaps another.",
  },
  "subnet-joined-twice": {
    code: "DVRC3302",
    severity: "error",
    message: 'Router "{router}" joins subnet {subnet} twice.',
    explanation: "Neutron refuses a second interface of a router on one subnet.",
  },
  "missing-gateway-ip": {
    code: "DVRC3303",
    severity: "error",
    message: 'Router "{router}" joins subnet {subnet}, which has no gateway, without saying at which address.',
    help: "Give the interface an ip_address, or the subnet a gateway_ip.",
    explanation: "An interface takes the subnet's gateway address unless it names one; Neutron refuses subnets without a gateway.",
  },
  "not-external-network": {
    code: "DVRC3304",
    severity: "error",
    message: '{owner} uses network "{network}" as external, which it is not.',
    help: "Set router:external to true on the network.",
    explanation: "Gateways and floating IPs are taken from networks with `router:external` only.",
  },
  "next-hop-unreachable": {
    code: "DVRC3305",
    severity: "error",
    message: 'Next hop {address} of router "{router}" is on none of its subnets.',
    explanation: "Neutron refuses a route whose next hop is not on a subnet of the router's interfaces or gateway.",
  },
  "next-hop-is-router": {
    code: "DVRC3306",
    severity: "error",
    message: 'Next hop {address} of router "{router}" is its own address.',
    explanation: "Neutron refuses routes that lead back to the router itself.",
  },
  "ha-not-modelled": {
    code: "DVRC3307",
    severity: "error",
    message: 'Router "{router}" is highly available, which dvrc does not model.',
    help: "Set ha to false.",
    explanation: "Routers with VRRP (`ha`) have state that keepalived elects at run time; dvrc compiles routers without it.",
  },
  "no-distributed-host": {
    code: "DVRC3308",
    severity: "error",
    message: 'Router "{router}" is distributed, but no host has a DVR agent_mode.',
    help: "Set distributed to false, or agent_mode of the hosts to dvr and dvr_snat.",
    explanation: "A distributed router lives on hosts whose L3 agent is in mode dvr, dvr_snat or dvr_no_external.",
  },
  "no-snat-host": {
    code: "DVRC3309",
    severity: "error",
    message: 'Router "{router}" is distributed and has a gateway, but no host has agent_mode dvr_snat.',
    help: "Set agent_mode of a network host to dvr_snat.",
    explanation: "The SNAT part of a distributed router is scheduled to L3 agents in mode dvr_snat only.",
  },
  "no-centralised-host": {
    code: "DVRC3310",
    severity: "error",
    message: 'Router "{router}" is centralised, but no host has agent_mode legacy or dvr_snat.',
    help: "Set distributed to true, or agent_mode of a network host to dvr_snat.",
    explanation: "Neutron schedules centralised routers to L3 agents in mode legacy or dvr_snat.",
  },
  "unfit-router-host": {
    code: "DVRC3311",
    severity: "error",
    message: 'Router "{router}" is {kind} and cannot be on host "{host}", whose agent_mode is {mode}.',
    help: "Choose a host with agent_mode {wanted}.",
    explanation:
      "Distributed routers are scheduled to agents in mode dvr_snat, centralised ones to legacy or dvr_snat; Neutron refuses others (InvalidL3Agent).",
  },
  "no-host-for-router": {
    code: "DVRC3312",
    severity: "error",
    message: 'No host can take {part} of router "{router}": {reason}.',
    explanation:
      "The host of a centralised router, or of a router's SNAT, must carry the router's networks, and reach the external one by a bridge mapping.",
  },
  "host-without-router": {
    code: "DVRC3313",
    severity: "warning",
    message: 'Server "{server}" is on host "{host}", whose agent_mode legacy keeps distributed router "{router}" away from it.',
    help: "Set agent_mode of the host to dvr.",
    explanation:
      "A distributed router has its instance on the server's own host; without one nobody answers for the gateway address there.",
  },
  "port-without-subnet": {
    code: "DVRC3314",
    severity: "error",
    message: 'Router "{router}" takes port "{port}", whose address cannot be told.',
    help: "Give the port fixed_ips.",
    explanation: "A router interface has an address on each subnet that it joins.",
  },
} as const satisfies Record<string, CatalogEntry>;
