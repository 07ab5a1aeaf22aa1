import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const network = (type: string, more = ""): string => `
  agent: { tunnel_types: [vxlan, gre, geneve] }
  hosts: { node-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, bridge_mappings: { p: br-p } } }
  networks: { blue: { "provider:network_type": ${type}, ${more} } }
`;
const id = (value: number): string => `"provider:segmentation_id": ${value}`;
const physical = '"provider:physical_network": p';

it("accepts the ends of each range", () => {
  expectSlugs(checkYaml(network("vlan", `${physical}, ${id(1)}`)));
  expectSlugs(checkYaml(network("vlan", `${physical}, ${id(4094)}`)));
  expectSlugs(checkYaml(network("vxlan", id(16777215))));
  expectSlugs(checkYaml(network("gre", id(4294967295))));
});

it("refuses ids beyond them", () => {
  for (const value of [0, 4095]) expectSlugs(checkYaml(network("vlan", `${physical}, ${id(value)}`)), "segmentation-id-out-of-range");
  for (const type of ["vxlan", "geneve"]) expectSlugs(checkYaml(network(type, id(16777216))), "segmentation-id-out-of-range");
  expectSlugs(checkYaml(network("gre", id(0))), "segmentation-id-out-of-range");
});

it("wants a physical network where frames need one, and nowhere else", () => {
  expectSlugs(checkYaml(network("flat")), "missing-physical-network");
  expectSlugs(checkYaml(network("vlan", id(5))), "missing-physical-network");
  expectSlugs(checkYaml(network("vxlan", physical)), "unexpected-physical-network");
  expectSlugs(checkYaml(network("flat", `${physical}, ${id(5)}`)), "unexpected-segmentation-id");
});
