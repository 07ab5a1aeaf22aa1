import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { cidrVersion } from "../../net/cidr.js";
import type { CheckContext } from "../context.js";

/** Smallest MTU of a link that carries IPv6, in bytes. Source: RFC 8200, section 5. */
const ipv6Minimum = 1280;

/** Networks with IPv6 subnets carry its smallest packet. Source: Neutron `NeutronDbPluginV2._validate_subnet_network_mtu`. */
export function* checkMtu({ topology, at }: CheckContext): Iterable<Diagnostic> {
  for (const { key, mtu, subnets, pointer } of topology.networks.values()) {
    if (mtu === undefined || mtu >= ipv6Minimum) continue;
    const subnet = subnets.find(({ cidr }) => cidrVersion(cidr) === 6);
    if (subnet === undefined) continue;
    const related = [{ at: at(`${subnet.pointer}/cidr`), message: "The IPv6 subnet is here." }];
    yield report("mtu-too-small", { network: key, mtu, subnet: `"${subnet.key}"` }, at(`${pointer}/mtu`), { related });
  }
}
