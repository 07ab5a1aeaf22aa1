import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const networks = (first: string, second: string): string => `
  agent: { tunnel_types: [vxlan, gre] }
  hosts: { node-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, bridge_mappings: { p: br-p, q: br-q } } }
  networks:
    a: { ${first} }
    b: { ${second} }
`;
const vlan = (physical: string): string =>
  `"provider:network_type": vlan, "provider:physical_network": ${physical}, "provider:segmentation_id": 7`;
const flat = (physical: string): string => `"provider:network_type": flat, "provider:physical_network": ${physical}`;

it("accepts one id in different kinds of segments", () => {
  expectSlugs(checkYaml(networks('"provider:segmentation_id": 7', '"provider:network_type": gre, "provider:segmentation_id": 7')));
  expectSlugs(checkYaml(networks(vlan("p"), vlan("q"))));
  expectSlugs(checkYaml(networks(vlan("p"), flat("p"))));
});

it("refuses one segment of two networks, the type named or not", () => {
  expectSlugs(
    checkYaml(networks('"provider:segmentation_id": 7', '"provider:network_type": vxlan, "provider:segmentation_id": 7')),
    "segmentation-id-in-use",
  );
  expectSlugs(checkYaml(networks(vlan("p"), vlan("p"))), "segmentation-id-in-use");
  expectSlugs(checkYaml(networks(flat("p"), flat("p"))), "flat-network-in-use");
});
