import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("warns of a network with DHCP that no agent can serve", () => {
  const cloud = (dhcp: boolean, enabled: boolean): string => `
    hosts: { compute-1: { agent_mode: dvr, local_ip: 192.0.2.1, dhcp_agent: ${String(dhcp)} } }
    networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24, enable_dhcp: ${String(enabled)} } } } }
  `;
  expectSlugs(checkYaml(cloud(false, true)), "no-dhcp-host");
  expectSlugs(checkYaml(cloud(true, true)));
  expectSlugs(checkYaml(cloud(false, false)));
});
