import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { cidrBroadcast, cidrContains, cidrNetwork, cidrVersion } from "../../net/cidr.js";
import type { CheckContext } from "../context.js";

/**
 * A subnet's gateway is an address that a device can have.
 *
 * Source: Neutron `ipam.utils.check_gateway_invalid_in_subnet`, which accepts gateways outside the prefix.
 */
export function* checkGateways({ topology, at, atMember }: CheckContext): Iterable<Diagnostic> {
  for (const { key, cidr, gatewayIp: address, pointer } of topology.subnets.values()) {
    if (address === undefined) continue;
    const subnet = `"${key}"`;
    const place = atMember(pointer, "gateway_ip", "cidr");
    if (!cidrContains(cidr, address)) {
      const related = [{ at: at(`${pointer}/cidr`), message: "The prefix is here." }];
      yield report("gateway-outside-subnet", { address, subnet, cidr }, place, { related });
    } else if (cidrVersion(cidr) === 4 && (address === cidrNetwork(cidr) || address === cidrBroadcast(cidr))) {
      const kind = address === cidrNetwork(cidr) ? "network" : "broadcast";
      yield report("gateway-unusable", { address, subnet, kind, cidr }, place);
    }
  }
}
