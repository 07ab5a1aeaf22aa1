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

const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }\n";
const server = "servers: { web: { networks: [{ network: blue, fixed_ips: [{ ip_address: 10.1.0.5 }, { ip_address: 10.1.0.6 }] }] } }\n";
const floating = (more: string): string => `${cloud}${router}${server}floating_ips: { f: { network: public, server: web, ${more} } }`;

it("wants to be told which of several addresses is meant, and that the port has it", () => {
  expectSlugs(checkYaml(floating("fixed_ip_address: 10.1.0.6")));
  expectSlugs(checkYaml(floating("")), "floating-ip-ambiguous-address");
  expectSlugs(checkYaml(floating("fixed_ip_address: 10.1.0.7")), "floating-ip-wrong-address");
});

it("wants a router from the port's subnet to the floating IP's network", () => {
  const wish = "servers: { web: { networks: [blue], floating_ip: 203.0.113.9 } }";
  expectSlugs(checkYaml(`${cloud}${router}${wish}`));
  expectSlugs(checkYaml(`${cloud}${wish}`), "floating-ip-unreachable");
  expectSlugs(checkYaml(`${cloud}routers: { r1: { interfaces: [blue-v4] } }\n${wish}`), "floating-ip-unreachable");
});

it("says nothing of missing routers while routers have errors of their own", () => {
  const wish = "servers: { web: { networks: [blue], floating_ip: 203.0.113.9 } }";
  expectSlugs(checkYaml(`${cloud}routers: { r1: { interfaces: [blue-v5], external_gateway: public } }\n${wish}`), "unknown-subnet");
});

it("allows one floating IP for each address and network", () => {
  const second =
    "floating_ips: { f: { network: public, server: web, fixed_ip_address: 10.1.0.5 }, g: { network: public, server: web, fixed_ip_address: ";
  expectSlugs(checkYaml(`${cloud}${router}${server}${second}10.1.0.6 } }`));
  expectSlugs(checkYaml(`${cloud}${router}${server}${second}10.1.0.5 } }`), "address-already-floating");
});
