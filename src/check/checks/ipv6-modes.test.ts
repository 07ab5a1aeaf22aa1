import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const subnet = (more: string): string => `networks: { blue: { subnets: { s: { ${more} } } } }`;

it("accepts equal modes, and either alone", () => {
  for (const mode of [
    "ipv6_ra_mode: slaac",
    "ipv6_address_mode: slaac",
    "ipv6_ra_mode: dhcpv6-stateful, ipv6_address_mode: dhcpv6-stateful",
  ]) {
    expectSlugs(checkYaml(subnet(`cidr: "2001:db8::/64", ${mode}`)));
  }
});

it("refuses modes of IPv4, without DHCP, and that differ", () => {
  expectSlugs(checkYaml(subnet("cidr: 10.1.0.0/24, ipv6_address_mode: slaac")), "ipv6-mode-on-ipv4");
  expectSlugs(checkYaml(subnet('cidr: "2001:db8::/64", enable_dhcp: false, ipv6_address_mode: slaac')), "ipv6-mode-without-dhcp");
  expectSlugs(checkYaml(subnet('cidr: "2001:db8::/64", ipv6_ra_mode: slaac, ipv6_address_mode: dhcpv6-stateful')), "ipv6-modes-differ");
});
