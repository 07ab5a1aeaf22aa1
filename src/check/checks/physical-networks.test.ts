import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";
import { releases } from "../../releases/index.js";

const [newton] = releases;

const network = (more: string, top = "", host = "bridge_mappings: { p: br-p }"): string => `
  hosts: { node-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, ${host} } }
  ${top}
  networks: { blue: { ${more} } }
`;
const vlan = '"provider:network_type": vlan, "provider:physical_network": p';

it("takes a VLAN from the range of the named physical network, or of the first", () => {
  expectSlugs(checkYaml(network(vlan, "neutron: { network_vlan_ranges: { p: [100, 199] } }")));
  expectSlugs(checkYaml(network("", "neutron: { tenant_network_type: vlan, network_vlan_ranges: { p: [100, 199] } }")));
});

it("refuses a VLAN network that no range serves", () => {
  expectSlugs(checkYaml(network(vlan)), "no-vlan-range");
  expectSlugs(checkYaml(network(vlan, "neutron: { network_vlan_ranges: { q: [100, 199] } }")), "no-vlan-range");
  expectSlugs(checkYaml(network("", "neutron: { tenant_network_type: vlan }")), "no-vlan-range");
  expectSlugs(checkYaml(network('"provider:network_type": vlan, "provider:physical_network": __proto__')), "no-vlan-range");
});

it("refuses a physical network that nobody maps, but for an external one where the L3 agent plugs in itself", () => {
  const flat = '"provider:network_type": flat, "provider:physical_network": q, "router:external": true';
  expectSlugs(checkYaml(network(flat)), "unmapped-physical-network");
  expectSlugs(checkYaml(network(flat, "", "external_network_bridge: br-ex"), newton));
});
