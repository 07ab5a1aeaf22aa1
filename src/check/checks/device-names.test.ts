import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const host = (more: string): string => `hosts: { node-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, ${more} } }`;

it("accepts a bridge of 15 bytes with an uplink", () => {
  expectSlugs(checkYaml(host("bridge_mappings: { p: br-456789abcdef }, uplinks: { br-456789abcdef: eth1 }")));
});

it("refuses what Linux does not take for a device, or what is not safe in a file's name", () => {
  for (const name of ["br-456789abcdef0", "a/b", "a b", "a:b", "..", "\u00a0x", "-x", "*", "$(x)", "\u540d"]) {
    expectSlugs(checkYaml(host(`bridge_mappings: { p: "${name}" }`)), "bad-device-name");
  }
  expectSlugs(checkYaml(host("bridge_mappings: { p: br-ex }, uplinks: { br-ex: a-very-long-device }")), "bad-device-name");
});

it("gives each physical network a bridge of its own, which is none of the agent's", () => {
  expectSlugs(checkYaml(host("bridge_mappings: { p: br-ex, q: br-ex }")), "bridge-mapped-twice");
  expectSlugs(checkYaml(host("bridge_mappings: { p: br-tun }")), "reserved-bridge");
});

it("refuses an uplink of a bridge that no physical network has", () => {
  expectSlugs(checkYaml(host("uplinks: { br-ex: eth1 }")), "unmapped-uplink");
});
