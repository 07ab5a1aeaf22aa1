import type { HostDocument, TopologyDocument } from "../../src/dsl/types.generated.js";

const extnet = { bridge_mappings: { extnet: "br-ex" } } as const;

function hosts(
  snat: readonly string[],
  dvr: readonly string[],
  more: Partial<HostDocument> = extnet,
): Readonly<Record<string, HostDocument>> {
  const all = [...snat, ...dvr].map((name, index): [string, HostDocument] => [
    name,
    { agent_mode: index < snat.length ? "dvr_snat" : "dvr", local_ip: `192.0.2.${index + 1}`, ...more },
  ]);
  return Object.fromEntries(all);
}

const external = {
  "router:external": true,
  shared: true,
  "provider:network_type": "flat",
  "provider:physical_network": "extnet",
  subnets: { "EXT-SUB": { cidr: "198.51.100.0/24", enable_dhcp: false } },
} as const;

/** Clouds with the features that the reference knows, small enough to compile often. */
export const clouds: Readonly<Record<string, TopologyDocument>> = {
  "two external networks": {
    name: "two-external",
    hosts: hosts(["net-1"], ["cmp-1", "cmp-2"], { bridge_mappings: { physa: "br-exa", physb: "br-exb" } }),
    networks: {
      "EXT-A": {
        ...external,
        "provider:physical_network": "physa",
        subnets: { "SUB-XA": { cidr: "198.51.100.0/24", enable_dhcp: false } },
      },
      "EXT-B": { ...external, "provider:physical_network": "physb", subnets: { "SUB-XB": { cidr: "203.0.113.0/24", enable_dhcp: false } } },
      WEB: { subnets: { "SUB-WEB": { cidr: "10.20.1.0/24" } } },
      APP: { subnets: { "SUB-APP": { cidr: "10.20.2.0/24" } } },
      DATA: { subnets: { "SUB-D1": { cidr: "10.20.4.0/25" }, "SUB-D2": { cidr: "10.20.4.128/25" } } },
    },
    routers: {
      RA: { interfaces: ["SUB-WEB", "SUB-D1", "SUB-D2"], external_gateway: "EXT-A" },
      RB: { interfaces: ["SUB-APP", { subnet: "SUB-WEB", ip_address: "10.20.1.250" }], external_gateway: "EXT-B" },
    },
    servers: {
      W1: {
        host: "cmp-1",
        networks: ["WEB", { network: "DATA", fixed_ips: [{ subnet: "SUB-D1" }, { subnet: "SUB-D2" }] }],
        security_groups: ["web", "default"],
      },
      W2: { host: "cmp-2", networks: ["WEB"], floating_ip: "198.51.100.77", security_groups: ["web"] },
      A1: { host: "cmp-1", networks: ["APP"], floating_ip: "203.0.113.77" },
      A2: { host: "cmp-2", networks: ["APP"] },
      D1: { host: "cmp-2", networks: [{ network: "DATA", fixed_ips: [{ subnet: "SUB-D2" }], port_security_enabled: false }] },
    },
    security_groups: {
      web: {
        rules: [
          { port: 80, protocol: "tcp" },
          { port: "8000:8100", protocol: "tcp", remote_ip_prefix: "10.0.0.0/8" },
          { protocol: "udp", port: 53, remote_group: "default" },
          { protocol: "icmp", remote_group: "web" },
          { direction: "egress", protocol: "sctp", port: 5000 },
        ],
      },
    },
  },
  "hosts without external access, unusual floating IPs and extra routes": {
    name: "unusual",
    hosts: {
      ...hosts(["net-1"], ["cmp-1"]),
      "cmp-2": { agent_mode: "dvr_no_external", local_ip: "192.0.2.9" },
    },
    networks: {
      EXT: {
        ...external,
        subnets: {
          "EXT-SUB": { cidr: "198.51.100.0/24", enable_dhcp: false },
          "EXT-SUB2": { cidr: "203.0.113.0/24", enable_dhcp: false },
        },
      },
      BLUE: { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24" } } },
      RED: { subnets: { "SUB-RED": { cidr: "10.0.1.0/24" } } },
    },
    routers: {
      R1: {
        interfaces: ["SUB-RED", "SUB-BLUE"],
        external_gateway_info: { network: "EXT", external_fixed_ips: [{ subnet: "EXT-SUB" }] },
        routes: [
          { destination: "172.16.0.0/16", nexthop: "10.0.0.20" },
          { destination: "172.16.0.0/16", nexthop: "10.0.0.21" },
          { destination: "172.16.0.0/16", nexthop: "10.0.1.22" },
          { destination: "172.20.0.0/16", nexthop: "198.51.100.250" },
        ],
      },
    },
    servers: {
      VM1: { host: "cmp-1", networks: ["BLUE"], floating_ip: "198.51.100.60" },
      VM2: { host: "cmp-2", networks: ["RED"], floating_ip: "203.0.113.61" },
      VM3: { host: "net-1", networks: ["RED"], floating_ip: "203.0.113.62" },
    },
    ports: {
      VIP: { network: "BLUE", fixed_ips: [{ ip_address: "10.0.0.20" }] },
      SPARE: { network: "RED", device_owner: "" },
      LB: { network: "RED", device_owner: "Octavia", host: "cmp-1" },
    },
    floating_ips: {
      "for the VIP": { network: "EXT", floating_ip_address: "198.51.100.90", port: "VIP" },
      unused: { network: "EXT", floating_ip_address: "198.51.100.91" },
    },
  },
  "two network nodes": {
    name: "two-nodes",
    agent: {
      host_dvr_for_dhcp: false,
      tunnel_csum: true,
      vxlan_udp_port: 8472,
      dont_fragment: false,
      use_random_fully: false,
      enable_metadata_proxy: false,
      tunnel_types: ["vxlan", "gre"],
    },
    hosts: hosts(["net-1", "net-2"], ["cmp-1", "cmp-2", "cmp-3"]),
    networks: {
      EXT: external,
      Y1: { subnets: { "SUB-Y1": { cidr: "10.1.0.0/24" } } },
      Y2: { subnets: { "SUB-Y2": { cidr: "10.2.0.0/24" } } },
      Y5: { subnets: { "SUB-Y5": { cidr: "10.5.0.0/24", enable_dhcp: false } } },
    },
    routers: {
      R1: { host: "net-1", interfaces: ["SUB-Y1"], external_gateway: "EXT" },
      R2: { host: "net-2", interfaces: ["SUB-Y2"], external_gateway_info: { network: "EXT", enable_snat: false } },
      RE: { interfaces: ["SUB-Y5", { subnet: "SUB-Y1", ip_address: "10.1.0.250" }] },
    },
    servers: {
      V1: { host: "cmp-1", networks: ["Y1"], floating_ip: true },
      V2: { host: "cmp-2", networks: ["Y2"], floating_ip: true },
      V5: { host: "cmp-2", networks: ["Y5"] },
    },
    ports: {
      pairs: {
        network: "Y2",
        host: "cmp-1",
        device_owner: "compute:nova",
        allowed_address_pairs: [
          { ip_address: "10.2.0.200" },
          { ip_address: "10.2.0.201", mac_address: "fa:16:3e:00:aa:01" },
          { ip_address: "10.9.0.0/24" },
        ],
      },
    },
  },
  "address scopes": {
    name: "scopes",
    agent: { force_metadata: true, drop_flows_on_start: true },
    hosts: hosts(["net-1"], ["cmp-1", "cmp-2"]),
    address_scopes: { S1: {}, S2: {}, S6: { ip_version: 6 }, T6: { ip_version: 6 } },
    networks: {
      EXT: { ...external, ipv4_address_scope: "S1" },
      IN: {
        ipv4_address_scope: "S1",
        ipv6_address_scope: "S6",
        subnets: {
          "SUB-IN": { cidr: "10.71.1.0/24" },
          "SUB-IN6": { cidr: "2001:db8:71::/64", ipv6_ra_mode: "slaac", ipv6_address_mode: "slaac" },
        },
      },
      IN2: { ipv4_address_scope: "S1", subnets: { "SUB-IN2": { cidr: "10.71.4.0/24" } } },
      OTHER: { ipv4_address_scope: "S2", subnets: { "SUB-OTHER": { cidr: "10.71.2.0/24" } } },
      NONE: {
        ipv6_address_scope: "T6",
        subnets: {
          "SUB-NONE": { cidr: "10.71.3.0/24" },
          "SUB-NONE6": { cidr: "2001:db8:73::/64", ipv6_ra_mode: "slaac", ipv6_address_mode: "slaac" },
        },
      },
    },
    routers: { R: { interfaces: ["SUB-IN", "SUB-IN6", "SUB-IN2", "SUB-OTHER", "SUB-NONE", "SUB-NONE6"], external_gateway: "EXT" } },
    servers: {
      VI: { host: "cmp-1", networks: ["IN"], floating_ip: true },
      VO: { host: "cmp-1", networks: ["OTHER"], floating_ip: true },
      VN: { host: "cmp-2", networks: ["NONE"], floating_ip: true },
    },
  },
  "VLAN and dual stack": {
    name: "vlan-dual",
    hosts: hosts(["net-1"], ["cmp-1", "cmp-2"], { bridge_mappings: { extnet: "br-ex", physv: "br-vlan" } }),
    neutron: { network_vlan_ranges: { physv: [200, 299] } },
    networks: {
      EXT: {
        ...external,
        subnets: {
          "EXT-SUB": { cidr: "198.51.100.0/24", enable_dhcp: false },
          "EXT-SUB6": { cidr: "2001:db8:100::/64", enable_dhcp: false },
        },
      },
      V: {
        "provider:network_type": "vlan",
        "provider:physical_network": "physv",
        subnets: {
          "SUB-V": { cidr: "10.81.0.0/24" },
          "SUB-V6": { cidr: "2001:db8:81::/64", ipv6_ra_mode: "slaac", ipv6_address_mode: "slaac" },
        },
      },
      W: {
        subnets: {
          "SUB-W": { cidr: "10.82.0.0/24" },
          "SUB-W7": { cidr: "2001:db8:83::/64", ipv6_ra_mode: "slaac", ipv6_address_mode: "slaac" },
          "SUB-W6": { cidr: "2001:db8:82::/64", ipv6_ra_mode: "dhcpv6-stateful", ipv6_address_mode: "dhcpv6-stateful" },
        },
      },
    },
    routers: {
      R: {
        interfaces: ["SUB-V", "SUB-V6", "SUB-W", "SUB-W6", "SUB-W7"],
        external_gateway: "EXT",
        routes: [
          { destination: "2001:db8:900::/48", nexthop: "2001:db8:82::a1" },
          { destination: "2001:db8:900::/48", nexthop: "2001:db8:82::a2" },
        ],
      },
    },
    servers: {
      A: { host: "cmp-1", networks: ["V"], floating_ip: true },
      B: { host: "cmp-2", networks: ["V", "W"] },
      C: { host: "cmp-1", networks: ["W"] },
    },
    security_groups: {
      default: {
        rules: [
          { protocol: "tcp", port: 22, ethertype: "IPv6" },
          { protocol: "ipv6-icmp", ethertype: "IPv6" },
        ],
      },
    },
  },
  "a legacy cloud and service subnets": {
    name: "legacy",
    agent: {
      enable_distributed_routing: false,
      l2_population: false,
      arp_responder: false,
      prevent_arp_spoofing: false,
      enable_isolated_metadata: true,
      datapath_type: "netdev",
    },
    hosts: {
      "net-1": { agent_mode: "legacy", local_ip: "192.0.2.1", ...extnet },
      "cmp-1": { agent_mode: "legacy", local_ip: "192.0.2.2", dhcp_agent: false },
      "cmp-2": { agent_mode: "legacy", local_ip: "192.0.2.3", dhcp_agent: false },
    },
    networks: {
      EXT: external,
      BLUE: { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24", host_routes: [{ destination: "10.9.0.0/16", nexthop: "10.0.0.9" }] } } },
    },
    routers: {
      R: {
        distributed: false,
        interfaces: ["SUB-BLUE"],
        external_gateway: "EXT",
        routes: [{ destination: "10.9.0.0/16", nexthop: "10.0.0.9" }],
      },
    },
    servers: { A: { host: "cmp-1", networks: ["BLUE"], floating_ip: true }, B: { host: "cmp-2", networks: ["BLUE"] } },
  },
  "a legacy cloud whose L3 and DHCP agents are apart": {
    name: "apart",
    agent: { enable_distributed_routing: false },
    hosts: {
      "l3-1": { agent_mode: "legacy", local_ip: "192.0.2.1", dhcp_agent: false, ...extnet },
      "dhcp-1": { agent_mode: "legacy", local_ip: "192.0.2.2" },
      "cmp-1": { agent_mode: "legacy", local_ip: "192.0.2.3", dhcp_agent: false },
    },
    networks: { EXT: external, BLUE: { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24" } } } },
    routers: {
      R: { distributed: false, host: "l3-1", interfaces: ["SUB-BLUE"], external_gateway: "EXT" },
      alone: { distributed: false, host: "l3-1" },
    },
    servers: { A: { host: "cmp-1", networks: ["BLUE"], floating_ip: true } },
  },
  "service subnets and a centralised router beside a distributed one": {
    name: "service-subnets",
    hosts: hosts(["net-1"], ["cmp-1", "cmp-2"]),
    networks: {
      EXT: {
        ...external,
        subnets: {
          FLOAT: { cidr: "198.51.100.0/24", enable_dhcp: false, service_types: ["network:floatingip"] },
          AGENT: { cidr: "203.0.113.0/25", enable_dhcp: false, service_types: ["network:floatingip_agent_gateway"] },
          REST: { cidr: "203.0.113.128/25", enable_dhcp: false },
        },
      },
      BLUE: { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24" } } },
      RED: { subnets: { "SUB-RED": { cidr: "10.0.1.0/24" } } },
    },
    routers: {
      R1: { interfaces: ["SUB-BLUE"], external_gateway: "EXT" },
      R2: { distributed: false, host: "net-1", interfaces: ["SUB-RED"], external_gateway: "EXT" },
    },
    servers: {
      A: { host: "cmp-1", networks: ["BLUE"], floating_ip: true },
      B: { host: "cmp-2", networks: ["RED"], floating_ip: true },
      same: { host: "cmp-2", networks: ["BLUE"] },
    },
    ports: { down: { network: "BLUE", host: "cmp-1", device_owner: "compute:nova", admin_state_up: false } },
  },
  "ports that nobody plugs in, ports that routers take, and ports without addresses": {
    name: "ports",
    neutron: { dhcp_agents_per_network: 2 },
    hosts: hosts(["net-1", "net-2", "net-3"], ["cmp-1", "cmp-2"]),
    networks: {
      EXT: external,
      BLUE: { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24" }, "SUB-MORE": { cidr: "10.0.9.0/24" } } },
      RED: { dhcp_agents: ["net-2"], subnets: { "SUB-RED": { cidr: "10.0.1.0/24", gateway_ip: null } } },
      NONE: { dhcp_agents: [], subnets: { "SUB-NONE": { cidr: "10.0.2.0/24" } } },
      BARE: {},
    },
    routers: {
      R: { host: "net-1", interfaces: [{ port: "taken" }, { subnet: "SUB-RED", ip_address: "10.0.1.9" }], external_gateway: "EXT" },
      idle: { distributed: false },
      inner: { distributed: false, host: "net-2", interfaces: ["SUB-NONE"] },
    },
    servers: {
      A: { host: "cmp-1", networks: ["BLUE", "BARE"] },
      B: { host: "cmp-2", networks: [{ network: "BLUE", fixed_ips: [{ subnet: "SUB-BLUE" }, { subnet: "SUB-BLUE" }] }, "RED"] },
      amphora: { host: "cmp-2", networks: [{ network: "BLUE", allowed_address_pairs: [{ ip_address: "10.0.0.77" }] }] },
    },
    ports: {
      taken: { network: "BLUE", fixed_ips: [{ subnet: "SUB-BLUE", ip_address: "10.0.0.1" }] },
      "octavia-lb": {
        network: "BLUE",
        device_owner: "Octavia",
        admin_state_up: false,
        fixed_ips: [{ ip_address: "10.0.0.77" }],
        security_groups: ["lb"],
      },
      empty: { network: "BLUE", host: "cmp-1", device_owner: "compute:nova", fixed_ips: [] },
      subport: { network: "RED", host: "cmp-1", device_owner: "trunk:subport" },
      unnamed: { name: "", network: "RED", device_owner: "compute:nova" },
      unplugged: { name: "octavia-lb", network: "RED" },
    },
    floating_ips: { vip: { network: "EXT", port: "octavia-lb" } },
    security_groups: {
      lb: { rules: [{ protocol: "tcp", port: 443, remote_group: "lb" }, { protocol: "112" }, { protocol: "udp", port: "1:65535" }] },
    },
  },
  "other projects and encapsulations": {
    name: "projects",
    project_id: "00000000000000000000000000000a01",
    agent: { tunnel_types: ["vxlan", "gre", "geneve"] },
    hosts: hosts(["net-1"], ["cmp-1", "cmp-2"], { bridge_mappings: { extnet: "br-ex", physv: "br-vlan" } }),
    networks: {
      EXT: external,
      shared: { name: "net", shared: true, "provider:network_type": "geneve", subnets: { s1: { name: "sub", cidr: "10.0.0.0/24" } } },
      theirs: {
        name: "net",
        project_id: "00000000000000000000000000000b02",
        "provider:network_type": "gre",
        subnets: { s2: { name: "sub", cidr: "10.0.0.0/24" } },
      },
      flat: { "provider:network_type": "flat", "provider:physical_network": "physv", subnets: { s3: { name: "", cidr: "10.3.0.0/24" } } },
    },
    routers: {
      r1: { name: "router", interfaces: ["s1", "s3"], external_gateway: "EXT" },
      r2: { name: "router", project_id: "00000000000000000000000000000b02", interfaces: ["s2"], external_gateway: "EXT" },
    },
    servers: {
      A: { host: "cmp-1", networks: ["shared"], floating_ip: true },
      B: { host: "cmp-2", project_id: "00000000000000000000000000000b02", networks: ["shared", "theirs"] },
      C: { host: "cmp-1", project_id: "00000000000000000000000000000b02", networks: ["theirs"], security_groups: ["web"] },
      D: { host: "cmp-2", networks: ["flat"] },
    },
    floating_ips: {
      theirs: { project_id: "00000000000000000000000000000b02", network: "EXT", server: "C" },
    },
    security_groups: {
      web: {
        project_id: "00000000000000000000000000000b02",
        default_rules: false,
        rules: [{ protocol: "tcp", port: 80, remote_group: "web" }],
      },
      "00000000000000000000000000000b02/default": { rules: [{ protocol: "icmp", port_range_min: 8, port_range_max: 0 }] },
    },
  },
  "address groups and stateless groups": {
    name: "groups",
    hosts: hosts(["net-1"], ["cmp-1", "cmp-2"]),
    address_groups: {
      offices: { addresses: ["203.0.113.0/24", "198.51.100.9", "2001:db8:7::/48"] },
      anywhere: { name: "", project_id: "00000000000000000000000000000b02", addresses: ["0.0.0.0/0", "::/0"] },
      nowhere: { addresses: [] },
    },
    networks: { EXT: external, BLUE: { subnets: { "SUB-BLUE": { cidr: "10.0.0.0/24" }, "SUB-SIX": { cidr: "2001:db8:1::/64" } } } },
    routers: { R: { interfaces: ["SUB-BLUE", "SUB-SIX"], external_gateway: "EXT" } },
    servers: {
      A: { host: "cmp-1", networks: ["BLUE"], floating_ip: true, security_groups: ["web"] },
      B: { host: "cmp-2", networks: ["BLUE"], security_groups: ["web", "ops"] },
      C: { host: "cmp-2", networks: ["BLUE"], security_groups: ["fast"] },
    },
    security_groups: {
      web: {
        rules: [
          { protocol: "tcp", port: 443, remote_address_group: "offices" },
          { protocol: "tcp", port: 443, ethertype: "IPv6", remote_address_group: "offices" },
          { protocol: "tcp", port: 443, remote_group: "ops" },
          { protocol: "tcp", port: 80, remote_address_group: "anywhere" },
          { direction: "egress", protocol: "udp", port: 53, remote_address_group: "nowhere" },
        ],
      },
      ops: { rules: [{ remote_address_group: "offices" }] },
      fast: { stateful: false, rules: [{ protocol: "tcp" }] },
    },
  },
  "VLAN networks alone": {
    name: "vlan-only",
    agent: { tunnel_types: [], host_dvr_for_dhcp: false },
    neutron: { tenant_network_type: "vlan", network_vlan_ranges: { physv: [200, 299] } },
    hosts: Object.fromEntries(
      ["net-1", "cmp-1", "cmp-2", "idle-1", "idle-2"].map((name, index) => [
        name,
        { agent_mode: index === 0 ? "dvr_snat" : "dvr", bridge_mappings: { extnet: "br-ex", physv: "br-vlan" } },
      ]),
    ),
    networks: {
      EXT: external,
      V: { subnets: { "SUB-V": { cidr: "10.81.0.0/24" } } },
      W: { subnets: { "SUB-W": { cidr: "10.82.0.0/24" } } },
    },
    routers: { R: { interfaces: ["SUB-V", "SUB-W"], external_gateway: "EXT" } },
    servers: {
      A: { host: "cmp-1", networks: ["V"], floating_ip: true },
      B: { host: "cmp-2", networks: ["V", "W"] },
      outside: { host: "cmp-1", networks: ["EXT"] },
    },
  },
  "hosts of every mode, networks of every type": {
    name: "every-mode",
    neutron: { network_vlan_ranges: { physv: [200, 299], extnet: [300, 310] } },
    hosts: {
      ...hosts(["net-1"], ["cmp-1"], { bridge_mappings: { extnet: "br-ex", physv: "br-vlan" } }),
      "cmp-2": { agent_mode: "dvr_no_external", local_ip: "192.0.2.3", bridge_mappings: { physv: "br-vlan" } },
      "old-1": {
        agent_mode: "legacy",
        local_ip: "192.0.2.4",
        bridge_mappings: { extnet: "br-ex", physv: "br-vlan" },
        agent: { enable_distributed_routing: false },
      },
      "old-2": {
        agent_mode: "legacy",
        local_ip: "192.0.2.5",
        dhcp_agent: false,
        bridge_mappings: { physv: "br-vlan" },
        agent: { enable_distributed_routing: false },
      },
    },
    networks: {
      EXT: external,
      EXTV: {
        "router:external": true,
        "provider:network_type": "vlan",
        "provider:physical_network": "extnet",
        subnets: { "SUB-EXTV": { cidr: "203.0.113.0/24", enable_dhcp: false } },
      },
      V: { "provider:network_type": "vlan", "provider:physical_network": "physv", subnets: { "SUB-V": { cidr: "10.81.0.0/24" } } },
      X: { dhcp_agents: ["old-1"], subnets: { "SUB-X": { cidr: "10.82.0.0/24" } } },
      F: { "provider:network_type": "flat", "provider:physical_network": "physv", subnets: { "SUB-F": { cidr: "10.83.0.0/24" } } },
      L: { subnets: { "SUB-L": { cidr: "10.84.0.0/24" }, "SUB-BARE": { cidr: "10.85.0.0/24", gateway_ip: null, enable_dhcp: false } } },
    },
    routers: {
      R: { interfaces: ["SUB-V", "SUB-X"], external_gateway: "EXT" },
      RV: { interfaces: ["SUB-F", { subnet: "SUB-X", ip_address: "10.82.0.250" }], external_gateway: "EXTV" },
      old: {
        distributed: false,
        host: "old-1",
        interfaces: ["SUB-L", { subnet: "SUB-V", ip_address: "10.81.0.250" }],
        external_gateway: "EXT",
      },
    },
    servers: {
      A: { host: "cmp-1", networks: ["V"], floating_ip: true },
      B: { host: "cmp-2", networks: ["V", "X"] },
      C: { host: "cmp-2", networks: ["F"], floating_ip: true },
      D: { host: "old-2", networks: ["V"] },
      E: { host: "old-1", networks: ["L"], floating_ip: true },
      G: { host: "net-1", networks: ["X"], floating_ip: "198.51.100.23" },
      H: { host: "cmp-1", networks: ["EXT", "F"] },
      I: { host: "cmp-1", networks: [{ network: "L", fixed_ips: [{ subnet: "SUB-L" }, { subnet: "SUB-BARE" }] }] },
    },
    ports: { free: { network: "V" } },
    floating_ips: { free: { network: "EXT", port: "free" } },
  },
};
