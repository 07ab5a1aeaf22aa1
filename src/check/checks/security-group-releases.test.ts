import { it } from "vitest";
import { defined } from "../../base/invariant.js";
import { findRelease } from "../../releases/index.js";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const groups = `
agent: { firewall_driver: noop }
address_groups: { offices: { addresses: [192.0.2.0/24] } }
security_groups: { web: { stateful: false, rules: [{ remote_address_group: offices }] } }
`;

it("takes stateless groups and remote address groups where the release has them", () => {
  expectSlugs(checkYaml(groups, defined(findRelease("zed"), "zed")));
});

it("refuses both where it has not, since without them other packets would pass", () => {
  expectSlugs(checkYaml(groups, defined(findRelease("newton"), "newton")), "group-not-in-release", "group-not-in-release");
});
