import { topology } from "dvrc";

export default topology({
  name: "os-dvr",
  release: "newton",
  agent: { firewall_driver: "iptables_hybrid" },
  hosts: {
    "network-1": {
      agent_mode: "dvr_snat",
      local_ip: "10.0.0.0",
      bridge_mappings: { extnet: "br-ex" },
      external_network_bridge: "br-ex", // the post's network node plugs qg into br-ex itself (Newton only)
    },
    "compute-2": { agent_mode: "dvr", local_ip: "10.0.0.2", bridge_mappings: { extnet: "br-ex" } },
    "compute-3": { agent_mode: "dvr", local_ip: "10.0.0.4", bridge_mappings: { extnet: "br-ex" } },
  },
  aggregates: {
    "AGG-BLUE": { availability_zone: "AZ-BLUE", hosts: ["compute-2"] },
    "AGG-RED": { availability_zone: "AZ-RED", hosts: ["compute-3"] },
  },
  networks: {
    "NET-BLUE": { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24", dns_nameservers: ["8.8.8.8"] } } },
    "NET-RED": { subnets: { "SUB-RED": { cidr: "10.0.1.0/24", dns_nameservers: ["8.8.8.8"] } } },
    "EXT-NET": {
      "router:external": true,
      shared: true,
      "provider:network_type": "flat",
      "provider:physical_network": "extnet",
      subnets: {
        "EXT-SUB": {
          cidr: "169.254.0.0/24",
          gateway_ip: "169.254.0.1",
          enable_dhcp: false,
          allocation_pools: [{ start: "169.254.0.50", end: "169.254.0.99" }],
        },
      },
    },
  },
  routers: { R1: { distributed: true, interfaces: ["SUB-RED", "SUB-BLUE"], external_gateway: "EXT-NET" } },
  servers: {
    VM1: { availability_zone: "AZ-BLUE", networks: ["NET-BLUE"], floating_ip: "169.254.0.55" },
    VM2: { availability_zone: "AZ-RED", networks: ["NET-RED"] },
  },
  security_groups: {
    default: {
      rules: [
        { direction: "ingress", protocol: "tcp", port: 22 },
        { direction: "ingress", protocol: "icmp" },
      ],
    },
  },
});
