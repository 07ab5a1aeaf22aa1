import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const gateway = (cidr: string, address: string): string =>
  `networks: { blue: { subnets: { s: { cidr: "${cidr}", enable_dhcp: false, gateway_ip: "${address}", allocation_pools: [] } } } }`;

it("refuses an IPv4 gateway at either end of the prefix", () => {
  expectSlugs(checkYaml(gateway("10.1.0.0/24", "10.1.0.0")), "gateway-unusable");
  expectSlugs(checkYaml(gateway("10.1.0.0/24", "10.1.0.255")), "gateway-unusable");
  expectSlugs(checkYaml(gateway("10.1.0.0/24", "10.1.0.254")));
  expectSlugs(checkYaml(gateway("2001:db8::/64", "2001:db8::")));
});

it("warns of a gateway outside the prefix, which Neutron accepts", () => {
  expectSlugs(checkYaml(gateway("10.1.0.0/24", "10.1.1.1")), "gateway-outside-subnet");
});
