import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("wants the DHCP agents that a network names to be there and to carry it", () => {
  const cloud = (agents: string): string => `
    hosts:
      node-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1 }
      compute-1: { agent_mode: dvr, local_ip: 192.0.2.2 }
    networks: { blue: { dhcp_agents: ${agents}, provider:network_type: gre, subnets: { s: { cidr: 10.1.0.0/24 } } } }
  `;
  const agent = "    agent: { tunnel_types: [vxlan, gre] }";
  expectSlugs(checkYaml("\n" + agent + cloud("[node-1]")));
  expectSlugs(checkYaml("\n" + agent + cloud("[]")));
  expectSlugs(checkYaml("\n" + agent + cloud("[compute-1]")), "unfit-dhcp-host");
  expectSlugs(checkYaml("\n" + agent + cloud("[node-2]")), "unknown-host");
  expectSlugs(checkYaml(cloud("[node-1]")), "unfit-dhcp-host");
});

it("warns of a network with DHCP that no agent can serve", () => {
  const cloud = (dhcp: boolean, enabled: boolean): string => `
    hosts: { compute-1: { agent_mode: dvr, local_ip: 192.0.2.1, dhcp_agent: ${String(dhcp)} } }
    networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24, enable_dhcp: ${String(enabled)} } } } }
  `;
  expectSlugs(checkYaml(cloud(false, true)), "no-dhcp-host");
  expectSlugs(checkYaml(cloud(true, true)));
  expectSlugs(checkYaml(cloud(false, false)));
});
