import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const subnets = (...cidrs: readonly string[]): string =>
  `networks: { blue: { subnets: { ${cidrs.map((cidr, index) => `s${index}: { cidr: "${cidr}", enable_dhcp: false }`).join(", ")} } } }`;

it("accepts neighbours, and one prefix on two networks", () => {
  expectSlugs(checkYaml(subnets("10.1.0.0/25", "10.1.0.128/25", "2001:db8::/64")));
  expectSlugs(checkYaml("networks: { a: { subnets: { s: { cidr: 10.1.0.0/24 } } }, b: { subnets: { s: { cidr: 10.1.0.0/24 } } } }"));
});

it("names each subnet that overlaps another, once", () => {
  expectSlugs(checkYaml(subnets("10.1.0.0/24", "10.1.0.0/24")), "overlapping-subnets");
  expectSlugs(checkYaml(subnets("10.1.0.0/28", "10.0.0.0/8", "10.1.0.32/28")), "overlapping-subnets", "overlapping-subnets");
});
