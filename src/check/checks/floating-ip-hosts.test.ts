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

const server = (host: string): string => `${cloud}routers: { r1: { interfaces: [blue-v4], external_gateway: public } }
servers: { web: { host: ${host}, networks: [blue], floating_ip: 203.0.113.9 } }`;

it("wants external access on the host that carries a floating IP, and says so once", () => {
  expectSlugs(checkYaml(server("compute-1")));
  expectSlugs(checkYaml(server("compute-2")), "floating-ip-host-without-external");
  expectSlugs(checkYaml(server("compute-2"), newton), "floating-ip-host-without-external");
});

it("leaves the floating IPs of dvr_no_external hosts, and of centralised routers, to the network host", () => {
  expectSlugs(checkYaml(server("compute-2").replace("compute-2: { agent_mode: dvr,", "compute-2: { agent_mode: dvr_no_external,")));
  expectSlugs(checkYaml(server("compute-2").replace("r1: {", "r1: { distributed: false,")));
});
