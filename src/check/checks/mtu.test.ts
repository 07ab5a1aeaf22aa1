import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

it("wants 1280 bytes for IPv6 and nothing for IPv4", () => {
  const network = (mtu: number, cidr: string): string => `networks: { blue: { mtu: ${mtu}, subnets: { s: { cidr: "${cidr}" } } } }`;
  expectSlugs(checkYaml(network(1279, "2001:db8::/64")), "mtu-too-small");
  expectSlugs(checkYaml(network(1280, "2001:db8::/64")));
  expectSlugs(checkYaml(network(576, "10.1.0.0/24")));
});
