import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { cidrVersion } from "../../net/cidr.js";
import type { CheckContext } from "../context.js";

/** Address modes are for IPv6 subnets with DHCP, and agree. Source: Neutron `NeutronDbPluginV2._validate_ipv6_attributes`. */
export function* checkIpv6Modes({ topology, at, atMember }: CheckContext): Iterable<Diagnostic> {
  for (const { key, cidr, pointer, enableDhcp, ipv6RaMode: ra, ipv6AddressMode: address } of topology.subnets.values()) {
    const attribute = ra !== undefined ? "ipv6_ra_mode" : "ipv6_address_mode";
    if (ra === undefined && address === undefined) continue;
    const subnet = `"${key}"`;
    if (cidrVersion(cidr) === 4) {
      yield report("ipv6-mode-on-ipv4", { subnet, attribute, cidr }, at(`${pointer}/${attribute}`, "key"));
      continue;
    }
    if (!enableDhcp) {
      const related = [{ at: atMember(pointer, "enable_dhcp"), message: "DHCP is turned off here." }];
      yield report("ipv6-mode-without-dhcp", { subnet, attribute }, at(`${pointer}/${attribute}`, "key"), { related });
    }
    if (ra !== undefined && address !== undefined && ra !== address) {
      yield report("ipv6-modes-differ", { subnet, ra, address }, at(`${pointer}/ipv6_address_mode`));
    }
  }
}
