import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { SubnetDeclaration } from "../../model/topology.js";
import { cidrLength, cidrNetwork, cidrRange, cidrsOverlap, cidrVersion, type Cidr } from "../../net/cidr.js";
import { makesAddresses } from "../facts.js";
import type { CheckContext } from "../context.js";

/** Longest prefixes that leave DHCP an address to give and one for itself. */
const longestForDhcp = { 4: 30, 6: 126 };
const multicast = { 4: "224.0.0.0/4" as Cidr, 6: "ff00::/8" as Cidr };
const loopback = { 4: "127.0.0.0/8" as Cidr, 6: "::1/128" as Cidr };

/**
 * Prefixes are such that Neutron can address ports in them.
 *
 * Source: Neutron `NeutronDbPluginV2._validate_subnet`, `_validate_eui64_applicable`, `IpamBackendMixin._validate_subnet_cidr`.
 */
export function* checkSubnetPrefixes({ topology, at }: CheckContext): Iterable<Diagnostic> {
  for (const subnet of topology.subnets.values()) {
    const { key, cidr, pointer } = subnet;
    const place = at(`${pointer}/cidr`);
    const holes = { subnet: `"${key}"`, cidr };
    const reason = subnet.enableDhcp ? dhcpFlawOf(cidr) : undefined;
    if (cidrLength(cidr) === 0) yield report("prefix-too-wide", holes, place);
    else if (cidrVersion(cidr) === 6 && cidrNetwork(cidr) === "::") yield report("ipv6-zero-prefix", holes, place);
    else if (reason !== undefined) yield report("prefix-unfit-for-dhcp", { ...holes, reason }, place);
    if (needs64(subnet)) yield report("slaac-prefix-length", holes, place);
  }
}

function needs64(subnet: SubnetDeclaration): boolean {
  return cidrVersion(subnet.cidr) === 6 && makesAddresses(subnet) && cidrLength(subnet.cidr) !== 64;
}

function dhcpFlawOf(cidr: Cidr): string | undefined {
  const version = cidrVersion(cidr);
  if (cidrLength(cidr) > longestForDhcp[version]) return `it is longer than /${longestForDhcp[version]}`;
  if (cidrsOverlap(cidr, multicast[version])) return "it is multicast";
  if (cidrsOverlap(cidr, loopback[version])) return "it is loopback";
  return version === 4 && cidrRange(cidr)[0] === 0n ? "it starts at 0.0.0.0" : undefined;
}
