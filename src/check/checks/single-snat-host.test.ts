import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const cloud = (second: string, gateway: string): string => `
  hosts:
    network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1 }
    network-2: { agent_mode: ${second}, local_ip: 192.0.2.2 }
  networks: { x: { "router:external": true, subnets: { x4: { cidr: 203.0.113.0/24, enable_dhcp: false } } } }
  routers: { r1: { external_gateway_info: { network: x, ${gateway} } } }
`;

it("warns of one host for all SNAT, and only where there is SNAT", () => {
  expectSlugs(checkYaml(cloud("dvr", "")), "single-snat-host");
  expectSlugs(checkYaml(cloud("dvr_snat", "")));
  expectSlugs(checkYaml(cloud("dvr", "enable_snat: false")));
});
