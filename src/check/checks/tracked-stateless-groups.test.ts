import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const groups = (driver: string): string => `
agent: { firewall_driver: ${driver} }
security_groups: { fast: { stateful: false }, faster: { stateful: false }, web: {} }
`;

it("warns of each stateless group where a driver tracks it", () => {
  expectSlugs(checkYaml(groups("openvswitch")), "stateless-group-tracked", "stateless-group-tracked");
});

it("says nothing where the driver knows stateless groups, or there is none", () => {
  expectSlugs(checkYaml(groups("iptables_hybrid")));
  expectSlugs(checkYaml(groups("noop")));
});
