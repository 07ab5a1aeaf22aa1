import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const pools = (list: string, more = ""): string =>
  `networks: { blue: { subnets: { s: { cidr: 10.1.0.0/24, allocation_pools: [${list}], ${more} } } } }`;

it("accepts pools that use every address around the gateway", () => {
  expectSlugs(checkYaml(pools("{ start: 10.1.0.2, end: 10.1.0.100 }, { start: 10.1.0.101, end: 10.1.0.254 }")));
  expectSlugs(checkYaml(pools("{ start: 10.1.0.1, end: 10.1.0.254 }", "gateway_ip: null")));
  expectSlugs(checkYaml(pools("")));
});

it("refuses pools that leave the usable addresses", () => {
  expectSlugs(checkYaml(pools("{ start: 10.1.0.0, end: 10.1.0.9 }", "gateway_ip: null")), "pool-outside-subnet");
  expectSlugs(checkYaml(pools("{ start: 10.1.0.9, end: 10.1.0.255 }")), "pool-outside-subnet");
  expectSlugs(checkYaml(pools("{ start: 10.2.0.9, end: 10.2.0.10 }")), "pool-outside-subnet");
});

it("refuses pools that meet each other or the gateway", () => {
  expectSlugs(checkYaml(pools("{ start: 10.1.0.2, end: 10.1.0.9 }, { start: 10.1.0.9, end: 10.1.0.9 }")), "overlapping-pools");
  expectSlugs(checkYaml(pools("{ start: 10.1.0.1, end: 10.1.0.9 }")), "pool-contains-gateway");
});
