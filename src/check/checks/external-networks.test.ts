import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const cloud = `
hosts:
  network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, bridge_mappings: { ext: br-ex } }
  network-2: { agent_mode: dvr_snat, local_ip: 192.0.2.2, bridge_mappings: { ext: br-ex } }
  compute-1: { agent_mode: dvr, local_ip: 192.0.2.3, bridge_mappings: { ext: br-ex } }
  compute-2: { agent_mode: dvr, local_ip: 192.0.2.4 }
networks:
  blue: { subnets: { blue-v4: { cidr: 10.1.0.0/24 } } }
  public:
    router:external: true
    provider:network_type: flat
    provider:physical_network: ext
    subnets:
      public-v4: { cidr: 203.0.113.0/24, enable_dhcp: false }
      agents-v4: { cidr: 198.51.100.0/24, enable_dhcp: false, service_types: ["network:floatingip_agent_gateway"] }
`;

it("wants external networks for gateways and floating IPs", () => {
  expectSlugs(checkYaml(`${cloud}routers: { r1: { external_gateway: public } }\nfloating_ips: { f: { network: public } }`));
  expectSlugs(checkYaml(`${cloud}routers: { r1: { external_gateway: blue } }`), "not-external-network");
  expectSlugs(checkYaml(`${cloud}floating_ips: { f: { network: blue } }`), "not-external-network");
});

it("wants a floating IP's address in its network", () => {
  expectSlugs(checkYaml(`${cloud}floating_ips: { f: { network: public, floating_ip_address: 192.0.2.9 } }`), "address-outside-subnet");
});
