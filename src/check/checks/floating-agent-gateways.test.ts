import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";
import { releases } from "../../releases/index.js";

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
const [newton] = releases;

const plain = cloud.replace(/ {6}agents-v4: .*\n/, "");
const router = "routers: { r1: { interfaces: [blue-v4], external_gateway: public } }\n";
const server = (more: string): string => `servers: { web: { host: compute-1, networks: [blue], ${more} } }`;

it("warns where fip namespaces take public addresses: on every DVR host, or with floating IPs only", () => {
  expectSlugs(checkYaml(plain + router + server("")), "fip-namespaces-take-addresses");
  expectSlugs(checkYaml(plain + router + server(""), newton));
  expectSlugs(checkYaml(plain + router + server("floating_ip: true"), newton), "fip-namespaces-take-addresses");
});

it("is silent with a subnet for them, and without fip namespaces", () => {
  expectSlugs(checkYaml(cloud + router + server("floating_ip: true")));
  expectSlugs(checkYaml(plain + router.replace("r1: {", "r1: { distributed: false,") + server("floating_ip: true")));
});
