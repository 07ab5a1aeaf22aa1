import { it } from "vitest";
import { defined } from "../../base/invariant.js";
import { findRelease } from "../../releases/index.js";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const cloud = (driver: string): string => `
hosts: { node: { agent_mode: dvr_snat, local_ip: 192.0.2.1, agent: { firewall_driver: ${driver} } } }
address_groups: { offices: { addresses: [192.0.2.0/24] } }
security_groups: { web: { rules: [{ remote_address_group: offices }, { remote_group: web }] } }
`;

it("warns of rules that match more than they say", () => {
  expectSlugs(checkYaml(cloud("iptables_hybrid"), defined(findRelease("zed"), "zed")), "address-group-passed-over");
});

it("is content with another driver, and once the driver knows address groups", () => {
  expectSlugs(checkYaml(cloud("openvswitch"), defined(findRelease("zed"), "zed")));
  expectSlugs(checkYaml(cloud("iptables_hybrid"), defined(findRelease("2025.1"), "2025.1")));
});
