import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const subnet = (more: string): string => `networks: { blue: { subnets: { s: { ${more} } } } }`;

it("accepts the longest prefixes that DHCP can serve, and longer ones without it", () => {
  expectSlugs(checkYaml(subnet("cidr: 10.1.0.0/30")));
  expectSlugs(checkYaml(subnet('cidr: "2001:db8::/126"')));
  expectSlugs(checkYaml(subnet("cidr: 10.1.0.0/31, enable_dhcp: false, gateway_ip: null")));
  expectSlugs(checkYaml(subnet("cidr: 10.1.0.0/32, enable_dhcp: false, gateway_ip: null")));
});

it("refuses DHCP on prefixes that it cannot serve", () => {
  for (const cidr of ["10.1.0.0/31", "2001:db8::/127", "224.0.1.0/24", "ff05::/64", "127.0.0.0/8", "0.0.0.0/8"]) {
    expectSlugs(checkYaml(subnet(`cidr: "${cidr}", gateway_ip: null`)), "prefix-unfit-for-dhcp");
  }
});

it("refuses every address and the unspecified prefix", () => {
  expectSlugs(checkYaml(subnet("cidr: 10.0.0.0/0, enable_dhcp: false, gateway_ip: null")), "prefix-too-wide");
  expectSlugs(checkYaml(subnet('cidr: "::/64"')), "ipv6-zero-prefix");
});

it("wants a /64 where addresses are made from MACs", () => {
  for (const mode of ["slaac", "dhcpv6-stateless"]) {
    expectSlugs(checkYaml(subnet(`cidr: "2001:db8::/63", ipv6_address_mode: ${mode}`)), "slaac-prefix-length");
  }
  expectSlugs(checkYaml(subnet('cidr: "2001:db8::/63", ipv6_address_mode: dhcpv6-stateful')));
});
