import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("keeps the name default for the project's own group, in any letter case", () => {
  expectSlugs(checkYaml("security_groups: { default: {}, web: {} }"));
  expectSlugs(checkYaml("security_groups: { DEFAULT: {} }"), "reserved-group-name");
  expectSlugs(checkYaml("security_groups: { web: { name: default } }"), "reserved-group-name");
});
